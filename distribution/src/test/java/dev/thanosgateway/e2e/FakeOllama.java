package dev.thanosgateway.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ollama's API as published (chat and generation whole and as lines, tools, images, formats, thinking, counts, the list
 * of models, error bodies), with the answers of {@link FakeOpenAi}. Strict in what Go is strict in: contents are
 * strings, arguments objects, images base64. Model {@code missing} is not known, {@code limited} is rate limited,
 * {@code picky} refuses the request, {@code broken} fails in the middle, those that begin with {@code thinker} reason.
 */
final class FakeOllama implements FakeUpstream.Script {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public void answer(FakeUpstream.Call call) throws Exception {
        String line = call.request().line();
        if (line.startsWith("GET /api/tags ")) {
            call.json(200, "{\"models\":[" + tag("fake-large:latest") + "," + tag("fake-small") + "]}");
        } else if (line.startsWith("POST /api/show ")) {
            show(call, JSON.readTree(call.request().body()).path("model").asString());
        } else if (line.startsWith("POST /api/chat ") || line.startsWith("POST /api/generate ")) {
            text(call, JSON.readTree(call.request().body()), line.contains("generate"));
        } else {
            call.whole(404, "text/plain", "404 page not found");
        }
    }

    private static void show(FakeUpstream.Call call, String model) throws IOException {
        if (model.equals("missing")) {
            error(call, 404, "model 'missing' not found");
            return;
        }
        String thinks = model.startsWith("thinker") ? ",\"thinking\"" : "";
        call.json(200, "{\"details\":{},\"capabilities\":[\"completion\",\"tools\",\"vision\"" + thinks + "]}");
    }

    private static String tag(String name) {
        return "{\"name\":\"" + name + "\",\"model\":\"" + name + "\",\"modified_at\":\"2026-06-01T10:00:00.5+02:00\","
                + "\"size\":42,\"digest\":\"d1\",\"details\":{\"family\":\"llama\",\"context_length\":8192},"
                + "\"capabilities\":[\"completion\",\"tools\",\"vision\""
                + (name.startsWith("fake-large") ? ",\"thinking\"]}" : "]}");
    }

    private static void text(FakeUpstream.Call call, JsonNode request, boolean generate) throws IOException {
        String wrong = wrong(request, generate);
        String model = request.path("model").asString();
        if (wrong != null) {
            error(call, 400, wrong);
            return;
        }
        switch (model) {
            case "missing" -> error(call, 404, "model 'missing' not found");
            case "picky" -> error(call, 400, "invalid options: temperature");
            case "limited" -> call.json(429, "{\"error\":\"too many requests\"}", "retry-after: 7");
            case "broken" -> {
                call.head(200, "application/x-ndjson");
                call.chunk(piece(request, generate, "half") + "\n");
                call.chunk("{\"error\":\"model runner has unexpectedly stopped\"}\n");
                call.endChunks();
            }
            default -> {
                if (request.path("stream").asBoolean(true)) {
                    call.head(200, "application/x-ndjson");
                    for (String one : lines(request, generate)) {
                        call.chunk(one + "\n");
                    }
                    call.endChunks();
                } else {
                    call.json(200, whole(request, generate));
                }
            }
        }
    }

    /** What Go's decoder would not take. */
    static @Nullable String wrong(JsonNode request, boolean generate) {
        if (generate) {
            return request.path("prompt").isString() ? null : "json: cannot unmarshal prompt";
        }
        for (JsonNode message : request.path("messages")) {
            if (!message.path("content").isString() && message.has("content")) {
                return "json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string";
            }
            for (JsonNode tool : message.path("tool_calls")) {
                if (!tool.path("function").path("arguments").isObject()) {
                    return "json: cannot unmarshal string into Go struct field .arguments";
                }
            }
            for (JsonNode image : message.path("images")) {
                if (!image.asString().matches("[A-Za-z0-9+/]+=*")) {
                    return "illegal base64 data at input byte 0";
                }
            }
        }
        return null;
    }

    private static boolean callsTool(JsonNode request) {
        return !request.path("tools").isEmpty()
                && !last(request).path("role").asString().equals("tool");
    }

    private static JsonNode last(JsonNode request) {
        ArrayNode messages = (ArrayNode) request.path("messages");
        return messages.get(messages.size() - 1);
    }

    private static String said(JsonNode request, boolean generate) {
        if (generate) {
            return FakeOpenAi.reply(request.path("prompt").asString());
        }
        if (Replies.asksForCity(request.path("format"))) {
            return Replies.ARGUMENTS;
        }
        if (request.path("format").isObject()) {
            return "{\"answer\":\"" + last(request).path("content").asString() + "\"}";
        }
        String content = last(request).path("content").asString();
        return last(request).path("role").asString().equals("tool")
                ? Replies.told(results(request.path("messages")))
                : Replies.to(content, pictures(last(request)));
    }

