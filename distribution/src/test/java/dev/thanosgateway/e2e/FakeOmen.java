package dev.thanosgateway.e2e;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Omen as it really is: refuses what its Rust types refuse, cannot serve {@code auto}, lets Anthropic's own events
 * through, never says who served; with the answers of {@link FakeOpenAi}. Model {@code missing} is not known, {@code
 * limited} is rate limited, {@code picky} refuses the request. Its lists and scores are counted, since each of them
 * costs a token.
 */
final class FakeOmen implements FakeUpstream.Script {
    static final String BEST = "claude-sonnet-4-5-20250929";
    private static final JsonMapper JSON = JsonMapper.shared();

    final AtomicInteger billed = new AtomicInteger();
    /** What it does with a chat instead of serving it. */
    volatile FakeUpstream.Script chat = this::serve;

    @Override
    public void answer(FakeUpstream.Call call) throws Exception {
        switch (call.request().path()) {
            case "/v1/models" -> {
                billed.incrementAndGet();
                call.json(
                        200,
                        "{\"object\":\"list\",\"data\":[" + model("gpt-4o", "openai", 0.0025) + ","
                                + model(BEST, "anthropic", 0.003) + "]}");
            }
            case "/omen/providers/scores" -> {
                billed.incrementAndGet();
                call.json(200, "[" + score("anthropic", 0.83) + "," + score("openai", 0.71) + "]");
            }
            case "/v1/chat/completions" -> chat.answer(call);
            default -> call.whole(404, "text/plain", "");
        }
    }

    private static String model(String id, String vendor, double price) {
        return """
                {"id":"%s","object":"model","created":1761000000,"owned_by":"%s","provider":"%s","context_length":128000,\
                "pricing":{"input_per_1k":%s,"output_per_1k":0.01},\
                "capabilities":{"vision":true,"functions":true,"streaming":true}}""".formatted(id, vendor, vendor, price);
    }

    private static String score(String vendor, double overall) {
        return """
                {"provider_id":"%s","provider_name":"%s","health_score":1.0,"latency_ms":400,"cost_score":0.5,\
                "reliability_score":0.99,"overall_score":%s,"recommended":true}""".formatted(vendor, vendor, overall);
    }

    void serve(FakeUpstream.Call call) throws Exception {
        JsonNode request = JSON.readTree(call.request().body());
        String wrong = wrong(request);
        String model = request.path("model").asString();
        if (wrong != null) {
            error(call, 400, "Invalid request: " + wrong);
            return;
        }
        switch (model) {
            case "auto" -> error(call, 500, "Internal server error");
            case "missing" -> error(call, 404, "Model not found: missing");
            case "limited" -> error(call, 429, "Rate limit exceeded");
            case "picky" -> error(call, 400, "Invalid request: temperature");
            default -> {
                if (request.path("stream").asBoolean(false)) {
                    stream(call, request);
                } else {
                    call.json(200, whole(request));
                }
            }
        }
    }

    private static String whole(JsonNode request) {
        List<String> called = FakeOpenAi.tools(request);
        ObjectNode answer = JSON.createObjectNode().put("id", "c1").put("object", "chat.completion");
        answer.put("created", 1_761_000_000L).set("model", request.path("model"));
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        message.put("content", called.isEmpty() ? FakeOpenAi.text(request) : null)
                .putNull("name");
        ArrayNode calls = JSON.createArrayNode();
        for (String name : called) {
            ObjectNode call = calls.addObject();
            call.put("id", "call_" + calls.size()).put("type", "function");
            call.putObject("function").put("name", name).put("arguments", FakeOpenAi.arguments(request, name));
        }
        message.set("tool_calls", called.isEmpty() ? JSON.nullNode() : calls);
        message.putNull("tool_call_id");
        choice.put("finish_reason", called.isEmpty() ? "stop" : "tool_calls");
        answer.putObject("usage")
                .put("prompt_tokens", 11)
                .put("completion_tokens", 5)
                .put("total_tokens", 16);
        return answer.putNull("system_fingerprint").toString();
    }

    private static void stream(FakeUpstream.Call call, JsonNode request) throws Exception {
        List<String> called = FakeOpenAi.tools(request);
        call.sse();
        event(
                call,
                "message_start",
                "\"message\":{\"id\":\"msg_1\",\"model\":" + request.path("model")
                        + ",\"content\":[],\"usage\":{\"input_tokens\":11,\"output_tokens\":1}}");
        for (int i = 0; i < called.size(); i++) {
            ObjectNode tool = JSON.createObjectNode().put("type", "tool_use").put("id", "toolu_" + i);
            tool.put("name", called.get(i)).putObject("input");
            block(call, i, tool, "input_json_delta", "partial_json", FakeOpenAi.arguments(request, called.get(i)));
        }
        if (called.isEmpty()) {
            ObjectNode text = JSON.createObjectNode().put("type", "text").put("text", "");
            block(call, 0, text, "text_delta", "text", FakeOpenAi.text(request));
        }
        event(
                call,
                "message_delta",
                "\"delta\":{\"stop_reason\":\"" + (called.isEmpty() ? "end_turn" : "tool_use")
                        + "\"},\"usage\":{\"output_tokens\":5}");
        event(call, "message_stop", "\"end\":true");
        call.endChunks();
    }

    private static void block(
            FakeUpstream.Call call, int index, ObjectNode start, String type, String member, String all)
            throws Exception {
        String at = "\"index\":" + index;
        event(call, "content_block_start", at + ",\"content_block\":" + start);
        for (String piece : FakeOpenAi.pieces(all)) {
            ObjectNode delta = JSON.createObjectNode().put("type", type).put(member, piece);
            event(call, "content_block_delta", at + ",\"delta\":" + delta);
        }
        event(call, "content_block_stop", at);
    }

    private static void event(FakeUpstream.Call call, String type, String members) throws Exception {
        call.chunk("event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n");
    }

    static void error(FakeUpstream.Call call, int status, String message) throws Exception {
        call.json(
                status, "{\"error\":{\"message\":\"" + message + "\",\"type\":\"api_error\",\"code\":" + status + "}}");
    }

    static @Nullable String wrong(JsonNode request) {
        for (JsonNode message : request.path("messages")) {
            JsonNode content = message.path("content");
            if (!content.isString() && !content.isArray()) {
                return "content must be text or parts";
            }
            if (message.path("role").asString().equals("developer")) {
                return "unknown variant developer";
            }
        }
        for (JsonNode tool : request.path("tools")) {
            if (!tool.path("function").path("parameters").isObject()) {
                return "missing field parameters";
            }
        }
        if (request.has("stop") && !request.path("stop").isArray()) {
            return "stop must be a list";
        }
        for (JsonNode tag : request.path("tags")) {
            if (!tag.isString()) {
                return "tags must be strings";
            }
        }
        return request.path("tool_choice").isString() ? "did not match any variant of ToolChoice" : null;
    }
}
