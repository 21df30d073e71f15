package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.wire.request.NeededHints;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final Pattern GENERATION = Pattern.compile("gemini-(\\d{1,4})(?:[.-].*)?");
    /** The first generation that is told a level of thought instead of a budget, and insists on its signatures. */
    private static final int LEVELS_SINCE = 3;

    private final ChatContent content;
    private final String model;
    private final Set<String> dropped = new TreeSet<>();
    private final ObjectNode root = Trees.object();
    private final ObjectNode config = Trees.object();

    RequestWriter(ChatRequest request) throws GatewayException {
        this.content = request.content();
        this.model = request.model();
    }

    /** Hints that were left out, by name; known after {@link #write}. */
    Set<String> dropped() {
        return dropped;
    }

    /** @throws GatewayException UNSUPPORTED naming what this language has no word for */
    byte[] write() throws GatewayException {
        new ContentsWriter(root, dropped, generation() >= LEVELS_SINCE).write(content.messages());
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
        return Trees.bytes(root);
    }

    private void drop(String name, @Nullable Object value) {
        if (value != null) {
            dropped.add(name);
        }
    }

    /** A name that tells no generation, such as that of a newer family, is a new one. */
    private int generation() {
        Matcher named = GENERATION.matcher(model.substring(model.lastIndexOf('/') + 1));
        if (named.matches()) {
            return Integer.parseInt(named.group(1));
        }
        return model.contains("gemini") && !model.contains("gemma") ? LEVELS_SINCE : 0;
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
        ObjectNode thinking = config.putObject("thinkingConfig");
        Long budget = reasoning.budgetTokens();
        String effort = reasoning.effort();
        boolean none = (budget != null && budget == 0) || "none".equals(effort);
        if (budget != null && generation() < LEVELS_SINCE) {
            thinking.put("thinkingBudget", inRange(budget));
        } else if (budget != null) {
            effort(thinking, budget <= 0 ? "none" : budget <= 2048 ? "low" : budget <= 8192 ? "medium" : "high");
        } else if (effort != null) {
            effort(thinking, effort.toLowerCase(Locale.ROOT));
        }
        if (reasoning.visible() != null) {
            thinking.put("includeThoughts", reasoning.visible());
        } else if (!none) {
            thinking.put("includeThoughts", true);
        }
    }

    /** The budgets are those Google's own translation of {@code reasoning_effort} takes. */
    private void effort(ObjectNode thinking, String effort) {
        if (generation() >= LEVELS_SINCE) {
            thinking.put(
                    "thinkingLevel",
                    switch (effort) {
                        // These cannot be kept from thinking at all; Pro models know no level below low.
                        case "none", "minimal" -> model.contains("pro") ? "low" : "minimal";
                        case "low", "medium" -> effort;
                        default -> "high";
                    });
            return;
        }
        thinking.put(
                "thinkingBudget",
                inRange(
                        switch (effort) {
                            case "none" -> 0;
                            case "minimal", "low" -> 1024;
                            case "medium" -> 8192;
                            default -> 24_576;
                        }));
    }

    /** What is out of a model's range it refuses. Dated: November 2026, Google's page on thinking, Gemini 2.5. */
    private long inRange(long budget) {
        boolean pro = model.contains("pro");
        // Pro cannot be kept from thinking.
        long least = pro ? 128 : budget > 0 && model.contains("lite") ? 512 : 0;
        return Math.clamp(budget, least, pro ? 32_768 : 24_576);
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
