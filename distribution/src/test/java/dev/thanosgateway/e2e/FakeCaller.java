package dev.thanosgateway.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An upstream of any language whose model calls the first function whose name has {@code close} in it, and the tool
 * {@code apply_patch} with a text. It has no custom tools and refuses what is no function.
 */
final class FakeCaller implements FakeUpstream.Script {
    /** What the patch says. */
    static final String PATCH = "*** Begin Patch\n+\"é 😀\"\n*** End Patch";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String CLOSE = "{\"target\":\"7\"}";

    private final FakeUpstream.Script rest;

    /** @param rest answers what is no chat */
    FakeCaller(FakeUpstream.Script rest) {
        this.rest = rest;
    }

    private static String patch() {
        return JSON.createObjectNode().put("input", PATCH).toString();
    }

    private static String pathOf(FakeUpstream.Call call) {
        return call.request().path().replaceFirst("\\?.*", "");
    }

    @Override
    public void answer(FakeUpstream.Call call) throws Exception {
        String path = pathOf(call);
        JsonNode request = call.request().line().startsWith("POST ")
                ? JSON.readTree(call.request().body())
                : JSON.createObjectNode();
        switch (path) {
            case "/v1/chat/completions" -> chat(call, names(request.path("tools"), "function"));
            case "/v1/messages" -> messages(call, names(request.path("tools"), ""));
            case "/api/chat" -> ollama(call, names(request.path("tools"), "function"));
            case "/v1/responses" -> responses(call, request.path("tools"));
            default -> {
                if (path.endsWith(":streamGenerateContent")) {
                    gemini(call, names(request.path("tools").path(0).path("functionDeclarations"), ""));
                } else {
                    rest.answer(call);
                }
            }
        }
    }

    /** The names of the functions {@code close} and {@code apply_patch}. */
    private static List<String> names(JsonNode tools, String below) {
        List<String> all = new ArrayList<>();
        for (JsonNode tool : tools) {
            JsonNode function = below.isEmpty() ? tool : tool.path(below);
            all.add(function.path("name").asString("not a function: " + tool));
        }
        String close =
                all.stream().filter(name -> name.contains("close")).findFirst().orElse("none");
        return List.of(close, all.contains("apply_patch") ? "apply_patch" : "none");
    }

    private static void chat(FakeUpstream.Call call, List<String> names) throws IOException {
        call.sse();
        for (int i = 0; i < 2; i++) {
            ObjectNode begun = JSON.createObjectNode()
                    .put("index", i)
                    .put("id", "call_" + i)
                    .put("type", "function");
            begun.putObject("function").put("name", names.get(i)).put("arguments", "");
            call.frame(chunk(begun, null));
            String arguments = i == 0 ? CLOSE : patch();
            for (int at = 0; at < arguments.length(); at += 5) {
                ObjectNode piece = JSON.createObjectNode().put("index", i);
                int end = Math.min(arguments.length(), at + 5);
                piece.putObject("function").put("arguments", arguments.substring(at, end));
                call.frame(chunk(piece, null));
            }
        }
        call.frame(chunk(null, "tool_calls"));
        call.frame("[DONE]");
        call.endChunks();
    }

    private static String chunk(@Nullable ObjectNode piece, @Nullable String reason) {
        ObjectNode chunk = JSON.createObjectNode().put("id", "c1").put("object", "chat.completion.chunk");
        ObjectNode choice = chunk.put("created", 1)
                .put("model", "m")
                .putArray("choices")
                .addObject()
                .put("index", 0);
        ObjectNode delta = choice.putObject("delta");
        if (piece != null) {
            delta.putArray("tool_calls").add(piece);
        }
        choice.put("finish_reason", reason);
        return chunk.toString();
    }

