package dev.thanosgateway.host.grpc;

import static dev.thanosgateway.host.grpc.JsonFields.invalid;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.proto.ChatRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a chat request of the protocol; every refusal is INVALID_REQUEST and names the field. */
final class RequestReader {
    /** As OpenAI's. */
    private static final int MAX_CHOICES = 128;

    private final ChatRequest in;

    private RequestReader(ChatRequest in) {
        this.in = in;
    }

    static dev.thanosgateway.api.chat.ChatRequest read(ChatRequest in) throws GatewayException {
        return new RequestReader(in).request();
    }

    private dev.thanosgateway.api.chat.ChatRequest request() throws GatewayException {
        String model = in.getModel().isEmpty() ? "auto" : in.getModel();
        if (model.isBlank()) {
            throw invalid("model", "model is blank: name one as provider/model, or leave it out to mean auto.");
        }
        Map<String, Json> extensions = in.hasExtensionsJson()
                ? JsonFields.members("extensions_json", in.getExtensionsJson())
                : Map.<String, Json>of();
        return dev.thanosgateway.api.chat.ChatRequest.builder(model).stream(in.getStream())
                .streamUsage(true)
                .fallbacks(in.getFallbacksList())
                .extensions(extensions)
                .content(content())
                .build();
    }

    private ChatContent content() throws GatewayException {
        ChatContent.Builder out = ChatContent.builder()
                .messages(messages())
                .tools(tools())
                .toolChoice(toolChoice())
                .parallelToolCalls(in.hasParallelToolCalls() ? in.getParallelToolCalls() : null)
                .sampling(sampling())
                .maxOutputTokens(in.hasMaxTokens() ? atLeastOne("max_tokens", in.getMaxTokens()) : null)
                .stop(in.getStopList())
                .choices(choices())
                .responseFormat(responseFormat())
                .reasoning(reasoning())
                .topLogprobs(topLogprobs())
                .user(in.hasUser() ? in.getUser() : null);
        if (in.hasHints()) {
            if (in.getHints().getDialect().isEmpty()) {
                throw invalid("hints.dialect", "hints.dialect is empty: say whose field names hints.json has.");
            }
            out.hints(
                    in.getHints().getDialect(),
                    JsonFields.members("hints.json", in.getHints().getJson()));
        }
        return out.build();
    }

    private List<Message> messages() throws GatewayException {
        if (in.getMessagesCount() == 0) {
            throw invalid("messages", "messages is empty: send at least one.");
        }
        List<Message> out = new ArrayList<>(in.getMessagesCount() + 1);
        if (in.hasSystem()) {
            out.add(Message.text(Role.SYSTEM, in.getSystem()));
        }
        for (int i = 0; i < in.getMessagesCount(); i++) {
            out.add(MessageReader.read("messages[" + i + "]", in.getMessages(i)));
        }
        return out;
    }

    private List<Tool> tools() throws GatewayException {
        List<Tool> out = new ArrayList<>(in.getToolsCount());
        for (int i = 0; i < in.getToolsCount(); i++) {
            dev.thanosgateway.proto.Tool tool = in.getTools(i);
            String field = "tools[" + i + "]";
            if (tool.getName().isEmpty()) {
                throw invalid(field + ".name", field + ".name is empty: the model calls a tool by its name.");
            }
            out.add(Tool.function(
                            tool.getName(),
                            tool.hasDescription() ? tool.getDescription() : null,
                            tool.hasParametersJson()
                                    ? JsonFields.object(field + ".parameters_json", tool.getParametersJson())
                                    : null)
                    .withStrict(tool.hasStrict() ? tool.getStrict() : null)
                    .withHints(
                            tool.hasHintsJson()
                                    ? JsonFields.members(field + ".hints_json", tool.getHintsJson())
                                    : Map.of()));
        }
        return out;
    }

