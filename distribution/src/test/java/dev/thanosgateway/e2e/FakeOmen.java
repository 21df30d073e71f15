package dev.thanosgateway.e2e;

import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Omen as it really is: refuses what its Rust types refuse, cannot serve {@code auto}, lets Anthropic's own events
 * through, never says who served. Its lists and scores are counted, since each of them costs a token.
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
        } else if (model.equals("auto")) {
            error(call, 500, "Internal server error");
        } else if (request.path("stream").asBoolean(false)) {
            call.sse();
            event(
                    call,
                    "message_start",
                    "\"message\":{\"id\":\"msg_1\",\"model\":\"" + model + "\",\"content\":[],"
                            + "\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}");
            event(call, "content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"by Omen\"}");
            event(call, "message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}");
            event(call, "message_stop", "\"end\":true");
            call.endChunks();
        } else {
            call.json(200, """
                    {"id":"c1","object":"chat.completion","created":1761000000,"model":"%s","choices":[{"index":0,\
                    "message":{"role":"assistant","content":"by Omen","name":null,"tool_calls":null,"tool_call_id":null},\
                    "finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12},\
                    "system_fingerprint":null}""".formatted(model));
        }
    }

    private static void event(FakeUpstream.Call call, String type, String members) throws Exception {
        call.chunk("event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n");
    }

    static void error(FakeUpstream.Call call, int status, String message) throws Exception {
        call.json(
                status, "{\"error\":{\"message\":\"" + message + "\",\"type\":\"api_error\",\"code\":" + status + "}}");
    }

    private static String wrong(JsonNode request) {
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
