package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import dev.thanosgateway.wire.request.ModelFit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a chat as a request for a response that is not stored, from its content. Hints of chat completions are written
 * where Responses have them too, nested ones never.
 */
final class ResponsesRequestWriter {
    /** Hints of chat completions that have the same name and meaning here. */
    private static final Set<String> SHARED = Set.of(
            "metadata",
            "moderation",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention",
            "safety_identifier",
            "service_tier",
            "store",
            "stream_options");

    /** Hints that are written in other words. */
    private static final Set<String> REWORDED = Set.of("tool_choice", "verbosity", "web_search_options");

    /** Hints that ask for another answer, not for a better one: nothing may just leave them out. */
    private static final List<String> NEEDED =
            List.of("tools", "function_call", "response_format", "audio", "modalities");

    private final JsonWriter json = new JsonWriter(4096);
    private final ChatRequest request;
    private final ChatContent content;
    private final Map<String, Json> hints;
    private final Map<String, Json> own;
    private final Set<String> customs;

    private ResponsesRequestWriter(ChatRequest request, ChatContent content) {
        this.request = request;
        this.content = content;
        this.hints = hints(content);
        this.own = own(content);
        this.customs = ToolTypes.customs(content, request.traits());
    }

    /** The hints of a request that was one for a response, by their names in it. */
    private static Map<String, Json> own(ChatContent content) {
        boolean same = ResponsesContent.HINTS.equals(content.hintsDialect());
        return new TreeMap<>(same ? content.hints() : Map.of());
    }

    /** Whether such a hint is written: not what was left out of the input, and no tools that the endpoint does not know. */
    private static boolean written(String name, ModelTraits traits) {
        boolean tool = name.startsWith(ResponsesTools.HOSTED);
        return tool
                ? ToolTypes.takes(traits, name.substring(ResponsesTools.HOSTED.length()))
                : !name.startsWith(ResponsesContent.LEFT);
    }

    /** The hints of this language, by their names in chat completions. */
    private static Map<String, Json> hints(ChatContent content) {
        boolean own = ChatOriginal.DIALECT.equals(content.hintsDialect());
        return new TreeMap<>(own ? content.hints() : Map.of());
    }

    /** @throws GatewayException UNSUPPORTED naming what Responses have no word for */
    static byte[] write(ChatRequest request, ChatContent content) throws GatewayException {
        return new ResponsesRequestWriter(request, content).write();
    }

    /** What is left out, by name. */
    static Set<String> dropped(ModelFit fit, ModelTraits traits) {
        ChatContent content = fit.content();
        Set<String> names = RequestWriter.besides(content);
        names.addAll(fit.dropped());
        names.addAll(content.hints().keySet());
        for (String name : hints(content).keySet()) {
            if (SHARED.contains(name) || REWORDED.contains(name)) {
                names.remove(name);
            }
        }
        own(content).keySet().stream().filter(name -> written(name, traits)).forEach(names::remove);
        Reasoning reasoning = content.reasoning();
        if (reasoning != null && RequestWriter.unknown(reasoning)) {
            names.add("reasoning_effort");
        }
        if (content.messages().stream().anyMatch(message -> message.name() != null)) {
            names.add("messages.name");
        }
        Sampling sampling = content.sampling();
        name("top_k", sampling.topK(), names);
        name("seed", sampling.seed(), names);
        name("presence_penalty", sampling.presencePenalty(), names);
        name("frequency_penalty", sampling.frequencyPenalty(), names);
        name("logit_bias", sampling.logitBias().isEmpty() ? null : sampling, names);
        return names;
    }

    private static void name(String name, @Nullable Object value, Set<String> names) {
        if (value != null) {
            names.add(name);
        }
    }

    private byte[] write() throws GatewayException {
        refuse("n", content.choices() > 1, "Several answers to one request");
        refuse("stop", !content.stop().isEmpty(), "A sequence that ends the answer");
        for (String name : NEEDED) {
            refuse(name, hints.containsKey(name), "This form of \"" + name + '"');
        }
        json.beginObject().name("model").value(request.model());
        new InputWriter(json, customs).write(content.messages());
        if (request.stream()) {
            json.name("stream").value(true);
        } else {
            hints.remove("stream_options");
        }
        if (!hints.containsKey("store") && !own.containsKey("store")) {
            json.name("store").value(false);
        }
        include();
        settings();
        try {
            tools();
        } catch (JsonException e) {
            throw new IllegalArgumentException("a hint that is no JSON", e);
        }
        text();
        hints.forEach((name, value) -> {
            if (SHARED.contains(name)) {
                json.name(name).value(value);
            }
        });
        own.forEach((name, value) -> {
            if (name.indexOf('.') < 0) {
                json.name(name).value(value);
            }
        });
        return json.endObject().toBytes();
    }

