package dev.thanosgateway.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's API as published (chat completions whole and streamed, tools, usage, model list, error bodies), with
 * answers that follow from the request: gives the last user message back, calls the first tool once, then tells what
 * the tool said. Model {@code missing} is not known, {@code limited} is rate limited, {@code picky} refuses the
 * request.
 */
final class FakeOpenAi implements FakeUpstream.Script {
    static final String KEY = "sk-fake-5d1f8a0c";
    static final String PREFIX = "You said: ";
    static final String SUFFIX = " 🎉👩‍👩‍👧 ça va";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int WHOLE = Integer.MAX_VALUE;

    private volatile int slice = WHOLE;
    private volatile int cut = -1;
    private boolean callsInOnePiece;

    /** Streams send each tool call in one piece, as xAI's do. */
    FakeOpenAi withCallsInOnePiece() {
        callsInOnePiece = true;
        return this;
    }

    /** Streams go out in pieces of {@code bytes}, each a chunk of its own. */
    void sliceEvery(int bytes) {
        slice = bytes;
        cut = -1;
    }

    /** Streams go out in two pieces, the first {@code bytes} long. */
    void cutAt(int bytes) {
        cut = bytes;
    }

    @Override
    public void answer(FakeUpstream.Call call) throws Exception {
        FakeUpstream.Request request = call.request();
        if (!("Bearer " + KEY).equals(request.header("authorization"))) {
            error(call, 401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key");
        } else if (request.line().startsWith("GET /v1/models ")) {
            call.json(200, "{\"object\":\"list\",\"data\":[" + model("fake-large") + "," + model("fake-small") + "]}");
        } else if (request.line().startsWith("POST /v1/chat/completions ")) {
            chat(call, JSON.readTree(request.body()));
        } else {
            error(call, 404, "Unknown request URL: " + request.line(), "invalid_request_error", "unknown_url");
        }
    }

    private void chat(FakeUpstream.Call call, JsonNode request) throws IOException {
        if (refused(call, request.path("model").asString())) {
            return;
        }
        if (request.path("stream").asBoolean(false)) {
            send(call, stream(request));
        } else {
            call.json(200, whole(request), "x-request-id: req_fake_1", "x-ratelimit-limit-requests: 500");
        }
    }

    /** Answers for a model that fails; false = it does not. */
    static boolean refused(FakeUpstream.Call call, String model) throws IOException {
        switch (model) {
            case "missing" ->
                error(call, 404, "The model `missing` does not exist.", "invalid_request_error", "model_not_found");
            case "limited" ->
                call.json(
                        429,
                        errorBody("Rate limit reached for requests.", "requests", "rate_limit_exceeded"),
                        "retry-after: 7",
                        "x-ratelimit-remaining-requests: 0");
            case "picky" ->
                error(call, 400, "Invalid 'temperature': decimal above maximum value.", "invalid_request_error", null);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** What the answer's text is for a last user message. */
    static String reply(String said) {
        return PREFIX + said + SUFFIX;
    }

    private static String whole(JsonNode request) {
        ObjectNode answer = answer(request, "chat.completion");
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        List<String> called = tools(request);
        if (!called.isEmpty()) {
            ArrayNode calls = message.putNull("content").putArray("tool_calls");
            for (String name : called) {
                ObjectNode tool = calls.addObject();
                tool.put("id", "call_fake_" + calls.size()).put("type", "function");
                tool.putObject("function").put("name", name).put("arguments", arguments(request, name));
            }
        } else {
            message.put("content", text(request)).putNull("refusal").putArray("annotations");
        }
        choice.putNull("logprobs").put("finish_reason", called.isEmpty() ? "stop" : "tool_calls");
        answer.set("usage", usage());
        answer.put("service_tier", "default").put("system_fingerprint", "fp_fake");
        answer.putObject("x_not_yet_known").put("kept", true).put("precise", 1.50);
        return answer.toString();
    }

    private List<String> stream(JsonNode request) {
        List<String> frames = new ArrayList<>();
        ObjectNode role = JSON.createObjectNode().put("role", "assistant").put("content", "");
        frames.add(chunk(request, role, null));
        List<String> called = tools(request);
        for (int i = 0; i < called.size(); i++) {
            ObjectNode start = JSON.createObjectNode();
            ObjectNode tool = start.putArray("tool_calls").addObject();
            tool.put("index", i).put("id", "call_fake_" + (i + 1)).put("type", "function");
            String arguments = arguments(request, called.get(i));
            ObjectNode function = tool.putObject("function").put("name", called.get(i));
            function.put("arguments", callsInOnePiece ? arguments : "");
            frames.add(chunk(request, start, null));
            for (String piece : callsInOnePiece ? List.<String>of() : pieces(arguments)) {
                ObjectNode delta = JSON.createObjectNode();
                ObjectNode further = delta.putArray("tool_calls").addObject().put("index", i);
                further.putObject("function").put("arguments", piece);
                frames.add(chunk(request, delta, null));
            }
        }
        if (called.isEmpty()) {
            for (String piece : pieces(text(request))) {
                frames.add(chunk(request, JSON.createObjectNode().put("content", piece), null));
            }
        }
        frames.add(chunk(request, JSON.createObjectNode(), called.isEmpty() ? "stop" : "tool_calls"));
        if (request.path("stream_options").path("include_usage").asBoolean(false)) {
            ObjectNode last = answer(request, "chat.completion.chunk");
            last.putArray("choices");
            last.set("usage", usage());
            frames.add(last.toString());
        }
        frames.add("[DONE]");
        return frames;
    }

    private void send(FakeUpstream.Call call, List<String> frames) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String frame : frames) {
            all.writeBytes(("data: " + frame + "\n\n").getBytes(StandardCharsets.UTF_8));
        }
        byte[] bytes = all.toByteArray();
        call.sse();
        int first = cut >= 0 ? Math.min(cut, bytes.length) : Math.min(slice, bytes.length);
        int step = cut >= 0 ? bytes.length : slice;
        if (first > 0) {
            call.chunk(Arrays.copyOf(bytes, first));
        }
        for (int at = first; at < bytes.length; at += Math.min(step, bytes.length - at)) {
            call.chunk(Arrays.copyOfRange(bytes, at, at + Math.min(step, bytes.length - at)));
        }
        call.endChunks();
    }

    private static String chunk(JsonNode request, ObjectNode delta, @Nullable String finish) {
        ObjectNode chunk = answer(request, "chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", finish);
        chunk.put("x_not_yet_known", "kept");
        return chunk.toString();
    }

    private static ObjectNode answer(JsonNode request, String object) {
        ObjectNode answer = JSON.createObjectNode().put("id", "chatcmpl-fake-1").put("object", object);
        return answer.put("created", 1_790_000_000L)
                .put("model", request.path("model").asString() + "-2026");
    }

    private static ObjectNode usage() {
        ObjectNode usage = JSON.createObjectNode().put("prompt_tokens", 11).put("completion_tokens", 5);
        usage.put("total_tokens", 16).putObject("prompt_tokens_details").put("cached_tokens", 3);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 2);
        return usage;
    }

