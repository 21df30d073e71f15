package dev.thanosgateway.e2e;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Ollama's chat. Calls have no ids there: results follow in the order of the calls. */
final class OllamaLanguage implements Language {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public boolean isChat(String path) {
        return path.equals("/api/chat");
    }

    @Override
    public @Nullable String wrong(String path, JsonNode request) {
        return FakeOllama.wrong(request, false);
    }

    @Override
    public Turn read(String path, JsonNode request) {
        Turn.Reader reader = new Turn.Reader();
        for (JsonNode tool : request.path("tools")) {
            JsonNode function = tool.path("function");
            reader.tools.add(new Turn.Tool(function.path("name").asString(""), function.path("parameters"), false));
        }
        int results = 0;
        for (JsonNode message : request.path("messages")) {
            String role = message.path("role").asString("");
            if (role.equals("assistant")) {
                reader.close();
                results = 0;
                int calls = 0;
                for (JsonNode call : message.path("tool_calls")) {
                    JsonNode function = call.path("function");
                    String name = function.path("name").asString("");
                    reader.call(
                            String.valueOf(calls++),
                            name,
                            function.path("arguments").toString());
                    reader.round().thought =
                            message.path("thinking").asString("").contains(AgentTask.THOUGHT);
                }
            } else if (role.equals("tool")) {
                reader.result(String.valueOf(results++), message.path("content").asString(""));
            } else if (role.equals("user")) {
                reader.said.add(message.path("content").asString(""));
            }
            message.path("images").forEach(image -> reader.picture(image.asString("")));
        }
        return reader.turn(
                request.path("model").asString(""), request.path("stream").asBoolean(true), request.path("format"));
    }

    @Override
    public void write(FakeUpstream.Call call, JsonNode request, Turn turn, Turn.Said said) throws Exception {
        boolean thinks =
                request.path("think").isString() || request.path("think").asBoolean(false);
        List<ObjectNode> messages = new ArrayList<>();
        if (said.thought() != null && thinks) {
            messages.add(message("").put("thinking", said.thought()));
        }
        if (!said.text().isEmpty()) {
            messages.add(message(said.text()));
        }
        for (Turn.Call one : said.calls()) {
            ObjectNode message = message("");
            calls(message, List.of(one));
            messages.add(message);
        }
        if (turn.stream()) {
            call.head(200, "application/x-ndjson");
            for (ObjectNode message : messages) {
                call.chunk(answer(turn, message, false) + "\n");
            }
            call.chunk(answer(turn, message(""), true) + "\n");
            call.endChunks();
            return;
        }
        ObjectNode message = message(said.text());
        if (said.thought() != null && thinks) {
            message.put("thinking", said.thought());
        }
        if (!said.calls().isEmpty()) {
            calls(message, said.calls());
        }
        call.json(200, answer(turn, message, true).toString());
    }

    private static ObjectNode message(String content) {
        return JSON.createObjectNode().put("role", "assistant").put("content", content);
    }

    private static void calls(ObjectNode message, List<Turn.Call> calls) {
        ArrayNode array = message.putArray("tool_calls");
        for (Turn.Call one : calls) {
            ObjectNode function = array.addObject().putObject("function").put("name", one.tool());
            function.set("arguments", JSON.readTree(one.arguments()));
        }
    }

    private static ObjectNode answer(Turn turn, ObjectNode message, boolean done) {
        ObjectNode answer =
                JSON.createObjectNode().put("model", turn.model()).put("created_at", "2026-09-21T14:13:20.000001Z");
        answer.set("message", message);
        answer.put("done", done);
        if (done) {
            answer.put("done_reason", "stop").put("prompt_eval_count", 1100).put("eval_count", 50);
        }
        return answer;
    }

    @Override
    public String error(int status, String message) {
        return JSON.createObjectNode().put("error", message).toString();
    }
}
