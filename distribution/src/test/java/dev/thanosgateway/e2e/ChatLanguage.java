package dev.thanosgateway.e2e;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's chat completions, with the {@code reasoning_content} that compatible endpoints have. */
class ChatLanguage implements Language {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public boolean isChat(String path) {
        return path.equals("/v1/chat/completions");
    }

    @Override
    public @Nullable String wrong(String path, JsonNode request) {
        int open = 0;
        for (JsonNode message : request.path("messages")) {
            boolean result = message.path("role").asString("").equals("tool");
            if (open > 0 && !result) {
                return "An assistant message with 'tool_calls' must be followed by tool messages for each of them.";
            }
            open = result ? open - 1 : message.path("tool_calls").size();
            for (JsonNode call : message.path("tool_calls")) {
                if (!call.path("function").path("arguments").isString()) {
                    return "Invalid type for 'tool_calls[0].function.arguments': expected a string.";
                }
            }
            JsonNode content = message.path("content");
            if (!content.isString()
                    && !content.isArray()
                    && message.path("tool_calls").isEmpty()) {
                return "Invalid value for 'content': expected a string, got null.";
            }
        }
        return open > 0 ? "Tool calls without their results." : null;
    }

    @Override
    public Turn read(String path, JsonNode request) {
        Turn.Reader reader = new Turn.Reader();
        for (JsonNode tool : request.path("tools")) {
            JsonNode function = tool.path("function");
            reader.tools.add(new Turn.Tool(function.path("name").asString(""), function.path("parameters"), false));
        }
        for (JsonNode message : request.path("messages")) {
            reader.close();
            switch (message.path("role").asString("")) {
                case "assistant" -> {
                    for (JsonNode call : message.path("tool_calls")) {
                        JsonNode function = call.path("function");
                        reader.call(
                                call.path("id").asString(""),
                                function.path("name").asString(""),
                                function.path("arguments").asString(""));
                        reader.round().thought =
                                message.path("reasoning_content").asString("").contains(AgentTask.THOUGHT);
                    }
                }
                case "tool" ->
                    reader.result(message.path("tool_call_id").asString(""), Turn.text(message.path("content")));
                case "user" -> {
                    reader.said.add(Turn.text(message.path("content")));
                    for (JsonNode part : message.path("content")) {
                        if (part.has("image_url")) {
                            reader.picture(part.path("image_url").path("url").asString(""));
                        }
                    }
                }
                default -> {
                    // Instructions.
                }
            }
        }
        return reader.turn(
                request.path("model").asString(""),
                request.path("stream").asBoolean(false),
                request.path("response_format").path("json_schema").path("schema"));
    }

    @Override
    public void write(FakeUpstream.Call call, JsonNode request, Turn turn, Turn.Said said) throws Exception {
        if (!turn.stream()) {
            call.json(200, whole(turn, said).toString());
            return;
        }
        call.sse();
        for (ObjectNode delta : deltas(said)) {
            call.frame(chunk(turn, delta, null).toString());
        }
        String finish = said.calls().isEmpty() ? "stop" : "tool_calls";
        call.frame(chunk(turn, JSON.createObjectNode(), finish).toString());
        if (request.path("stream_options").path("include_usage").asBoolean(false)) {
            ObjectNode last = chunk(turn, JSON.createObjectNode(), null);
            last.putArray("choices");
            last.set("usage", usage());
            call.frame(last.toString());
        }
        call.frame("[DONE]");
        call.endChunks();
    }

    private static List<ObjectNode> deltas(Turn.Said said) {
        List<ObjectNode> deltas = new ArrayList<>();
        deltas.add(JSON.createObjectNode().put("role", "assistant").put("content", ""));
        if (said.thought() != null) {
            FakeOpenAi.pieces(said.thought())
                    .forEach(piece -> deltas.add(JSON.createObjectNode().put("reasoning_content", piece)));
        }
        FakeOpenAi.pieces(said.text())
                .forEach(piece -> deltas.add(JSON.createObjectNode().put("content", piece)));
        for (int i = 0; i < said.calls().size(); i++) {
            Turn.Call call = said.calls().get(i);
            ObjectNode start = JSON.createObjectNode();
            ObjectNode tool = start.putArray("tool_calls").addObject().put("index", i);
            tool.put("id", id()).put("type", "function");
            tool.putObject("function").put("name", call.tool()).put("arguments", "");
            deltas.add(start);
            for (String piece : FakeOpenAi.pieces(call.arguments())) {
                ObjectNode more = JSON.createObjectNode();
                more.putArray("tool_calls")
                        .addObject()
                        .put("index", i)
                        .putObject("function")
                        .put("arguments", piece);
                deltas.add(more);
            }
        }
        return deltas;
    }

    static ObjectNode whole(Turn turn, Turn.Said said) {
        ObjectNode answer = answer(turn, "chat.completion");
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        message.put("content", said.text());
        if (said.thought() != null) {
            message.put("reasoning_content", said.thought());
        }
        if (!said.calls().isEmpty()) {
            ArrayNode calls = message.putArray("tool_calls");
            for (Turn.Call call : said.calls()) {
                ObjectNode tool = calls.addObject().put("id", id()).put("type", "function");
                tool.putObject("function").put("name", call.tool()).put("arguments", call.arguments());
            }
        }
        choice.put("finish_reason", said.calls().isEmpty() ? "stop" : "tool_calls");
        answer.set("usage", usage());
        return answer;
    }

    private static String id() {
        return "call_" + AgentTask.number();
    }

    private static ObjectNode answer(Turn turn, String object) {
        ObjectNode answer =
                JSON.createObjectNode().put("id", "chatcmpl-" + turn.hashCode()).put("object", object);
        return answer.put("created", 1_790_000_000L).put("model", turn.model());
    }

    private static ObjectNode chunk(Turn turn, ObjectNode delta, @Nullable String finish) {
        ObjectNode chunk = answer(turn, "chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.put("finish_reason", finish);
        return chunk;
    }

    private static ObjectNode usage() {
        return JSON.createObjectNode()
                .put("prompt_tokens", 1100)
                .put("completion_tokens", 50)
                .put("total_tokens", 1150);
    }

    @Override
    public String error(int status, String message) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("error")
                .put("message", message)
                .put("type", "invalid_request_error")
                .putNull("param")
                .put("code", status == 401 ? "invalid_api_key" : null);
        return body.toString();
    }
}
