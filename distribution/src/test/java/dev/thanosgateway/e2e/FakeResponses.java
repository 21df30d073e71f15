package dev.thanosgateway.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's Responses and legacy completions as published, whole and streamed, with the answers of {@link FakeOpenAi},
 * which has the rest. Refuses reasoning it did not encrypt. Model {@code broken}
 * fails in the middle.
 */
final class FakeResponses implements FakeUpstream.Script {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWN = "gAAAAfake";

    private final FakeOpenAi rest = new FakeOpenAi();

    @Override
    public void answer(FakeUpstream.Call call) throws Exception {
        String line = call.request().line();
        if (line.startsWith("POST /v1/responses ")) {
            responses(call, JSON.readTree(call.request().body()));
        } else if (line.startsWith("POST /v1/completions ")) {
            completions(call, JSON.readTree(call.request().body()));
        } else {
            rest.answer(call);
        }
    }

    private static void responses(FakeUpstream.Call call, JsonNode request) throws IOException {
        if (FakeOpenAi.refused(call, request.path("model").asString())) {
            return;
        }
        for (JsonNode item : request.path("input")) {
            if (item.has("encrypted_content")
                    && !item.path("encrypted_content").asString("").equals(OWN)) {
                call.json(
                        400,
                        "{\"error\":{\"message\":\"The encrypted content could not be verified.\",\"type\":"
                                + "\"invalid_request_error\",\"param\":null,\"code\":\"invalid_encrypted_content\"}}");
                return;
            }
        }
        if (!request.path("stream").asBoolean(false)) {
            call.json(200, response(request, "completed", output(request)).toString());
            return;
        }
        call.sse();
        int number = 0;
        for (ObjectNode event : events(request)) {
            event.put("sequence_number", number++);
            String type = event.path("type").asString();
            call.chunk("event: " + type + "\ndata: " + event + "\n\n");
            if (type.endsWith(".delta") && request.path("model").asString().equals("broken")) {
                call.chunk(
                        "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"It broke.\","
                                + "\"param\":null,\"sequence_number\":" + number + "}\n\n");
                break;
            }
        }
        call.endChunks();
    }

    private static ObjectNode response(JsonNode request, String status, ArrayNode output) {
        ObjectNode response = JSON.createObjectNode().put("id", "resp_fake_1").put("object", "response");
        response.put("created_at", 1_790_000_000L).put("status", status).put("x_not_yet_known", 1.5);
        response.putNull("error").putNull("incomplete_details").putNull("instructions");
        response.put("model", request.path("model").asString() + "-2026").set("output", output);
        response.put("parallel_tool_calls", true).put("tool_choice", "auto").putArray("tools");
        if (request.has("text")) {
            response.set("text", request.path("text"));
        }
        if (!status.equals("completed")) {
            return response.putNull("usage");
        }
        ObjectNode usage = response.putObject("usage").put("input_tokens", 11).put("output_tokens", 5);
        usage.put("total_tokens", 16).putObject("input_tokens_details").put("cached_tokens", 3);
        usage.putObject("output_tokens_details").put("reasoning_tokens", 2);
        return response;
    }

    private static ArrayNode output(JsonNode request) {
        ArrayNode output = JSON.createArrayNode();
        JsonNode input = request.path("input");
        JsonNode last = input.isArray() ? input.get(input.size() - 1) : input;
        if (request.path("reasoning").has("effort")) {
            ObjectNode thought = output.addObject().put("id", "rs_fake_1").put("type", "reasoning");
            thought.putArray("summary").addObject().put("type", "summary_text").put("text", "let me think");
            thought.put("encrypted_content", OWN);
        }
        List<String> called = called(request, last);
        for (String tool : called) {
            String id = "_fake_" + (called.indexOf(tool) + 1);
            ObjectNode call = output.addObject().put("id", "fc" + id).put("type", "function_call");
            call.put("status", "completed").put("call_id", "call" + id).put("name", tool);
            call.put("arguments", Replies.arguments(said(last), tool));
        }
        if (!called.isEmpty()) {
            return output;
        }
        String text =
                request.path("text").path("format").path("type").asString("").equals("json_schema")
                        ? Replies.ARGUMENTS
                        : last.has("output") ? Replies.told(results(input)) : Replies.to(said(last), pictures(last));
        ObjectNode message = output.addObject().put("id", "msg_fake_1").put("type", "message");
        message.put("status", "completed").put("role", "assistant");
        ObjectNode part = message.putArray("content")
                .addObject()
                .put("type", "output_text")
                .put("text", text);
        part.putArray("annotations");
        return output;
    }

    /** The first tool, or all; none once there is a result. */
    private static List<String> called(JsonNode request, JsonNode last) {
        List<String> names = new ArrayList<>();
        if (!last.has("output")) {
            request.path("tools").forEach(tool -> names.add(tool.path("name").asString()));
        }
        return names.isEmpty() || said(last).equals(Replies.ALL) ? names : names.subList(0, 1);
    }

