package dev.thanosgateway.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Anthropic's messages API as published (whole and streamed, tools, thinking, images, output formats, paged models,
 * error bodies), strict about what the real one is strict about, with answers that follow from the request: gives the
 * last user message back, calls the first tool once, then tells what the tool said. Models {@code claude-missing},
 * {@code claude-limited}, {@code claude-overloaded} and {@code claude-breaks} (fails in the middle of a stream),
 * {@code claude-long} (the prompt is too long), {@code claude-slow} (waits for its client to go), {@code picky}
 * (refuses the request).
 */
final class FakeAnthropic implements FakeUpstream.Script {
    static final String KEY = "sk-ant-fake-77e10c";
    static final String MODEL = "claude-opus-4-5-20251101";
    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public void answer(FakeUpstream.Call call) throws Exception {
        FakeUpstream.Request request = call.request();
        if (!KEY.equals(request.header("x-api-key"))) {
            error(call, 401, "authentication_error", "invalid x-api-key");
        } else if (request.header("anthropic-version") == null) {
            error(call, 400, "invalid_request_error", "anthropic-version: header is required");
        } else if (request.line().startsWith("GET /v1/models?limit=1000 ")) {
            call.json(200, models(MODEL, true));
        } else if (request.line().startsWith("GET /v1/models?limit=1000&after_id=" + MODEL)) {
            call.json(200, models("claude-haiku-4-5-20251001", false));
        } else if (request.line().startsWith("POST /v1/messages ")) {
            messages(call, JSON.readTree(request.body()));
        } else {
            error(call, 404, "not_found_error", "Not Found");
        }
    }

    private static String models(String id, boolean more) {
        return """
                {"data":[{"type":"model","id":"%s","display_name":"Claude","created_at":"2025-11-01T00:00:00Z",\
                "max_input_tokens":200000,"max_tokens":64000,"capabilities":{"image_input":{"supported":true}}}],\
                "has_more":%s,"first_id":"%s","last_id":"%s"}""".formatted(id, more, id, id);
    }

