package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import dev.thanosgateway.wire.request.ModelFit;
import dev.thanosgateway.wire.request.NeededHints;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes a message request from its content, and notes the hints that have no counterpart here. For one request. */
final class RequestWriter {
    /** Fields that ask for what is done here anyway. */
    private static final Set<String> MOOT = Set.of("stream_options", "store");

    private static final Set<String> WOVEN_IN = Set.of("tools", "output_config", "tool_choice");

    /** Fields of a tool that are this API's own. */
    private static final Set<String> TOOL_FIELDS =
            Set.of("cache_control", "allowed_callers", "defer_loading", "eager_input_streaming", "input_examples");

    private final JsonOut out = new JsonOut();
    private final ChatRequest request;
    private final ChatContent content;
    private final ModelTraits traits;
    private final Map<String, Json> hints;
    private final Set<String> dropped;
    private boolean answerTool;

    RequestWriter(ChatRequest request, ModelFit fit) {
        this.request = request;
        this.content = fit.content();
        this.dropped = new TreeSet<>(fit.dropped());
        this.traits = request.traits();
        this.hints =
                MessagesOriginal.DIALECT.equals(content.hintsDialect()) ? new TreeMap<>(content.hints()) : Map.of();
    }

    /** Hints that were left out, by name; known after {@link #write}. */
    Set<String> dropped() {
        return dropped;
    }

    /** Whether the answer comes as arguments of {@link AnswerTool}; known after {@link #write}. */
    boolean answerTool() {
        return answerTool;
    }

    /** @throws GatewayException UNSUPPORTED naming what this language has no word for */
    byte[] write() throws GatewayException {
        if (content.choices() > 1) {
            throw unsupported("n", "Several answers to one request");
        }
        if (content.topLogprobs() != null) {
            throw unsupported("logprobs", "Log probabilities of tokens");
        }
        foreignHints();
        try {
            return body();
        } catch (JsonException e) {
            throw new GatewayException(
                    ErrorKind.INVALID_REQUEST, "A schema of the request cannot be read: " + e.clause() + ".", e);
        }
    }

    private byte[] body() throws GatewayException, JsonException {
        OutputPlan output = OutputPlan.of(content, traits);
        answerTool = output.tool() != null;
        ToolChoice choice = content.toolChoice();
        boolean forced = answerTool
                || (!content.tools().isEmpty()
                        && (choice instanceof ToolChoice.Required || choice instanceof ToolChoice.Named));
        ThinkingPlan thinking = ThinkingPlan.of(content, traits, forced);
        out.beginObject().name("model").value(request.model());
        out.name("max_tokens").value(thinking.limit());
        new MessageWriter(out, dropped, Unsigned.taken(traits)).write(content.messages(), output.words());
        if (request.stream()) {
            out.name("stream").value(true);
        }
        stop();
        sampling(content.sampling(), thinking.thinks());
        tools(output.tool());
        think(thinking);
        outputConfig(output.schema(), thinking.effort());
        if (content.user() != null) {
            out.name("metadata")
                    .beginObject()
                    .name("user_id")
                    .value(content.user())
                    .endObject();
        }
        hints.forEach((name, value) -> {
            if (!WOVEN_IN.contains(name)) {
                out.name(name).value(value);
            }
        });
        return out.endObject().toBytes();
    }