    /** By the id or the name of the call, else in order, as templates render them. */
    private static List<String> results(JsonNode messages) {
        Map<String, String> named = new HashMap<>();
        List<String> inOrder = new ArrayList<>();
        int at = messages.size() - 1;
        for (; messages.path(at).path("role").asString("").equals("tool"); at--) {
            JsonNode result = messages.path(at);
            String content = result.path("content").asString();
            named.put(result.path("tool_call_id").asString(""), content);
            named.put(result.path("tool_name").asString(""), content);
            inOrder.addFirst(content);
        }
        named.remove("");
        if (named.isEmpty()) {
            return inOrder;
        }
        List<String> results = new ArrayList<>();
        for (JsonNode call : messages.path(at).path("tool_calls")) {
            String byId = named.get(call.path("id").asString(""));
            results.add(
                    byId == null ? named.get(call.path("function").path("name").asString()) : byId);
        }
        return results;
    }

    private static List<String> pictures(JsonNode message) {
        List<String> pictures = new ArrayList<>();
        message.path("images").forEach(image -> pictures.add(image.asString()));
        return pictures;
    }

    private static ObjectNode answer(JsonNode request) {
        return JSON.createObjectNode()
                .put("model", request.path("model").asString())
                .put("created_at", "2026-09-21T14:13:20.000001Z");
    }

    private static String piece(JsonNode request, boolean generate, String text) {
        ObjectNode answer = answer(request);
        if (generate) {
            answer.put("response", text);
        } else {
            answer.putObject("message").put("role", "assistant").put("content", text);
        }
        return answer.put("done", false).put("x_not_yet_known", 1.5).toString();
    }

    private static List<String> lines(JsonNode request, boolean generate) {
        List<String> lines = new ArrayList<>();
        if (thinks(request)) {
            ObjectNode thought = answer(request);
            thought.putObject("message")
                    .put("role", "assistant")
                    .put("content", "")
                    .put("thinking", "let me think");
            lines.add(thought.put("done", false).toString());
        }
        if (!generate && callsTool(request)) {
            ObjectNode calling = answer(request);
            tool(calling.putObject("message").put("role", "assistant").put("content", ""), request);
            lines.add(calling.put("done", false).toString());
        } else {
            int[] points = said(request, generate).codePoints().toArray();
            for (int at = 0; at < points.length; at += 3) {
                lines.add(piece(request, generate, new String(points, at, Math.min(3, points.length - at))));
            }
        }
        ObjectNode last = (ObjectNode) JSON.readTree(piece(request, generate, ""));
        lines.add(done(last).toString());
        return lines;
    }

    private static boolean thinks(JsonNode request) {
        return request.path("think").isString() || request.path("think").asBoolean(false);
    }

    private static String whole(JsonNode request, boolean generate) {
        ObjectNode answer = answer(request);
        if (generate) {
            answer.put("response", said(request, true));
        } else {
            ObjectNode message = answer.putObject("message").put("role", "assistant");
            if (thinks(request)) {
                message.put("thinking", "let me think");
            }
            if (callsTool(request)) {
                tool(message.put("content", ""), request);
            } else {
                message.put("content", said(request, false));
            }
        }
        return done(answer).toString();
    }

    private static ObjectNode done(ObjectNode answer) {
        return answer.put("done", true)
                .put("done_reason", "stop")
                .put("total_duration", 5_000_000L)
                .put("load_duration", 1)
                .put("prompt_eval_count", 11)
                .put("prompt_eval_duration", 2)
                .put("eval_count", 5)
                .put("eval_duration", 3);
    }

    private static void tool(ObjectNode message, JsonNode request) {
        String said = last(request).path("content").asString();
        ArrayNode calls = message.putArray("tool_calls");
        for (JsonNode tool : request.path("tools")) {
            if (calls.isEmpty() || said.equals(Replies.ALL)) {
                String name = tool.path("function").path("name").asString();
                ObjectNode function =
                        calls.addObject().put("id", "call_fake_" + calls.size()).putObject("function");
                function.put("index", calls.size() - 1).put("name", name);
                function.set("arguments", JSON.readTree(Replies.arguments(said, name)));
            }
        }
    }

    private static void error(FakeUpstream.Call call, int status, String message) throws IOException {
        call.json(status, JSON.createObjectNode().put("error", message).toString());
    }
}