    private void messages(FakeUpstream.Call call, JsonNode request) throws Exception {
        String wrong = wrong(request);
        switch (request.path("model").asString()) {
            case "claude-missing", "missing" -> error(call, 404, "not_found_error", "model: missing");
            case "claude-limited", "limited" ->
                call.json(429, body("rate_limit_error", "This request would exceed your limit."), "retry-after: 7");
            case "picky" -> error(call, 400, "invalid_request_error", "temperature: range: 0..1");
            case "claude-overloaded" -> error(call, 529, "overloaded_error", "Overloaded");
            case "claude-long" ->
                error(call, 400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum");
            case "claude-slow" -> slow(call, request);
            case "claude-breaks" -> {
                call.sse();
                List<String> frames = stream(request);
                for (String frame : frames.subList(0, 4)) {
                    call.chunk(frame);
                }
                call.chunk(frame("error", body("overloaded_error", "Overloaded")));
                call.endChunks();
            }
            default -> {
                if (wrong != null) {
                    error(call, 400, "invalid_request_error", wrong);
                } else if (request.path("stream").asBoolean(false)) {
                    call.sse();
                    for (String frame : stream(request)) {
                        call.chunk(frame);
                    }
                    call.endChunks();
                } else {
                    call.json(200, message(request, content(request), true).toString(), "request-id: req_fake_1");
                }
            }
        }
    }

    private static void slow(FakeUpstream.Call call, JsonNode request) throws Exception {
        call.sse();
        for (String frame : stream(request).subList(0, 4)) {
            call.chunk(frame);
        }
        call.awaitGone(20_000);
    }

    /** What the real API would refuse; null = nothing. */
    static @Nullable String wrong(JsonNode request) {
        if (!request.path("max_tokens").isIntegralNumber()) {
            return "max_tokens: Field required";
        }
        boolean assistant = true;
        for (JsonNode message : request.path("messages")) {
            String role = message.path("role").asString();
            if (role.equals("system")
                    && !assistant
                    && takesSystem(request.path("model").asString(""))) {
                continue;
            }
            if (!role.equals("user") && !role.equals("assistant")) {
                return "messages: Unexpected role \"" + role + "\".";
            }
            if (role.equals("assistant") == assistant && !assistant) {
                return "messages: roles must alternate";
            }
            assistant = role.equals("assistant");
            for (JsonNode block : message.path("content")) {
                if (block.path("type").asString().equals("text")
                        && block.path("text").asString().isEmpty()) {
                    return "messages: text content blocks must be non-empty";
                }
                if (block.path("type").asString().equals("tool_use")
                        && !block.path("input").isObject()) {
                    return "messages: tool_use.input: Input should be a valid dictionary";
                }
            }
        }
        if (request.path("temperature").asDouble(0) > 1) {
            return "temperature: range: 0..1";
        }
        JsonNode thinking = request.path("thinking");
        long budget = thinking.path("budget_tokens").asLong(0);
        if (thinking.path("type").asString("").equals("enabled")
                && (budget < 1024 || budget >= request.path("max_tokens").asLong())) {
            return "thinking.enabled.budget_tokens: must be at least 1024 and less than max_tokens";
        }
        return null;
    }

    /** Opus 4.8 and what is newer take instructions after a user's message, the older ones only before all messages. */
    private static boolean takesSystem(String model) {
        return model.matches("claude-opus-4-[89].*|claude-[a-z]+-5.*");
    }

    /** The blocks of the answer. */
    private static List<ObjectNode> content(JsonNode request) {
        List<ObjectNode> blocks = new ArrayList<>();
        if (request.path("thinking").path("type").asString("").equals("enabled")) {
            blocks.add(block("thinking").put("thinking", "Let me see. 🤔").put("signature", "c2lnbmVk"));
        }
        JsonNode last = request.path("messages").get(request.path("messages").size() - 1);
        JsonNode said = last.path("content");
        if (said.isArray() && said.get(0).path("type").asString().equals("tool_result")) {
            blocks.add(block("text").put("text", Replies.told(results(request))));
        } else if (request.path("tools").size() > 0
                && !request.path("tool_choice").path("type").asString("").equals("none")) {
            boolean all = text(said).equals(Replies.ALL);
            for (JsonNode tool :
                    all ? request.path("tools") : List.of(request.path("tools").get(0))) {
                String name = tool.path("name").asString();
                ObjectNode call =
                        block("tool_use").put("id", "toolu_fake_" + name).put("name", name);
                call.set("input", JSON.readTree(Replies.arguments(text(said), name)));
                blocks.add(call);
            }
        } else if (request.path("output_config").has("format")) {
            blocks.add(block("text").put("text", Replies.ARGUMENTS));
        } else {
            blocks.add(block("text").put("text", reply(said)));
        }
        return blocks;
    }

    private static List<String> results(JsonNode request) {
        JsonNode messages = request.path("messages");
        Map<String, String> byId = new HashMap<>();
        for (JsonNode block : messages.path(messages.size() - 1).path("content")) {
            JsonNode result = block.path("content");
            byId.put(
                    block.path("tool_use_id").asString(""),
                    result.isArray() ? result.get(0).path("text").asString() : result.asString(""));
        }
        List<String> results = new ArrayList<>();
        for (JsonNode block : messages.path(messages.size() - 2).path("content")) {
            if (block.path("type").asString().equals("tool_use")) {
                results.add(byId.get(block.path("id").asString()));
            }
        }
        return results;
    }

    private static String reply(JsonNode said) {
        List<String> pictures = new ArrayList<>();
        for (JsonNode block : said) {
            if (block.path("type").asString().equals("image")) {
                pictures.add(block.path("source").path("data").asString());
            }
        }
        boolean looks = said.isArray() && said.get(0).path("text").asString("").equals(Replies.LOOK);
        return Replies.to(looks ? Replies.LOOK : text(said), pictures);
    }

    private static String text(JsonNode said) {
        if (said.isString()) {
            return said.asString();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode block : said) {
            text.append(
                    block.path("type").asString().equals("text")
                            ? block.path("text").asString()
                            : "[" + block.path("type").asString() + " "
                                    + block.path("source").path("type").asString() + "]");
        }
        return text.toString();
    }

    private static ObjectNode block(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    private static ObjectNode message(JsonNode request, List<ObjectNode> content, boolean ended) {
        ObjectNode message = JSON.createObjectNode().put("id", "msg_fake_1").put("type", "message");
        message.put("role", "assistant").put("model", request.path("model").asString());
        var blocks = message.putArray("content");
        if (ended) {
            content.forEach(blocks::add);
            message.put("stop_reason", reason(content));
        } else {
            message.putNull("stop_reason");
        }
        message.putNull("stop_sequence").put("x_not_yet_known", 1.50);
        usage(message.putObject("usage"), ended ? 5 : 1);
        return message;
    }

    private static String reason(List<ObjectNode> content) {
        boolean calls =
                content.stream().anyMatch(block -> block.path("type").asString().equals("tool_use"));
        return calls ? "tool_use" : "end_turn";
    }

    private static void usage(ObjectNode usage, int output) {
        usage.put("input_tokens", 6).put("cache_creation_input_tokens", 2).put("cache_read_input_tokens", 3);
        usage.put("output_tokens", output).put("service_tier", "standard");
    }

    private static List<String> stream(JsonNode request) {
        List<ObjectNode> content = content(request);
        List<String> frames = new ArrayList<>();
        ObjectNode start = block("message_start");
        start.set("message", message(request, List.of(), false));
        frames.add(frame("message_start", start.toString()));
        int index = 0;
        for (ObjectNode block : content) {
            blockFrames(frames, index++, block);
        }
        frames.add(frame("event_not_yet_known", "{\"type\":\"event_not_yet_known\",\"kept\":1.50}"));
        ObjectNode end = block("message_delta");
        end.putObject("delta").put("stop_reason", reason(content)).putNull("stop_sequence");
        end.putObject("usage").put("output_tokens", 5);
        frames.add(frame("message_delta", end.toString()));
        frames.add(frame("message_stop", "{\"type\":\"message_stop\"}"));
        return frames;
    }

    private static void blockFrames(List<String> frames, int index, ObjectNode block) {
        String type = block.path("type").asString();
        ObjectNode empty = block.deepCopy();
        List<ObjectNode> deltas = new ArrayList<>();
        switch (type) {
            case "text" -> {
                empty.put("text", "");
                pieces(block.path("text").asString())
                        .forEach(piece -> deltas.add(block("text_delta").put("text", piece)));
            }
            case "thinking" -> {
                empty.put("thinking", "").put("signature", "");
                pieces(block.path("thinking").asString())
                        .forEach(piece -> deltas.add(block("thinking_delta").put("thinking", piece)));
                deltas.add(block("signature_delta")
                        .put("signature", block.path("signature").asString()));
            }
            default -> {
                empty.putObject("input");
                deltas.add(block("input_json_delta").put("partial_json", ""));
                pieces(block.path("input").toString())
                        .forEach(piece -> deltas.add(block("input_json_delta").put("partial_json", piece)));
            }
        }
        ObjectNode start = block("content_block_start").put("index", index);
        start.set("content_block", empty);
        frames.add(frame("content_block_start", start.toString()));
        frames.add(frame("ping", "{\"type\": \"ping\"}"));
        for (ObjectNode delta : deltas) {
            ObjectNode event = block("content_block_delta").put("index", index);
            event.set("delta", delta);
            frames.add(frame("content_block_delta", event.toString()));
        }
        frames.add(frame(
                "content_block_stop",
                block("content_block_stop").put("index", index).toString()));
    }

    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int[] points = text.codePoints().toArray();
        for (int at = 0; at < points.length; at += 3) {
            pieces.add(new String(points, at, Math.min(3, points.length - at)));
        }
        return pieces;
    }

    private static String frame(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    private static String body(String type, String message) {
        ObjectNode body = block("error");
        body.putObject("error").put("type", type).put("message", message);
        return body.put("request_id", "req_fake_1").toString();
    }

    private static void error(FakeUpstream.Call call, int status, String type, String message) throws IOException {
        call.json(status, body(type, message));
    }
}