    /** Names of the tools that are called. */
    static List<String> tools(JsonNode request) {
        List<String> names = new ArrayList<>();
        if (!isResult(last(request))) {
            for (JsonNode tool : request.path("tools")) {
                names.add(tool.path("function").path("name").asString());
            }
        }
        return names.isEmpty() || said(last(request)).equals(Replies.ALL) ? names : names.subList(0, 1);
    }

    static String arguments(JsonNode request, String tool) {
        return Replies.arguments(said(last(request)), tool);
    }

    private static boolean isResult(JsonNode message) {
        return message.path("role").asString("").equals("tool");
    }

    private static List<String> results(JsonNode request) {
        JsonNode messages = request.path("messages");
        Map<String, String> byId = new HashMap<>();
        int at = messages.size() - 1;
        for (; isResult(messages.path(at)); at--) {
            byId.put(messages.path(at).path("tool_call_id").asString(""), said(messages.path(at)));
        }
        List<String> results = new ArrayList<>();
        for (JsonNode call : messages.path(at).path("tool_calls")) {
            results.add(byId.get(call.path("id").asString()));
        }
        return results;
    }

    private static String said(JsonNode message) {
        JsonNode content = message.path("content");
        return content.isArray() ? content.path(0).path("text").asString() : content.asString();
    }

    static String text(JsonNode request) {
        JsonNode last = last(request);
        if (isResult(last)) {
            return Replies.told(results(request));
        }
        JsonNode content = last.path("content");
        String said = said(last);
        JsonNode format = request.path("response_format").path("json_schema");
        return Replies.asksForCity(format.path("schema")) ? Replies.ARGUMENTS : Replies.to(said, pictures(content));
    }

    private static List<String> pictures(JsonNode content) {
        List<String> pictures = new ArrayList<>();
        for (JsonNode part : content) {
            if (part.has("image_url")) {
                String url = part.path("image_url").path("url").asString();
                pictures.add(url.substring(url.indexOf(',') + 1));
            }
        }
        return pictures;
    }

    private static JsonNode last(JsonNode request) {
        ArrayNode messages = (ArrayNode) request.path("messages");
        return messages.get(messages.size() - 1);
    }

    /** Cut anywhere but within a code point, as a tokenizer does. */
    static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int[] points = text.codePoints().toArray();
        for (int at = 0; at < points.length; at += 3) {
            pieces.add(new String(points, at, Math.min(3, points.length - at)));
        }
        return pieces;
    }

    private static String model(String id) {
        return "{\"id\":\"" + id + "\",\"object\":\"model\",\"created\":1780000000,\"owned_by\":\"fake\"}";
    }

    private static void error(FakeUpstream.Call call, int status, String message, String type, @Nullable String code)
            throws IOException {
        call.json(status, errorBody(message, type, code));
    }

    private static String errorBody(String message, String type, @Nullable String code) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("error")
                .put("message", message)
                .put("type", type)
                .putNull("param")
                .put("code", code);
        return body.toString();
    }
}