    private static void messages(FakeUpstream.Call call, List<String> names) throws IOException {
        call.sse();
        event(
                call,
                "message_start",
                "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\","
                        + "\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}");
        for (int i = 0; i < 2; i++) {
            event(
                    call,
                    "content_block_start",
                    "\"index\":" + i + ",\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_" + i
                            + "\",\"name\":\"" + names.get(i) + "\",\"input\":{}}");
            String arguments = i == 0 ? CLOSE : patch();
            for (String piece : List.of(arguments.substring(0, 9), arguments.substring(9))) {
                event(
                        call,
                        "content_block_delta",
                        "\"index\":" + i + ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":"
                                + JSON.writeValueAsString(piece) + "}");
            }
            event(call, "content_block_stop", "\"index\":" + i);
        }
        event(
                call,
                "message_delta",
                "\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":20}");
        call.chunk("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        call.endChunks();
    }

    private static void event(FakeUpstream.Call call, String type, String members) throws IOException {
        call.chunk("event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n");
    }

    private static void gemini(FakeUpstream.Call call, List<String> names) throws IOException {
        ObjectNode answer = JSON.createObjectNode().put("modelVersion", "g").put("responseId", "r1");
        ObjectNode candidate =
                answer.putArray("candidates").addObject().put("index", 0).put("finishReason", "STOP");
        ArrayNode parts = candidate.putObject("content").put("role", "model").putArray("parts");
        for (int i = 0; i < 2; i++) {
            ObjectNode function = parts.addObject().putObject("functionCall").put("name", names.get(i));
            function.set("args", JSON.readTree(i == 0 ? CLOSE : patch()));
        }
        call.sse();
        call.frame(answer.toString());
        call.endChunks();
    }

    private static void ollama(FakeUpstream.Call call, List<String> names) throws IOException {
        ObjectNode line = JSON.createObjectNode().put("model", "llama3.2").put("done", false);
        ObjectNode message = line.put("created_at", "2026-11-27T08:52:19Z").putObject("message");
        ArrayNode calls = message.put("role", "assistant").put("content", "").putArray("tool_calls");
        for (int i = 0; i < 2; i++) {
            ObjectNode function = calls.addObject().put("id", "call_" + i).putObject("function");
            function.put("name", names.get(i)).set("arguments", JSON.readTree(i == 0 ? CLOSE : patch()));
        }
        call.head(200, "application/x-ndjson");
        call.chunk(line + "\n");
        call.chunk(
                "{\"model\":\"llama3.2\",\"created_at\":\"2026-11-27T08:52:19Z\",\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":9,\"eval_count\":2}\n");
        call.endChunks();
    }

    private static void responses(FakeUpstream.Call call, JsonNode tools) throws IOException {
        for (JsonNode tool : tools) {
            String type = tool.path("type").asString();
            if (!type.equals("function") && !type.equals("web_search")) {
                call.json(400, "{\"error\":{\"message\":\"Unknown tool type " + type + "\"}}");
                return;
            }
        }
        List<String> names = names(tools, "");
        ObjectNode response = JSON.createObjectNode()
                .put("id", "resp_1")
                .put("object", "response")
                .put("created_at", 1);
        response.put("model", "grok").put("status", "in_progress").putArray("output");
        call.sse();
        call.chunk("event: response.created\ndata: {\"type\":\"response.created\",\"response\":" + response + "}\n\n");
        ArrayNode output = JSON.createArrayNode();
        for (int i = 0; i < 2; i++) {
            ObjectNode item = output.addObject().put("type", "function_call").put("id", "fc_" + i);
            item.put("call_id", "call_" + i).put("name", names.get(i)).put("arguments", i == 0 ? CLOSE : patch());
            call.chunk(
                    "event: response.output_item.done\ndata: {\"type\":\"response.output_item.done\",\"output_index\":"
                            + i + ",\"item\":" + item + "}\n\n");
        }
        response.put("status", "completed").set("output", output);
        call.chunk(
                "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":" + response + "}\n\n");
        call.endChunks();
    }
}
