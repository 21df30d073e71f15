package dev.thanosgateway.tck;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code request.json}: a chat as a provider is given it, in OpenAI's words and a few more, see {@link Messages}
 * for the messages. A field nobody knows is an error of the cassette.
 *
 * <ul>
 *   <li>{@code model}, {@code stream}, {@code messages}, {@code n}, {@code user}
 *   <li>{@code tools}, whose other fields are hints; {@code tool_choice}: {@code auto}, {@code none},
 *       {@code required}, or an object that names one; {@code parallel_tool_calls}
 *   <li>{@code temperature}, {@code top_p}, {@code top_k}, {@code presence_penalty}, {@code frequency_penalty},
 *       {@code seed}, {@code logit_bias}
 *   <li>{@code max_tokens} or {@code max_completion_tokens}; {@code stop}, one or a list; {@code logprobs} and
 *       {@code top_logprobs}
 *   <li>{@code response_format}: {@code text}, {@code json_object}, {@code json_schema}
 *   <li>{@code reasoning}: {@code effort} or {@code budget_tokens}, and {@code visible}
 *   <li>{@code hints}: an object with one language's name, and below it that language's own fields
 *   <li>{@code extensions}: the gateway's own fields
 * </ul>
 */
final class Requests {
    private static final Set<String> KNOWN = Set.of(
            "model",
            "stream",
            "messages",
            "n",
            "user",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "temperature",
            "top_p",
            "top_k",
            "presence_penalty",
            "frequency_penalty",
            "seed",
            "logit_bias",
            "max_tokens",
            "max_completion_tokens",
            "stop",
            "logprobs",
            "top_logprobs",
            "response_format",
            "reasoning",
            "hints",
            "extensions");

    private Requests() {}

    static ChatRequest read(JsonNode json) {
        only(json, KNOWN);
        return ChatRequest.builder(json.path("model").asString()).stream(
                        json.path("stream").asBoolean(false))
                .streamUsage(true)
                .extensions(values(json.path("extensions"), Set.of()))
                .content(content(json))
                .build();
    }

    /** @throws AssertionError naming a field that is not in {@code known} */
    static void only(JsonNode json, Set<String> known) {
        json.propertyNames().forEach(name -> {
            if (!known.contains(name)) {
                throw new AssertionError("request.json has the unknown field " + name + ".");
            }
        });
    }

    /** The members of an object but for {@code without}, as the api carries JSON. */
    static Map<String, Json> values(JsonNode object, Set<String> without) {
        Map<String, Json> values = new LinkedHashMap<>();
        object.properties().forEach(one -> {
            if (!without.contains(one.getKey())) {
                values.put(one.getKey(), new Json(one.getValue().toString()));
            }
        });
        return values;
    }

    /** What {@code read} makes of a member; null = there is none. */
    static <T> @Nullable T optional(JsonNode json, String name, Function<JsonNode, T> read) {
        return json.has(name) ? read.apply(json.get(name)) : null;
    }

    private static ChatContent content(JsonNode json) {
        List<Tool> tools = new ArrayList<>();
        json.path("tools").forEach(tool -> tools.add(tool(tool)));
        ChatContent.Builder content = ChatContent.builder()
                .messages(Messages.read(json.path("messages")))
                .tools(tools)
                .toolChoice(optional(json, "tool_choice", Requests::toolChoice))
                .parallelToolCalls(optional(json, "parallel_tool_calls", JsonNode::asBoolean))
                .sampling(sampling(json))
                .maxOutputTokens(optional(
                        json, json.has("max_tokens") ? "max_tokens" : "max_completion_tokens", JsonNode::asLong))
                .stop(stop(json.path("stop")))
                .choices(json.path("n").asInt(1))
                .responseFormat(optional(json, "response_format", Requests::format))
                .reasoning(optional(json, "reasoning", Requests::reasoning))
                .topLogprobs(
                        json.path("logprobs").asBoolean(false)
                                ? json.path("top_logprobs").asInt(0)
                                : null)
                .user(optional(json, "user", JsonNode::asString));
        json.path("hints")
                .properties()
                .forEach(language -> content.hints(language.getKey(), values(language.getValue(), Set.of())));
        return content.build();
    }

    private static List<String> stop(JsonNode stop) {
        List<String> all = new ArrayList<>();
        if (stop.isString()) {
            all.add(stop.asString());
        }
        stop.forEach(one -> all.add(one.asString()));
        return all;
    }

    private static Sampling sampling(JsonNode json) {
        Map<String, Double> bias = new LinkedHashMap<>();
        json.path("logit_bias")
                .properties()
                .forEach(one -> bias.put(one.getKey(), one.getValue().asDouble()));
        return Sampling.builder()
                .temperature(optional(json, "temperature", JsonNode::asDouble))
                .topP(optional(json, "top_p", JsonNode::asDouble))
                .topK(optional(json, "top_k", JsonNode::asInt))
                .presencePenalty(optional(json, "presence_penalty", JsonNode::asDouble))
                .frequencyPenalty(optional(json, "frequency_penalty", JsonNode::asDouble))
                .seed(optional(json, "seed", JsonNode::asLong))
                .logitBias(bias)
                .build();
    }

    private static Tool tool(JsonNode tool) {
        if (tool.has("custom")) {
            JsonNode custom = tool.path("custom");
            only(custom, Set.of("name", "description", "format"));
            JsonNode grammar = custom.path("format").path("grammar");
            return Tool.custom(
                    custom.path("name").asString(),
                    optional(custom, "description", JsonNode::asString),
                    grammar.isMissingNode()
                            ? null
                            : new Tool.Grammar(
                                    grammar.path("syntax").asString(),
                                    grammar.path("definition").asString()));
        }
        JsonNode function = tool.path("function");
        only(function, Set.of("name", "description", "parameters", "strict"));
        return Tool.function(
                        function.path("name").asString(),
                        optional(function, "description", JsonNode::asString),
                        optional(function, "parameters", Requests::json))
                .withStrict(optional(function, "strict", JsonNode::asBoolean))
                .withHints(values(tool, Set.of("type", "function")));
    }

    private static ToolChoice toolChoice(JsonNode choice) {
        if (choice.isObject()) {
            return new ToolChoice.Named(choice.path("function").path("name").asString());
        }
        return switch (choice.asString()) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            default -> throw new AssertionError("request.json has the unknown tool_choice " + choice + ".");
        };
    }

    private static ResponseFormat format(JsonNode format) {
        return switch (format.path("type").asString()) {
            case "text" -> new ResponseFormat.Text();
            case "json_object" -> new ResponseFormat.JsonObject();
            case "json_schema" -> {
                JsonNode schema = format.path("json_schema");
                only(schema, Set.of("name", "description", "schema", "strict"));
                yield new ResponseFormat.JsonSchema(
                        schema.path("name").asString(),
                        optional(schema, "description", JsonNode::asString),
                        json(schema.path("schema")),
                        optional(schema, "strict", JsonNode::asBoolean));
            }
            default -> throw new AssertionError("request.json has the unknown response_format " + format + ".");
        };
    }

    private static Reasoning reasoning(JsonNode reasoning) {
        only(reasoning, Set.of("effort", "budget_tokens", "visible"));
        Reasoning asked = reasoning.has("effort")
                ? Reasoning.effort(reasoning.path("effort").asString())
                : Reasoning.budget(reasoning.path("budget_tokens").asLong());
        return asked.withVisible(optional(reasoning, "visible", JsonNode::asBoolean));
    }

    private static Json json(JsonNode node) {
        return new Json(node.toString());
    }
}