    private void foreignHints() throws GatewayException {
        String needed = NeededHints.first(content, MessagesOriginal.DIALECT);
        if (needed != null) {
            throw unsupported(needed, "This form of \"" + needed + "\"");
        }
        if (!MessagesOriginal.DIALECT.equals(content.hintsDialect())) {
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

    static GatewayException unsupported(String field, String what) {
        return new GatewayException(
                        ErrorKind.UNSUPPORTED,
                        what + " has no counterpart in Anthropic's API. Leave out \"" + field
                                + "\", or name another provider's model.")
                .withParameter(field);
    }

    private void stop() throws GatewayException {
        if (content.stop().isEmpty()) {
            return;
        }
        out.name("stop_sequences").beginArray();
        for (String one : content.stop()) {
            if (one.isBlank()) {
                throw unsupported("stop", "A stop sequence of nothing but white space");
            }
            out.value(one);
        }
        out.endArray();
    }

    private void sampling(Sampling sampling, boolean thinks) {
        Double temperature = sampling.temperature();
        Double topP = sampling.topP();
        Integer topK = sampling.topK();
        if (thinks) {
            drop("temperature", temperature);
            drop("top_p", topP);
            drop("top_k", topK);
        } else {
            if (temperature != null) {
                // Here the hottest is 1, elsewhere 2.
                out.name("temperature").value(Math.min(1, temperature));
            }
            out.member("top_p", topP).member("top_k", topK);
        }
        drop("presence_penalty", sampling.presencePenalty());
        drop("frequency_penalty", sampling.frequencyPenalty());
        drop("seed", sampling.seed());
        drop("logit_bias", sampling.logitBias().isEmpty() ? null : sampling);
    }

    private void tools(@Nullable Json answer) throws JsonException {
        Json others = hints.get("tools");
        if (answer != null) {
            out.name("tools").beginArray().beginObject().name("name").value(AnswerTool.NAME);
            out.name("description")
                    .value(AnswerTool.DESCRIPTION)
                    .name("input_schema")
                    .value(answer);
            out.endObject().endArray();
            out.name("tool_choice").beginObject().name("type").value("tool");
            out.name("name")
                    .value(AnswerTool.NAME)
                    .name("disable_parallel_tool_use")
                    .value(true)
                    .endObject();
            return;
        }
        if (content.tools().isEmpty() && others == null) {
            return;
        }
        out.name("tools").beginArray();
        for (Tool tool : content.tools()) {
            tool(tool);
        }
        if (others != null) {
            for (Value one : Value.of(others).elements()) {
                out.value(one.json());
            }
        }
        out.endArray();
        toolChoice();
    }

    private void tool(Tool tool) throws JsonException {
        boolean strict = Boolean.TRUE.equals(tool.strict());
        Json schema = Schemas.ofArguments(tool.parameters());
        boolean held = strict && traits.flag(Trait.SCHEMAS, false);
        out.beginObject().name("name").value(tool.name()).member("description", tool.description());
        out.name("input_schema").value(held ? Schemas.strict(schema) : schema);
        if (held) {
            out.name("strict").value(true);
        } else if (strict) {
            dropped.add("tools.strict");
        }
        new TreeMap<>(tool.hints()).forEach((name, value) -> {
            if (TOOL_FIELDS.contains(name)) {
                out.name(name).value(value);
            } else {
                dropped.add("tools." + name);
            }
        });
        out.endObject();
    }

    private void toolChoice() {
        ToolChoice choice = content.toolChoice();
        Boolean parallel = content.parallelToolCalls();
        Json own = hints.get("tool_choice");
        if (own != null) {
            out.name("tool_choice").value(own);
            return;
        }
        if (choice == null && !Boolean.FALSE.equals(parallel)) {
            return;
        }
        out.name("tool_choice").beginObject().name("type");
        if (choice instanceof ToolChoice.Named named) {
            out.value("tool").name("name").value(named.name());
        } else {
            out.value(
                    choice instanceof ToolChoice.Required
                            ? "any"
                            : choice instanceof ToolChoice.None ? "none" : "auto");
        }
        if (Boolean.FALSE.equals(parallel) && !(choice instanceof ToolChoice.None)) {
            out.name("disable_parallel_tool_use").value(true);
        }
        out.endObject();
    }

    private void think(ThinkingPlan plan) {
        drop("reasoning_effort", plan.dropped() ? plan : null);
        if (plan.type() == null || hints.containsKey("thinking")) {
            return;
        }
        out.name("thinking").beginObject().name("type").value(plan.type());
        out.member("budget_tokens", plan.budget() == 0 ? null : plan.budget());
        Reasoning asked = content.reasoning();
        Boolean visible = asked == null ? null : asked.visible();
        if (plan.thinks() && visible != null) {
            out.name("display").value(visible ? "summarized" : "omitted");
        }
        out.endObject();
    }

    private void outputConfig(@Nullable Json schema, @Nullable String effort) throws JsonException {
        Json rest = hints.get("output_config");
        if (schema == null && effort == null && rest == null) {
            return;
        }
        out.name("output_config").beginObject().member("effort", effort);
        if (schema != null) {
            out.name("format").beginObject().name("type").value("json_schema");
            out.name("schema").value(schema).endObject();
        }
        if (rest != null) {
            Value.of(rest).walk((name, value) -> out.name(name).value(value.json()));
        }
        out.endObject();
    }
}
