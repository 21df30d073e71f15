package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import dev.thanosgateway.wire.request.ModelFit;
import dev.thanosgateway.wire.request.NeededHints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes a chat request from its content, and notes the hints that have no counterpart here. For one request. */
final class RequestWriter {
    /** A field that asks for what is done here anyway. */
    private static final Set<String> MOOT = Set.of("stream_options");

    private final JsonOut out = new JsonOut();
    private final ChatRequest request;
    private final ChatContent content;
    private final Map<String, Json> hints;
    private final Set<String> dropped;
    private final @Nullable ForcedCall forced;

    RequestWriter(ChatRequest request, ModelFit fit) {
        this.request = request;
        this.content = fit.content();
        this.dropped = new TreeSet<>(fit.dropped());
        this.forced = ForcedCall.of(content);
        this.hints = OllamaOriginal.DIALECT.equals(content.hintsDialect()) ? new TreeMap<>(content.hints()) : Map.of();
    }

    /** Hints that were left out, by name; known after {@link #write}. */
    Set<String> dropped() {
        return dropped;
    }

    /** @throws GatewayException UNSUPPORTED naming what this language has no word for */
    byte[] write() throws GatewayException {
        if (content.choices() > 1) {
            throw unsupported("n", "Several answers to one request");
        }
        foreignHints();
        out.beginObject().name("model").value(request.model());
        FillIn gap = FillIn.of(content);
        if (gap == null) {
            new MessageWriter(out, dropped).write(messages());
        } else {
            out.name("prompt").value(gap.prompt()).name("suffix").value(gap.suffix());
        }
        out.name("stream").value(request.stream());
        tools();
        if (forced == null) {
            format(content.responseFormat());
        } else {
            out.name("format").value(forced.schema());
        }
        options(content.sampling());
        think(content.reasoning());
        Integer top = content.topLogprobs();
        if (top != null) {
            out.name("logprobs").value(true).member("top_logprobs", top == 0 ? null : top);
        }
        drop("user", content.user());
        drop("parallel_tool_calls", content.parallelToolCalls());
        hints.forEach((name, value) -> {
            if (!name.equals("options")) {
                out.name(name).value(value);
            }
        });
        return out.endObject().toBytes();
    }

    private List<Message> messages() {
        List<Message> messages = new ArrayList<>(content.messages());
        if (forced != null) {
            messages.add(0, Message.text(Role.SYSTEM, forced.words()));
        }
        return messages;
    }

    private void foreignHints() throws GatewayException {
        String needed = NeededHints.first(content, OllamaOriginal.DIALECT);
        if (needed != null) {
            throw unsupported(needed, "This form of \"" + needed + "\"");
        }
        if (!OllamaOriginal.DIALECT.equals(content.hintsDialect())) {
            content.hints().keySet().stream()
                    .filter(name -> !MOOT.contains(name))
                    .forEach(dropped::add);
        }
    }

    private void drop(String name, @Nullable Object value) {
        if (value != null) {
            dropped.add(name);
        }
    }

    private static GatewayException unsupported(String field, String what) {
        return new GatewayException(
                        ErrorKind.UNSUPPORTED,
                        what + " has no counterpart in Ollama's API. Leave out \"" + field
                                + "\", or name another provider's model.")
                .withParameter(field);
    }

    /** There is no word for who chooses: tools that must not be called are not told of at all. */
    private void tools() throws GatewayException {
        ToolChoice choice = content.toolChoice();
        if (forced == null && (choice instanceof ToolChoice.Required || choice instanceof ToolChoice.Named)) {
            throw unsupported("tool_choice", "Making the model call one of several tools, or one that is not told,");
        }
        if (content.tools().isEmpty() || choice instanceof ToolChoice.None) {
            return;
        }
        if (forced != null) {
            hints(forced.tool());
            return;
        }
        out.name("tools").beginArray();
        for (Tool tool : content.tools()) {
            out.beginObject().name("type").value("function").name("function").beginObject();
            out.name("name").value(tool.name()).member("description", tool.description());
            out.name("parameters").value(ForcedCall.schema(tool));
            out.endObject().endObject();
            drop("tools.strict", Boolean.TRUE.equals(tool.strict()) ? tool : null);
            hints(tool);
        }
        out.endArray();
    }

    private void hints(Tool tool) {
        tool.hints().keySet().forEach(name -> dropped.add("tools." + name));
    }

    private void format(@Nullable ResponseFormat format) {
        if (format instanceof ResponseFormat.JsonSchema schema) {
            out.name("format").value(schema.schema());
        } else if (format instanceof ResponseFormat.JsonObject) {
            out.name("format").value("json");
        }
    }

    private void options(Sampling sampling) throws GatewayException {
        JsonOut options = new JsonOut().beginObject();
        options.member("temperature", sampling.temperature());
        options.member("top_p", sampling.topP());
        options.member("top_k", sampling.topK());
        options.member("presence_penalty", sampling.presencePenalty());
        options.member("frequency_penalty", sampling.frequencyPenalty());
        options.member("seed", sampling.seed());
        options.member("num_predict", content.maxOutputTokens());
        if (!content.stop().isEmpty()) {
            options.name("stop").beginArray();
            content.stop().forEach(options::value);
            options.endArray();
        }
        others(options);
        if (!sampling.logitBias().isEmpty()) {
            dropped.add("logit_bias");
        }
        String written = options.endObject().toString();
        if (!written.equals("{}")) {
            out.name("options").value(new Json(written));
        }
    }

    private void others(JsonOut options) throws GatewayException {
        Json more = hints.get("options");
        if (more == null) {
            return;
        }
        try {
            Value.of(more).walk((name, value) -> options.name(name).value(value.json()));
        } catch (JsonException e) {
            throw Requests.invalid(e);
        }
    }

    /** A budget in tokens becomes the level that is nearest to it. */
    private void think(@Nullable Reasoning reasoning) {
        if (reasoning == null) {
            return;
        }
        String effort = reasoning.effort();
        Long budget = reasoning.budgetTokens();
        if (effort == null && budget != null) {
            effort = budget <= 0 ? "none" : budget <= 2048 ? "low" : budget <= 8192 ? "medium" : "high";
        }
        String word = ModelFit.effort(effort, request.traits());
        if (word == null) {
            return;
        }
        switch (word) {
            case "none" -> out.name("think").value(false);
            case "minimal", "low" -> out.name("think").value("low");
            case "medium", "high", "max" -> out.name("think").value(word);
            case "xhigh" -> out.name("think").value("max");
            default -> dropped.add("reasoning_effort");
        }
    }
}
