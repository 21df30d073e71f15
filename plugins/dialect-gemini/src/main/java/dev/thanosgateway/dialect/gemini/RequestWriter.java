package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.wire.request.ModelFit;
import dev.thanosgateway.wire.request.NeededHints;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a chat request from its content, and notes the hints that have no counterpart here. For one request. */
final class RequestWriter {
    /** A field that asks for what is done here anyway. */
    private static final Set<String> MOOT = Set.of("stream_options");

    private static final String CONFIG = "generationConfig";
    private static final String NONE = "none";

    /** The budget by which a model chooses for itself. */
    private static final int DYNAMIC = -1;

    private final ChatContent content;
    private final ModelTraits traits;
    private final Set<String> dropped;
    private final ObjectNode root = Trees.object();
    private final ObjectNode config = Trees.object();

    RequestWriter(ChatRequest request, ModelFit fit) {
        this.content = fit.content();
        this.dropped = new TreeSet<>(fit.dropped());
        this.traits = request.traits();
    }

    /** Hints that were left out, by name; known after {@link #write}. */
    Set<String> dropped() {
        return dropped;
    }

    /** @throws GatewayException UNSUPPORTED naming what this language has no word for */
    byte[] write() throws GatewayException {
        return Trees.bytes(tree());
    }

    /** @throws GatewayException UNSUPPORTED naming what this language has no word for */
    ObjectNode tree() throws GatewayException {
        new ContentsWriter(root, dropped, traits.flag(Trait.SIGNED, false)).write(content.messages());
        tools();
        toolChoice(content.toolChoice());
        sampling(content.sampling());
        limits();
        format(content.responseFormat());
        thinking(content.reasoning());
        drop("user", content.user());
        // It may always make several at once.
        drop("parallel_tool_calls", Boolean.FALSE.equals(content.parallelToolCalls()) ? content : null);
        hints();
        if (!config.isEmpty()) {
            root.set(CONFIG, config);
        }
        return root;
    }

    private void drop(String name, @Nullable Object value) {
        if (value != null) {
            dropped.add(name);
        }
    }

    private void tools() {
        if (content.tools().isEmpty()) {
            return;
        }
        ArrayNode functions = root.putArray("tools").addObject().putArray("functionDeclarations");
        for (Tool tool : content.tools()) {
            ObjectNode function = functions.addObject().put("name", tool.name());
            if (tool.description() != null) {
                function.put("description", tool.description());
            }
            Json parameters = tool.parameters();
            if (parameters != null) {
                JsonNode schema = SchemaWriter.write(parameters);
                // A function without parameters must not have a schema without properties.
                if (!schema.path("properties").isEmpty() || schema.size() > 2) {
                    function.set("parametersJsonSchema", schema);
                }
            }
            drop("tools.strict", Boolean.TRUE.equals(tool.strict()) ? tool : null);
            tool.hints().forEach((name, value) -> {
                if (Set.of("response", "responseJsonSchema", "behavior").contains(name)) {
                    function.set(name, Trees.read(value.text()));
                } else {
                    dropped.add("tools." + name);
                }
            });
        }
    }

    private void toolChoice(@Nullable ToolChoice choice) throws GatewayException {
        if (choice == null || content.tools().isEmpty()) {
            return;
        }
        ObjectNode calling = root.putObject("toolConfig").putObject("functionCallingConfig");
        switch (choice) {
            case ToolChoice.Auto c -> calling.put("mode", "AUTO");
            case ToolChoice.None c -> calling.put("mode", "NONE");
            case ToolChoice.Required c -> calling.put("mode", "ANY");
            case ToolChoice.Named c ->
                calling.put("mode", "ANY").putArray("allowedFunctionNames").add(c.name());
            default -> throw unsupported("tool_choice");
        }
    }

    private void sampling(Sampling sampling) {
        put("temperature", sampling.temperature());
        put("topP", sampling.topP());
        if (sampling.topK() != null) {
            config.put("topK", sampling.topK());
        }
        Long seed = sampling.seed();
        if (seed != null) {
            // The field has 32 bits; the same seed must stay the same.
            config.put("seed", seed == seed.intValue() ? seed.intValue() : Long.hashCode(seed));
        }
        put("presencePenalty", sampling.presencePenalty());
        put("frequencyPenalty", sampling.frequencyPenalty());
        drop("logit_bias", sampling.logitBias().isEmpty() ? null : sampling);
    }

    private void put(String name, @Nullable Double value) {
        if (value != null) {
            config.put(name, value);
        }
    }

