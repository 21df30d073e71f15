package dev.thanosgateway.provider.omen;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import dev.thanosgateway.wire.request.NeededHints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A request as Omen takes it. It knows few of OpenAI's fields, reads over the others, and refuses the whole request for
 * the wrong form of one: content that is null, a {@code tool_choice} that is a word, a function without parameters, a
 * tag that is no string. What is needed and cannot be said is UNSUPPORTED, what is a hint is left out and named.
 *
 * @param request to be written in OpenAI's language
 * @param dropped names of hints
 */
record OmenRequest(ChatRequest request, Set<String> dropped) {
    /** Omen passes requests to vendors of all kinds. All of them know functions. */
    private static final ModelTraits FUNCTIONS = ModelTraits.UNKNOWN.with(Trait.TOOL_TYPES, List.of("function"));

    private static final Json NO_PARAMETERS = new Json("{\"type\":\"object\",\"properties\":{}}");

    static OmenRequest of(ChatRequest asked) throws GatewayException {
        ChatContent said = asked.content();
        checkNeeds(said);
        Set<String> dropped = dropped(said);
        ChatContent content = ChatContent.builder()
                .messages(messages(said.messages()))
                .tools(said.toolChoice() instanceof ToolChoice.None ? List.of() : tools(said.tools()))
                .toolChoice(choice(said))
                .sampling(sampling(said.sampling()))
                .maxOutputTokens(said.maxOutputTokens())
                .stop(said.stop())
                .hints("openai", extensions(asked.extensions(), dropped))
                .build();
        ChatRequest request = ChatRequest.builder(asked.model()).stream(asked.stream())
                .content(content)
                .build();
        return new OmenRequest(request.withTarget(asked.model(), FUNCTIONS), dropped);
    }

    private static void checkNeeds(ChatContent said) throws GatewayException {
        boolean shaped = said.responseFormat() != null && !(said.responseFormat() instanceof ResponseFormat.Text);
        refuse(said.choices() > 1, "n", "more than one answer");
        refuse(said.topLogprobs() != null, "logprobs", "log probabilities");
        refuse(shaped, "response_format", "a form its answer must have");
        String needed = NeededHints.first(said, "omen");
        refuse(needed != null, String.valueOf(needed), "what another vendor means by it");
    }

    private static void refuse(boolean wanted, String field, String what) throws GatewayException {
        if (wanted) {
            throw unsupported(field, what);
        }
    }

    private static GatewayException unsupported(String field, String what) {
        return new GatewayException(
                        ErrorKind.UNSUPPORTED,
                        "Omen has no word for " + what + ". Leave " + field + " out, or ask another provider.")
                .withParameter(field);
    }

    private static Set<String> dropped(ChatContent said) {
        Set<String> names = new TreeSet<>(said.hints().keySet());
        Sampling sampling = said.sampling();
        note(names, "seed", sampling.seed() != null);
        note(names, "top_k", sampling.topK() != null);
        note(names, "logit_bias", !sampling.logitBias().isEmpty());
        note(names, "user", said.user() != null);
        note(names, "reasoning_effort", said.reasoning() != null);
        note(names, "parallel_tool_calls", Boolean.FALSE.equals(said.parallelToolCalls()));
        return names;
    }

    private static void note(Set<String> names, String name, boolean there) {
        if (there) {
            names.add(name);
        }
    }

    private static Sampling sampling(Sampling said) {
        return Sampling.builder()
                .temperature(said.temperature())
                .topP(said.topP())
                .presencePenalty(said.presencePenalty())
                .frequencyPenalty(said.frequencyPenalty())
                .build();
    }

    private static List<Message> messages(List<Message> said) throws GatewayException {
        List<Message> messages = new ArrayList<>();
        for (Message message : said) {
            Role role = message.role() == Role.DEVELOPER ? Role.SYSTEM : message.role();
            messages.add(Message.of(role, parts(message.parts()))
                    .withName(message.name())
                    .withHints(message.hints()));
        }
        return messages;
    }

    private static List<Part> parts(List<Part> said) throws GatewayException {
        List<Part> parts = new ArrayList<>();
        for (Part part : said) {
            if (part instanceof Part.Audio || part instanceof Part.Document || part instanceof Part.Other) {
                throw unsupported("messages", "a part that is neither text nor an image");
            }
            parts.add(part instanceof Part.Refusal refusal ? new Part.Text(refusal.text()) : part);
        }
        return parts;
    }

    private static List<Tool> tools(List<Tool> said) {
        return said.stream()
                .map(tool -> tool.parameters() != null
                        ? tool
                        : Tool.function(tool.name(), tool.description(), NO_PARAMETERS)
                                .withStrict(tool.strict()))
                .toList();
    }

    /** Only a named function can be said; to choose freely is what happens where nothing is. */
    private static @Nullable ToolChoice choice(ChatContent said) throws GatewayException {
        ToolChoice choice = said.toolChoice();
        if (choice instanceof ToolChoice.Required) {
            if (said.tools().size() != 1) {
                throw unsupported("tool_choice", "a call that must be of any of several tools");
            }
            return new ToolChoice.Named(said.tools().get(0).name());
        }
        return choice instanceof ToolChoice.Named ? choice : null;
    }

    /** Its own fields go along: {@code omen} as it is, {@code tags} with strings only. */
    private static Map<String, Json> extensions(Map<String, Json> said, Set<String> dropped) {
        Map<String, Json> extensions = new HashMap<>(said);
        extensions.keySet().retainAll(Set.of("omen", "tags"));
        extensions.computeIfPresent("tags", (name, tags) -> flat(tags));
        note(dropped, "tags", said.containsKey("tags") && !extensions.containsKey("tags"));
        return extensions;
    }

    /** Null where they are no object. */
    private static @Nullable Json flat(Json tags) {
        JsonOut out = new JsonOut().beginObject();
        try {
            for (Map.Entry<String, Value> tag : Value.of(tags).members().entrySet()) {
                Value value = tag.getValue();
                out.name(tag.getKey())
                        .value(value.isString() ? value.text() : value.json().text());
            }
        } catch (JsonException e) {
            return null;
        }
        return new Json(out.endObject().toString());
    }
}
