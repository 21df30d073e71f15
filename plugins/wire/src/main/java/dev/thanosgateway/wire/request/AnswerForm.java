package dev.thanosgateway.wire.request;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The form an answer must have, as its model can be held to it.
 *
 * @param format null = the model is held to nothing
 * @param words a further instruction; null = none
 */
record AnswerForm(@Nullable ResponseFormat format, @Nullable String words) {
    private static final String FIELD = "response_format";
    private static final Pattern JSON = Pattern.compile("json", Pattern.CASE_INSENSITIVE);
    private static final Json ANY_OBJECT = new Json("{\"type\":\"object\"}");

    /**
     * @param dropped takes the name of what the answer is no longer held to
     * @throws GatewayException UNSUPPORTED if the model can be held neither to a schema nor to JSON
     */
    static AnswerForm of(ChatContent content, ModelTraits traits, String model, Set<String> dropped)
            throws GatewayException {
        ResponseFormat asked = content.responseFormat();
        if (!isRefused(asked, traits)) {
            boolean silent = asked instanceof ResponseFormat.JsonObject
                    && traits.flag(Trait.JSON_WORD, false)
                    && !saysJson(content);
            return new AnswerForm(asked, silent ? SchemaWords.anyObject() : null);
        }
        boolean schemas = traits.flag(Trait.SCHEMAS, true);
        if (!schemas && !traits.flag(Trait.JSON_OBJECTS, true)) {
            throw ModelFit.unsupported(FIELD, "cannot be held to JSON", model);
        }
        if (asked instanceof ResponseFormat.JsonSchema schema) {
            if (!Boolean.FALSE.equals(schema.strict())) {
                dropped.add(FIELD + ".strict");
            }
            boolean object = SchemaWords.isOfObject(schema.schema());
            return new AnswerForm(
                    object ? new ResponseFormat.JsonObject() : null, SchemaWords.matching(schema.schema()));
        }
        return new AnswerForm(new ResponseFormat.JsonSchema("answer", null, ANY_OBJECT, null), SchemaWords.anyObject());
    }

    /** Whether a model is known not to take this form. */
    private static boolean isRefused(@Nullable ResponseFormat asked, ModelTraits traits) {
        return (asked instanceof ResponseFormat.JsonSchema && !traits.flag(Trait.SCHEMAS, true))
                || (asked instanceof ResponseFormat.JsonObject && !traits.flag(Trait.JSON_OBJECTS, true));
    }

    private static boolean saysJson(ChatContent content) {
        return content.messages().stream()
                .flatMap(message -> message.parts().stream())
                .anyMatch(part -> part instanceof Part.Text text
                        && JSON.matcher(text.text()).find());
    }

    /** The messages with the words behind the instructions they begin with. */
    List<Message> told(List<Message> messages) {
        if (words == null) {
            return messages;
        }
        List<Message> all = new ArrayList<>(messages);
        int behind = 0;
        while (behind < all.size() && instructs(all.get(behind))) {
            behind++;
        }
        if (behind == 0) {
            all.add(0, Message.text(Role.SYSTEM, words));
        } else {
            all.set(behind - 1, with(all.get(behind - 1), words));
        }
        return all;
    }

    private static boolean instructs(Message message) {
        return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
    }

    /** Some vendors take one instruction only, and only as one text. */
    private static Message with(Message instruction, String words) {
        List<Part> parts = new ArrayList<>(instruction.parts());
        int last = parts.size() - 1;
        if (last >= 0
                && parts.get(last) instanceof Part.Text text
                && !text.text().isBlank()) {
            parts.set(last, new Part.Text(text.text() + "\n\n" + words, text.hints()));
        } else {
            parts.add(new Part.Text(words, Map.of()));
        }
        return Message.of(instruction.role(), parts)
                .withName(instruction.name())
                .withHints(instruction.hints());
    }
}
