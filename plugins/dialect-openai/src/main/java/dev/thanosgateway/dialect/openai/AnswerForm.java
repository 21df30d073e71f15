package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the form of an answer is requested from a model that cannot be held to a schema: as a JSON object, if the schema is
 * of one, and by an instruction that has the schema.
 */
final class AnswerForm {
    private AnswerForm() {}

    /** The content with a form that the model takes. */
    static ChatContent fitted(ChatContent content, ModelTraits traits) {
        Message instruction = instruction(content.responseFormat(), traits);
        if (instruction == null) {
            return content;
        }
        List<Message> messages = new ArrayList<>(content.messages());
        messages.add(0, instruction);
        return content.toBuilder()
                .messages(messages)
                .responseFormat(of(content.responseFormat(), traits))
                .build();
    }

    /** The form to request; null = none. */
    static @Nullable ResponseFormat of(@Nullable ResponseFormat asked, ModelTraits traits) {
        if (!isRefused(asked, traits)) {
            return asked;
        }
        return isInWords(asked, traits) ? null : new ResponseFormat.JsonObject();
    }

    /** Whether only the instruction can request it. */
    static boolean isInWords(@Nullable ResponseFormat asked, ModelTraits traits) {
        return isRefused(asked, traits) && asked instanceof ResponseFormat.JsonSchema schema && !isOfObject(schema);
    }

    /** What the model is told; null = it takes the form as it is. */
    static @Nullable Message instruction(@Nullable ResponseFormat asked, ModelTraits traits) {
        return isRefused(asked, traits) && asked instanceof ResponseFormat.JsonSchema schema
                ? Message.text(
                        Role.SYSTEM,
                        "Answer with one JSON value that matches this JSON Schema: " + schema.schema()
                                + ", and with nothing before or after it.")
                : null;
    }

    private static boolean isRefused(@Nullable ResponseFormat asked, ModelTraits traits) {
        return asked instanceof ResponseFormat.JsonSchema && !traits.flag(Trait.SCHEMAS, true);
    }

    private static boolean isOfObject(ResponseFormat.JsonSchema asked) {
        try {
            Value type = Value.of(asked.schema()).members().get("type");
            return type != null && type.isString() && type.text().equals("object");
        } catch (JsonException e) {
            return false;
        }
    }
}