    private static void refuse(String field, boolean said, String what) throws GatewayException {
        if (said) {
            throw new GatewayException(
                            ErrorKind.UNSUPPORTED,
                            what + " is nothing OpenAI's Responses have a word for, and this provider has the model"
                                    + " there only. Leave \"" + field + "\" out, or ask another model.")
                    .withParameter(field);
        }
    }

    /** Nothing is kept there, so what was thought must come along to be sent back. */
    private void include() {
        boolean thoughts = !List.of().equals(request.traits().list(Trait.EFFORT));
        Integer top = content.topLogprobs();
        if (thoughts || top != null) {
            json.name("include").beginArray();
            if (thoughts) {
                json.value("reasoning.encrypted_content");
            }
            if (top != null) {
                json.value(ResponsesContent.LOGPROBS);
            }
            json.endArray();
        }
        json.member("top_logprobs", top != null && top == 0 ? null : top);
    }

    private void settings() {
        json.member("max_output_tokens", content.maxOutputTokens());
        json.member("temperature", content.sampling().temperature());
        json.member("top_p", content.sampling().topP());
        if (content.user() != null) {
            json.name("user").value(content.user());
        }
        Reasoning reasoning = content.reasoning();
        String effort = ModelFit.effort(RequestWriter.effort(reasoning), request.traits());
        boolean visible = reasoning != null && Boolean.TRUE.equals(reasoning.visible());
        Map<String, Json> beside = within("reasoning.");
        if (effort != null || visible || !beside.isEmpty()) {
            json.name("reasoning").beginObject();
            if (effort != null) {
                json.name("effort").value(effort);
            }
            if (visible && !beside.containsKey("summary")) {
                json.name("summary").value("auto");
            }
            beside.forEach((name, value) -> json.name(name).value(value));
            json.endObject();
        }
    }

    /** The hints whose names begin so, by the rest of their names. */
    private Map<String, Json> within(String start) {
        Map<String, Json> inside = new TreeMap<>();
        own.forEach((name, value) -> {
            if (name.startsWith(start) && written(name, request.traits())) {
                inside.put(name.substring(start.length()), value);
            }
        });
        return inside;
    }

    private void tools() throws GatewayException, JsonException {
        Json search = hints.get("web_search_options");
        Map<String, Json> hosted = within(ResponsesTools.HOSTED);
        if (!content.tools().isEmpty() || search != null || !hosted.isEmpty()) {
            json.name("tools").beginArray();
            content.tools().forEach(TypedJson.flat(json).with(customs)::tool);
            for (Json all : hosted.values()) {
                for (Value one : Value.of(all).elements()) {
                    json.value(one.json());
                }
            }
            if (search != null) {
                // The one kind that every model that searches knows, those of deep research too.
                json.beginObject().name("type").value("web_search_preview");
                TypedJson.flattenMembers(Value.of(search), json);
                json.endObject();
            }
            json.endArray();
        }
        Json allowed = hints.get("tool_choice");
        if (content.toolChoice() != null) {
            TypedJson.flat(json.name("tool_choice")).with(customs).choice(content.toolChoice());
        } else if (allowed != null) {
            Value said = Value.of(allowed);
            refuse("tool_choice", !said.isObject(), "This form of \"tool_choice\"");
            TypedJson.flatten(said, json.name("tool_choice"));
        }
        if (content.parallelToolCalls() != null) {
            json.name("parallel_tool_calls").value(content.parallelToolCalls().booleanValue());
        }
    }

    private void text() {
        Json verbosity = hints.get("verbosity");
        Map<String, Json> beside = within("text.");
        if (content.responseFormat() != null || verbosity != null || !beside.isEmpty()) {
            json.name("text").beginObject();
            if (content.responseFormat() != null) {
                TypedJson.flat(json.name("format")).format(content.responseFormat());
            }
            if (verbosity != null) {
                json.name("verbosity").value(verbosity);
            }
            beside.forEach((name, value) -> json.name(name).value(value));
            json.endObject();
        }
    }
}
