package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.request.ModelFit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes a chat request from its content. Hints are written if they are this dialect's, nested ones never. */
final class RequestWriter {
    private static final Set<String> WOVEN_IN = Set.of("tools", "stream_options");

    /** The hints of Responses that chat completions have too, with their names here. */
    private static final Map<String, String> OF_RESPONSES = Map.of(
            "text.verbosity", "verbosity",
            "service_tier", "service_tier",
            "safety_identifier", "safety_identifier",
            "prompt_cache_key", "prompt_cache_key",
            "prompt_cache_retention", "prompt_cache_retention");

    /** Where hints stand that no message here has. */
    private static final String MESSAGES = "messages.";

    /** How much thought can be asked for, in OpenAI's words. */
    private static final Set<String> EFFORTS = Set.of("none", "minimal", "low", "medium", "high", "xhigh");

    private final JsonWriter json = new JsonWriter(4096);
    private final ChatRequest request;
    private final ChatContent content;
    private final Quirks quirks;
    private final ModelTraits traits;
    private final Map<String, Json> hints;
    private final Set<String> customs;

    private RequestWriter(ChatRequest request, ChatContent content, Quirks quirks) {
        this.request = request;
        this.content = content;
        this.quirks = quirks;
        this.traits = request.traits();
        this.hints = hints(content);
        this.customs = ToolTypes.customs(content, traits);
    }

    /** The hints of this language, by their names in it. */
    private static Map<String, Json> hints(ChatContent content) {
        Map<String, Json> own = new TreeMap<>();
        if (ChatOriginal.DIALECT.equals(content.hintsDialect())) {
            own.putAll(content.hints());
        } else if (ResponsesContent.HINTS.equals(content.hintsDialect())) {
            OF_RESPONSES.forEach((theirs, ours) -> {
                Json said = content.hints().get(theirs);
                if (said != null) {
                    own.put(ours, said);
                }
            });
        }
        return own;
    }

    /** @throws GatewayException UNSUPPORTED naming what this language has no word for */
    static byte[] write(ChatRequest request, ChatContent content, Quirks quirks) throws GatewayException {
        return new RequestWriter(request, content, quirks).write();
    }

    /** What is left out, by name: hints of other languages, what OpenAI has no word for, what the model refuses. */
    static Set<String> dropped(ModelFit fit) {
        ChatContent content = fit.content();
        Set<String> names = besides(content);
        names.addAll(fit.dropped());
        if (!ChatOriginal.DIALECT.equals(content.hintsDialect())) {
            names.addAll(content.hints().keySet());
        }
        if (ResponsesContent.HINTS.equals(content.hintsDialect())) {
            names.removeAll(OF_RESPONSES.keySet());
        }
        Reasoning reasoning = content.reasoning();
        if (reasoning != null && unknown(reasoning)) {
            names.add("reasoning_effort");
        }
        if (content.sampling().topK() != null) {
            names.add("top_k");
        }
        return names;
    }

    /** The names of hints beside messages, parts and tools, which are never written. */
    static Set<String> besides(ChatContent content) {
        Set<String> names = new TreeSet<>();
        content.tools().forEach(tool -> name("tools.", tool.hints(), names));
        for (Message message : content.messages()) {
            name(MESSAGES, message.hints(), names);
            nested(message.parts(), names);
        }
        return names;
    }

    private static void nested(List<Part> parts, Set<String> names) {
        for (Part part : parts) {
            name(MESSAGES, part.hints(), names);
            if (part instanceof Part.ToolResult result) {
                nested(result.content(), names);
            }
        }
    }

    private static void name(String place, Map<String, Json> hints, Set<String> names) {
        hints.keySet().forEach(name -> names.add(place + name));
    }