    /** In the order of their calls. */
    private static List<String> results(JsonNode input) {
        Map<String, String> byId = new LinkedHashMap<>();
        for (JsonNode item : input) {
            if (item.path("type").asString("").equals("function_call")) {
                byId.put(item.path("call_id").asString(), "");
            } else if (item.has("output")) {
                byId.put(item.path("call_id").asString(), said(item.path("output")));
            }
        }
        return List.copyOf(byId.values());
    }

    private static List<String> pictures(JsonNode last) {
        List<String> pictures = new ArrayList<>();
        for (JsonNode part : last.path("content")) {
            if (part.has("image_url")) {
                String url = part.path("image_url").asString();
                pictures.add(url.substring(url.indexOf(',') + 1));
            }
        }
        return pictures;
    }

    private static String said(JsonNode last) {
        JsonNode content = last.isObject() ? last.path("content") : last;
        return content.isArray() ? content.get(0).path("text").asString() : content.asString();
    }

    private static ObjectNode event(String type) {
        return JSON.createObjectNode().put("type", "response." + type);
    }

    private static List<ObjectNode> events(JsonNode request) {
        List<ObjectNode> events = new ArrayList<>();
        ArrayNode output = output(request);
        for (String type : List.of("created", "in_progress")) {
            ObjectNode begun = event(type);
            begun.set("response", response(request, "in_progress", JSON.createArrayNode()));
            events.add(begun);
        }
        for (int i = 0; i < output.size(); i++) {
            ObjectNode item = (ObjectNode) output.get(i);
            ObjectNode bare = item.deepCopy();
            boolean message = item.path("type").asString().equals("message");
            if (message) {
                bare.putArray("content");
            } else if (item.has("arguments")) {
                bare.put("arguments", "");
            }
            ObjectNode added = event("output_item.added").put("output_index", i);
            added.set("item", bare);
            events.add(added);
            if (message) {
                text(events, i, item);
            } else if (item.has("arguments")) {
                String arguments = item.path("arguments").asString();
                events.add(about("function_call_arguments.delta", i, item).put("delta", arguments));
                events.add(about("function_call_arguments.done", i, item).put("arguments", arguments));
            }
            ObjectNode done = event("output_item.done").put("output_index", i);
            done.set("item", item);
            events.add(done);
        }
        ObjectNode last = event("completed");
        last.set("response", response(request, "completed", output));
        events.add(last);
        return events;
    }

    private static ObjectNode about(String type, int index, ObjectNode item) {
        return event(type)
                .put("output_index", index)
                .put("item_id", item.path("id").asString());
    }

    private static void text(List<ObjectNode> events, int index, ObjectNode item) {
        ObjectNode part = (ObjectNode) item.path("content").get(0);
        ObjectNode begun = about("content_part.added", index, item).put("content_index", 0);
        begun.set("part", part.deepCopy().put("text", ""));
        events.add(begun);
        String text = part.path("text").asString();
        int middle = text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
        for (String piece : List.of(text.substring(0, middle), text.substring(middle))) {
            events.add(about("output_text.delta", index, item)
                    .put("content_index", 0)
                    .put("delta", piece));
        }
        events.add(
                about("output_text.done", index, item).put("content_index", 0).put("text", text));
        ObjectNode done = about("content_part.done", index, item).put("content_index", 0);
        done.set("part", part);
        events.add(done);
    }

    private static void completions(FakeUpstream.Call call, JsonNode request) throws IOException {
        JsonNode prompts = request.path("prompt");
        List<String> texts = new ArrayList<>();
        if (prompts.isArray()) {
            prompts.forEach(one -> texts.add(FakeOpenAi.reply(one.asString())));
        } else {
            texts.add(FakeOpenAi.reply(prompts.asString())
                    + request.path("suffix").asString(""));
        }
        if (!request.path("stream").asBoolean(false)) {
            call.json(200, completion(request, texts, "stop"));
            return;
        }
        call.sse();
        call.chunk("data: " + completion(request, texts, null) + "\n\n");
        call.chunk("data: " + completion(request, texts.stream().map(text -> "").toList(), "stop") + "\n\n");
        call.chunk("data: [DONE]\n\n");
        call.endChunks();
    }

    private static String completion(JsonNode request, List<String> texts, String finish) {
        ObjectNode answer = JSON.createObjectNode().put("id", "cmpl-fake-1").put("object", "text_completion");
        answer.put("created", 1_790_000_000L).put("model", request.path("model").asString() + "-2026");
        ArrayNode choices = answer.putArray("choices");
        for (int i = 0; i < texts.size(); i++) {
            ObjectNode choice = choices.addObject().put("text", texts.get(i)).put("index", i);
            choice.putNull("logprobs").put("finish_reason", finish);
        }
        if (!request.path("stream").asBoolean(false)) {
            answer.putObject("usage")
                    .put("prompt_tokens", 11)
                    .put("completion_tokens", 5)
                    .put("total_tokens", 16);
        }
        return answer.toString();
    }
}
