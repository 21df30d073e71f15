package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the canonical content of a Responses request. For one request. */
final class ResponsesContent {
    /** Whose names the hints have: those of Responses, which chat completions do not all share. */
    static final String HINTS = "openai-responses";

    /** What only a server that keeps responses can do. */
    private static final Set<String> STATE = Set.of("previous_response_id", "conversation", "prompt");

    /** What a caller must do whose conversation is not kept. */
    static final String STATELESS =
            "Set \"store\": false and \"include\": [\"reasoning.encrypted_content\"], and send all"
                    + " items of the conversation in \"input\", or name a provider whose responses are relayed.";

    /** What the names of hints begin with that are items of the input that were left out. */
    static final String LEFT = "input.";

    static final String LOGPROBS = "message.output_text.logprobs";

    private final RequestBody body;
    private final ChatContent.Builder content = ChatContent.builder();
    private final Sampling.Builder sampling = Sampling.builder();
    private final Map<String, Json> hints = new LinkedHashMap<>();
    private final List<Message> messages = new ArrayList<>();
    private boolean logprobs;
    private @Nullable Integer topLogprobs;

    private ResponsesContent(RequestBody body) {
        this.body = body;
    }

    /** @throws GatewayException INVALID_REQUEST naming the field; UNSUPPORTED for what only OpenAI itself can do */
    static ChatContent read(RequestBody body) throws GatewayException {
        try {
            return new ResponsesContent(body).read();
        } catch (JsonException e) {
            throw RequestBody.invalid(e);
        }
    }

    private ChatContent read() throws JsonException, GatewayException {
        for (String field : STATE) {
            if (body.member(field) != null) {
                throw RequestBody.unsupported(
                        field,
                        "needs a server that keeps responses, and this provider's endpoint does not. Leave it out. "
                                + STATELESS);
            }
        }
        Value instructions = body.member("instructions");
        if (instructions != null && !instructions.text().isEmpty()) {
            messages.add(Message.text(Role.SYSTEM, instructions.text()));
        }
        Value input = body.member("input");
        if (input == null) {
            throw new JsonException("input", "is required: send a text or a list of items");
        }
        OfferedTools offered = OfferedTools.of(body);
        ResponsesInput items = new ResponsesInput(messages, offered);
        items.read(input);
        items.left().forEach(type -> hints.put(LEFT + type, Json.NULL));
        for (Map.Entry<String, Value> member : body.content().entrySet()) {
            member(member.getKey(), member.getValue());
        }
        new ResponsesTools(content, offered).read(body.member("tool_choice"), hints);
        body.forms(offered.forms());
        if (logprobs || topLogprobs != null) {
            content.topLogprobs(topLogprobs == null ? 0 : topLogprobs);
        }
        return content.messages(messages)
                .sampling(sampling.build())
                .hints(HINTS, hints)
                .build();
    }

    private void member(String name, Value value) throws JsonException, GatewayException {
        switch (name) {
            // Read elsewhere, told back in the answer, or about what is not done here anyway.
            case "input", "instructions", "tools", "tool_choice", "metadata", "stream_options" -> {}
            case "include" -> {
                for (Value one : value.elements()) {
                    logprobs |= one.text().equals(LOGPROBS);
                }
            }
            case "background" -> {
                if (value.bool()) {
                    throw RequestBody.unsupported(
                            name,
                            "needs a server that keeps responses, and this provider's endpoint does not. Leave it out.");
                }
            }
            case "store" -> hint("store", value, value.bool());
            case "truncation" -> hint("truncation", value, !value.text().equals("disabled"));
            case "parallel_tool_calls" -> content.parallelToolCalls(value.bool());
            case "temperature" -> sampling.temperature(value.number());
            case "top_p" -> sampling.topP(value.number());
            case "max_output_tokens" -> content.maxOutputTokens(value.integer());
            case "top_logprobs" -> topLogprobs = logprobs(value);
            case "user" -> content.user(value.text());
            case "reasoning" -> reasoning(value);
            case "text" -> text(value);
            default -> hints.put(name, value.json());
        }
    }

    private void hint(String name, Value value, boolean said) {
        if (said) {
            hints.put(name, value.json());
        }
    }

    private static int logprobs(Value value) throws JsonException {
        long most = value.integer();
        if (most < 0 || most > 20) {
            throw new JsonException(value.path(), "must be between 0 and 20");
        }
        return (int) most;
    }

    /** A summary is asked for by asking that thoughts be seen. */
    private void reasoning(Value value) throws JsonException {
        Map<String, Value> members = new LinkedHashMap<>(value.members());
        Value effort = members.remove("effort");
        Value summary = members.containsKey("summary") ? members.remove("summary") : members.remove("generate_summary");
        if (effort != null) {
            content.reasoning(Reasoning.effort(effort.text()).withVisible(summary == null ? null : true));
        } else if (summary != null) {
            hints.put("reasoning.summary", summary.json());
        }
        members.forEach((name, said) -> hints.put("reasoning." + name, said.json()));
    }

    private void text(Value value) throws JsonException, GatewayException {
        for (Map.Entry<String, Value> member : value.members().entrySet()) {
            if (member.getKey().equals("format")) {
                content.responseFormat(format(member.getValue()));
            } else {
                hints.put("text." + member.getKey(), member.getValue().json());
            }
        }
    }

    private static ResponseFormat format(Value value) throws JsonException, GatewayException {
        Map<String, Value> members = value.members();
        String type = ResponsesInput.required(value, members, "type").text();
        return switch (type) {
            case "text" -> new ResponseFormat.Text();
            case "json_object" -> new ResponseFormat.JsonObject();
            case "json_schema" -> {
                Value schema = ResponsesInput.required(value, members, "schema");
                if (!schema.isObject()) {
                    throw new JsonException(schema.path(), "must be an object");
                }
                Value description = members.get("description");
                Value strict = members.get("strict");
                yield new ResponseFormat.JsonSchema(
                        ResponsesInput.required(value, members, "name").text(),
                        description == null ? null : description.text(),
                        schema.json(),
                        strict == null ? null : strict.bool());
            }
            default ->
                throw RequestBody.unsupported(
                        value.path() + ".type",
                        "is \"" + type + "\", a format only OpenAI itself has. Ask for \"json_schema\".");
        };
    }
}