    private void limits() {
        if (content.maxOutputTokens() != null) {
            config.put("maxOutputTokens", content.maxOutputTokens());
        }
        if (!content.stop().isEmpty()) {
            ArrayNode stop = config.putArray("stopSequences");
            content.stop().forEach(stop::add);
        }
        if (content.choices() > 1) {
            config.put("candidateCount", content.choices());
        }
        Integer top = content.topLogprobs();
        if (top != null) {
            config.put("responseLogprobs", true);
            if (top > 0) {
                config.put("logprobs", top);
            }
        }
    }

    private void format(@Nullable ResponseFormat format) throws GatewayException {
        switch (format) {
            case null -> {}
            case ResponseFormat.Text f -> {}
            case ResponseFormat.JsonObject f -> config.put("responseMimeType", "application/json");
            case ResponseFormat.JsonSchema f -> {
                config.put("responseMimeType", "application/json");
                config.set("responseJsonSchema", SchemaWriter.write(f.schema()));
            }
            default -> throw unsupported("response_format");
        }
    }

    private void thinking(@Nullable Reasoning reasoning) {
        if (reasoning == null) {
            return;
        }
        ObjectNode thinking = Trees.object();
        Long budget = reasoning.budgetTokens();
        String effort = reasoning.effort();
        boolean none = (budget != null && budget == 0) || NONE.equals(effort);
        if (traits.is(Trait.THINKING, "level")) {
            String level = level(effort, budget);
            if (level != null) {
                thinking.put("thinkingLevel", level);
            }
        } else {
            thinking.put("thinkingBudget", budget(effort, budget));
        }
        if (reasoning.visible() != null) {
            thinking.put("includeThoughts", reasoning.visible());
        } else if (!none) {
            thinking.put("includeThoughts", true);
        }
        if (!thinking.isEmpty()) {
            config.set("thinkingConfig", thinking);
        }
    }

    /** The nearest level that the model knows; null = its own choice. */
    private @Nullable String level(@Nullable String effort, @Nullable Long budget) {
        String word = effort == null ? null : effort.toLowerCase(Locale.ROOT);
        if (word == null && budget != null) {
            word = budget == 0 ? NONE : budget <= 2048 ? "low" : budget <= 8192 ? "medium" : "high";
        }
        // Where the levels are not known, thought cannot be switched off by them.
        boolean unknown = traits.list(Trait.EFFORT) == null;
        return ModelFit.effort(unknown && NONE.equals(word) ? "minimal" : word, traits);
    }

    /** The budgets that stand for efforts are those of Google's own translation of {@code reasoning_effort}. */
    private long budget(@Nullable String effort, @Nullable Long budget) {
        if (effort == null && budget == null) {
            return DYNAMIC;
        }
        long asked = budget != null
                ? budget
                : switch (effort == null ? NONE : effort.toLowerCase(Locale.ROOT)) {
                    case NONE -> 0;
                    case "minimal", "low" -> 1024;
                    case "medium" -> 8192;
                    default -> 24_576;
                };
        return asked == 0 && traits.flag(Trait.THINKING_OFF, true) ? 0 : traits.budget(asked);
    }

    /** Fields the model has no word for: written if they are this language's, else left out or impossible. */
    private void hints() throws GatewayException {
        boolean own = GeminiOriginal.DIALECT.equals(content.hintsDialect());
        String needed = NeededHints.first(content, GeminiOriginal.DIALECT);
        if (needed != null) {
            throw unsupported(needed);
        }
        for (Map.Entry<String, Json> hint : content.hints().entrySet()) {
            String name = hint.getKey();
            if (own) {
                own(name, hint.getValue());
            } else if (!MOOT.contains(name)) {
                dropped.add(name);
            }
        }
    }

    private void own(String name, Json value) {
        JsonNode node;
        try {
            node = Trees.read(value.text());
        } catch (JacksonException e) {
            throw new IllegalArgumentException("a hint that is no JSON", e);
        }
        int dot = name.indexOf('.');
        if (dot < 0) {
            root.set(name, node);
        } else if (name.startsWith(CONFIG)) {
            config.set(name.substring(dot + 1), node);
        } else {
            String parent = name.substring(0, dot);
            ObjectNode inside = root.get(parent) instanceof ObjectNode known ? known : root.putObject(parent);
            inside.set(name.substring(dot + 1), node);
        }
    }

    static GatewayException unsupported(String field) {
        return new GatewayException(
                        ErrorKind.UNSUPPORTED,
                        "This form of \"" + field + "\" has no counterpart in Gemini's API. Leave it out, or name "
                                + "another provider's model.")
                .withParameter(field);
    }
}
