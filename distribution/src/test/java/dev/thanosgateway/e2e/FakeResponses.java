package dev.thanosgateway.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
    private static final String ARGUMENTS = "{\"city\":\"Zürich 🏔\"}";

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
        if (request.path("tools").size() > 0 && !last.path("type").asString("").equals("function_call_output")) {
            ObjectNode tool = output.addObject().put("id", "fc_fake_1").put("type", "function_call");
            tool.put("status", "completed").put("call_id", "call_fake_1");
            tool.put("name", request.path("tools").get(0).path("name").asString())
                    .put("arguments", ARGUMENTS);
            return output;
        }
        String text =
                request.path("text").path("format").path("type").asString("").equals("json_schema")
                        ? ARGUMENTS
                        : last.has("output")
                                ? "The tool said: " + last.path("output").asString()
                                : FakeOpenAi.reply(said(last));
        ObjectNode message = output.addObject().put("id", "msg_fake_1").put("type", "message");
        message.put("status", "completed").put("role", "assistant");
        ObjectNode part = message.putArray("content")
                .addObject()
                .put("type", "output_text")
                .put("text", text);
        part.putArray("annotations");
        return output;
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
                events.add(about("function_call_arguments.delta", i, item).put("delta", ARGUMENTS));
                events.add(about("function_call_arguments.done", i, item).put("arguments", ARGUMENTS));
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