    private @Nullable ToolChoice toolChoice() throws GatewayException {
        if (!in.hasToolChoice()) {
            return null;
        }
        dev.thanosgateway.proto.ToolChoice choice = in.getToolChoice();
        if (choice.hasFunction()) {
            return new ToolChoice.Named(choice.getFunction());
        }
        return switch (choice.getMode()) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            default ->
                throw invalid(
                        "tool_choice.mode",
                        "tool_choice.mode is '" + choice.getMode() + "': it can be auto, none or required.");
        };
    }

    private Sampling sampling() throws GatewayException {
        Map<String, Double> bias = new HashMap<>();
        for (Map.Entry<String, Float> entry : in.getLogitBiasMap().entrySet()) {
            bias.put(entry.getKey(), number("logit_bias", entry.getValue()));
        }
        return Sampling.builder()
                .temperature(in.hasTemperature() ? number("temperature", in.getTemperature()) : null)
                .topP(in.hasTopP() ? number("top_p", in.getTopP()) : null)
                .topK(in.hasTopK() ? in.getTopK() : null)
                .presencePenalty(in.hasPresencePenalty() ? number("presence_penalty", in.getPresencePenalty()) : null)
                .frequencyPenalty(
                        in.hasFrequencyPenalty() ? number("frequency_penalty", in.getFrequencyPenalty()) : null)
                .seed(in.hasSeed() ? in.getSeed() : null)
                .logitBias(bias)
                .build();
    }

    private int choices() throws GatewayException {
        if (!in.hasN()) {
            return 1;
        }
        if (in.getN() < 1 || in.getN() > MAX_CHOICES) {
            throw invalid("n", "n is " + in.getN() + ": it can be 1 to " + MAX_CHOICES + ".");
        }
        return in.getN();
    }

    private @Nullable ResponseFormat responseFormat() throws GatewayException {
        if (!in.hasResponseFormat()) {
            return null;
        }
        dev.thanosgateway.proto.ResponseFormat format = in.getResponseFormat();
        return switch (format.getType()) {
            case "text" -> new ResponseFormat.Text();
            case "json_object" -> new ResponseFormat.JsonObject();
            case "json_schema" ->
                new ResponseFormat.JsonSchema(
                        format.hasName() ? format.getName() : "answer",
                        format.hasDescription() ? format.getDescription() : null,
                        JsonFields.value("response_format.schema_json", format.getSchemaJson()),
                        format.hasStrict() ? format.getStrict() : null);
            default ->
                throw invalid(
                        "response_format.type",
                        "response_format.type is '" + format.getType()
                                + "': it can be text, json_object or json_schema.");
        };
    }

    private @Nullable Reasoning reasoning() throws GatewayException {
        Boolean visible = in.hasReasoningVisible() ? in.getReasoningVisible() : null;
        if (in.hasReasoningEffort() && in.hasReasoningBudgetTokens()) {
            throw invalid(
                    "reasoning_budget_tokens",
                    "reasoning_budget_tokens stands beside reasoning_effort: send one of them.");
        }
        if (in.hasReasoningEffort()) {
            return Reasoning.effort(in.getReasoningEffort()).withVisible(visible);
        }
        if (in.hasReasoningBudgetTokens()) {
            return Reasoning.budget(in.getReasoningBudgetTokens()).withVisible(visible);
        }
        if (visible != null) {
            throw invalid(
                    "reasoning_visible",
                    "reasoning_visible needs reasoning_effort or reasoning_budget_tokens beside it.");
        }
        return null;
    }

    private @Nullable Integer topLogprobs() {
        if (in.hasTopLogprobs()) {
            return in.getTopLogprobs();
        }
        return in.getLogprobs() ? 0 : null;
    }

    private static long atLeastOne(String field, int value) throws GatewayException {
        if (value < 1) {
            throw invalid(field, field + " is " + value + ": it must be at least 1, or absent.");
        }
        return value;
    }

    /** The number the caller wrote: a float 0.7 widened to a double would go upstream as 0.699999988. */
    private static double number(String field, float value) throws GatewayException {
        if (!Float.isFinite(value)) {
            throw invalid(field, field + " is no finite number.");
        }
        return Double.parseDouble(Float.toString(value));
    }
}