    private byte[] write() throws GatewayException {
        json.beginObject().name("model").value(request.model());
        new MessageWriter(json, traits, quirks.nullContent(), customs).write(content.messages());
        if (request.stream()) {
            json.name("stream").value(true);
            streamOptions();
        }
        limits();
        sampling(content.sampling());
        tools();
        if (content.responseFormat() != null) {
            TypedJson.nested(json.name("response_format")).format(content.responseFormat());
        }
        hints.forEach((name, value) -> {
            if (!WOVEN_IN.contains(name)) {
                json.name(name).value(value);
            }
        });
        return json.endObject().toBytes();
    }

    private void streamOptions() {
        if (quirks.streamOptions(traits)) {
            json.name("stream_options").beginObject().name("include_usage").value(true);
            inside(hints.get("stream_options"));
            json.endObject();
        }
    }

    private void limits() {
        json.member("n", content.choices() == 1 ? null : content.choices());
        json.member(quirks.maxTokensField(traits), content.maxOutputTokens());
        if (!content.stop().isEmpty()) {
            json.name("stop").beginArray();
            content.stop().forEach(json::value);
            json.endArray();
        }
        Integer top = content.topLogprobs();
        if (top != null) {
            json.name("logprobs").value(true);
            json.member("top_logprobs", top == 0 ? null : top);
        }
        if (content.user() != null) {
            json.name("user").value(content.user());
        }
        String effort = ModelFit.effort(effort(content.reasoning()), traits);
        if (effort != null) {
            json.name("reasoning_effort").value(effort);
        }
    }

    /** Whether an effort is a word that OpenAI does not have. */
    static boolean unknown(Reasoning reasoning) {
        return reasoning.effort() != null && effort(reasoning) == null;
    }

    /** A budget in tokens becomes the effort that is nearest to it, and others' word for the most the one here. */
    static @Nullable String effort(@Nullable Reasoning reasoning) {
        if (reasoning == null) {
            return null;
        }
        String word = reasoning.effort();
        if (word != null) {
            return word.equals("max") ? "xhigh" : EFFORTS.contains(word) ? word : null;
        }
        Long budget = reasoning.budgetTokens();
        if (budget == null) {
            return null;
        }
        return budget <= 0 ? "none" : budget <= 2048 ? "low" : budget <= 8192 ? "medium" : "high";
    }

    private void sampling(Sampling sampling) {
        json.member("temperature", sampling.temperature());
        json.member("top_p", sampling.topP());
        json.member("presence_penalty", sampling.presencePenalty());
        json.member("frequency_penalty", sampling.frequencyPenalty());
        json.member("seed", sampling.seed());
        if (!sampling.logitBias().isEmpty()) {
            json.name("logit_bias").beginObject();
            new TreeMap<>(sampling.logitBias()).forEach(json::member);
            json.endObject();
        }
    }

    private void tools() {
        Json others = hints.get("tools");
        if (content.tools().isEmpty() && others == null) {
            // Servers refuse tool fields in a request without tools.
            return;
        }
        json.name("tools").beginArray();
        content.tools().forEach(TypedJson.nested(json).with(customs)::tool);
        inside(others);
        json.endArray();
        ToolChoice choice = content.toolChoice();
        if (choice != null) {
            TypedJson.nested(json.name("tool_choice")).with(customs).choice(choice);
        }
        if (content.parallelToolCalls() != null) {
            json.name("parallel_tool_calls").value(content.parallelToolCalls().booleanValue());
        }
    }

    /** The members or elements of {@code value}, without the brackets round them. */
    private void inside(@Nullable Json value) {
        if (value == null) {
            return;
        }
        byte[] bytes = value.text().getBytes(StandardCharsets.UTF_8);
        JsonReader reader = JsonReader.lenient(bytes, 0, bytes.length);
        try {
            if (reader.peek() == '[') {
                reader.enterArray();
                while (reader.nextElement()) {
                    json.value(reader.json());
                }
            } else {
                reader.enterObject();
                while (reader.nextMember()) {
                    String name = reader.name();
                    json.name(name).value(reader.json());
                }
            }
        } catch (JsonException e) {
            throw new IllegalArgumentException("a hint that is no JSON", e);
        }
    }
}
