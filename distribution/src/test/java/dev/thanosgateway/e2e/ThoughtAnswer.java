package dev.thanosgateway.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One turn of a {@link ThoughtVendor}, whole or streamed. */
record ThoughtAnswer(ThoughtVendor.Language language, int turn, boolean stream) {
    private static final String ARGUMENTS = "{\"x\":1}";

    void write(FakeUpstream.Call call) throws IOException {
        switch (language) {
            case MESSAGES, UNSIGNED_MESSAGES -> messages(call);
            case CONTENTS -> contents(call);
            case RESPONSES, RESPONSES_AND_CHAT -> responses(call);
            case OLLAMA -> ollama(call);
            default -> chat(call);
        }
    }

    private String thought() {
        return "T" + turn;
    }

    /** Base64, since Google's clients decode it. */
    private String google() {
        return "RyUx" + turn;
    }

    private String words() {
        return turn == 3 ? "done" : "Let me look " + turn + ".";
    }

    private static void events(FakeUpstream.Call call, List<ObjectNode> events, boolean named) throws IOException {
        call.sse();
        for (ObjectNode event : events) {
            String name = named ? "event: " + event.path("type").asString() + "\n" : "";
            call.chunk(name + "data: " + event + "\n\n");
        }
        call.endChunks();
    }

    private void messages(FakeUpstream.Call call) throws IOException {
        ArrayNode content = ThoughtVendor.array();
        ObjectNode thinking = content.addObject().put("type", "thinking").put("thinking", thought());
        if (language == ThoughtVendor.Language.MESSAGES) {
            thinking.put("signature", "S" + turn);
            content.addObject().put("type", "redacted_thinking").put("data", "R" + turn);
        }
        content.addObject().put("type", "text").put("text", words());
        for (String id : ThoughtVendor.ids(turn)) {
            content.addObject()
                    .put("type", "tool_use")
                    .put("id", id)
                    .put("name", ThoughtVendor.calls(turn).get(id))
                    .putObject("input")
                    .put("x", 1);
        }
        ObjectNode message = ThoughtVendor.object().put("id", "msg_1").put("type", "message");
        message.put("role", "assistant").put("model", "some-dated-id");
        message.putObject("usage").put("input_tokens", 1).put("output_tokens", 1);
        String reason = turn == 3 ? "end_turn" : "tool_use";
        if (!stream) {
            message.set("content", content);
            call.json(200, message.put("stop_reason", reason).toString());
            return;
        }
        message.putArray("content");
        List<ObjectNode> events = new ArrayList<>();
        events.add(type("message_start").set("message", message));
        for (int i = 0; i < content.size(); i++) {
            block(events, i, (ObjectNode) content.get(i));
        }
        ObjectNode delta = type("message_delta");
        delta.putObject("delta").put("stop_reason", reason);
        delta.putObject("usage").put("output_tokens", 1);
        events.add(delta);
        events.add(type("message_stop"));
        events(call, events, true);
    }

    private static ObjectNode type(String type) {
        return ThoughtVendor.object().put("type", type);
    }

    private static void block(List<ObjectNode> events, int index, ObjectNode block) {
        String kind = block.path("type").asString();
        ObjectNode start = type("content_block_start").put("index", index);
        ObjectNode begun = block.deepCopy();
        List<ObjectNode> deltas = new ArrayList<>();
        if (kind.equals("thinking")) {
            begun.put("thinking", "");
            deltas.add(type("thinking_delta")
                    .put("thinking", block.path("thinking").asString()));
            if (block.has("signature")) {
                begun.put("signature", "");
                deltas.add(type("signature_delta")
                        .put("signature", block.path("signature").asString()));
            }
        } else if (kind.equals("text")) {
            begun.put("text", "");
            deltas.add(type("text_delta").put("text", block.path("text").asString()));
        } else if (kind.equals("tool_use")) {
            begun.putObject("input");
            deltas.add(type("input_json_delta").put("partial_json", ARGUMENTS));
        }
        events.add(start.set("content_block", begun));
        for (ObjectNode delta : deltas) {
            events.add(type("content_block_delta").put("index", index).set("delta", delta));
        }
        events.add(type("content_block_stop").put("index", index));
    }

    /** Gemini signs the first of several calls, and no thought. */
    private void contents(FakeUpstream.Call call) throws IOException {
        List<ObjectNode> parts = new ArrayList<>();
        parts.add(ThoughtVendor.object().put("text", thought()).put("thought", true));
        parts.add(ThoughtVendor.object().put("text", words()));
        boolean first = true;
        for (String id : ThoughtVendor.ids(turn)) {
            ObjectNode part = ThoughtVendor.object();
            part.putObject("functionCall")
                    .put("id", id)
                    .put("name", ThoughtVendor.calls(turn).get(id))
                    .putObject("args")
                    .put("x", 1);
            if (first) {
                part.put("thoughtSignature", google());
            }
            first = false;
            parts.add(part);
        }
        if (!stream) {
            call.json(200, candidate(parts, true).toString());
            return;
        }
        List<ObjectNode> events = new ArrayList<>();
        for (ObjectNode part : parts) {
            events.add(candidate(List.of(part), events.size() == parts.size() - 1));
        }
        events(call, events, false);
    }

    private static ObjectNode candidate(List<ObjectNode> parts, boolean last) {
        ObjectNode answer = ThoughtVendor.object();
        ObjectNode candidate = answer.putArray("candidates").addObject().put("index", 0);
        ArrayNode all = candidate.putObject("content").put("role", "model").putArray("parts");
        parts.forEach(all::add);
        if (last) {
            candidate.put("finishReason", "STOP");
        }
        answer.putObject("usageMetadata").put("promptTokenCount", 1).put("candidatesTokenCount", 1);
        return answer;
    }

    private void responses(FakeUpstream.Call call) throws IOException {
        ArrayNode output = ThoughtVendor.array();
        ObjectNode thought = output.addObject().put("id", "rs_" + turn).put("type", "reasoning");
        thought.putArray("summary").addObject().put("type", "summary_text").put("text", thought());
        thought.put("encrypted_content", "E" + turn);
        ObjectNode message = output.addObject().put("id", "msg_" + turn).put("type", "message");
        message.put("role", "assistant").put("status", "completed");
        message.putArray("content")
                .addObject()
                .put("type", "output_text")
                .put("text", words())
                .putArray("annotations");
        for (String id : ThoughtVendor.ids(turn)) {
            output.addObject()
                    .put("id", "fc_" + id)
                    .put("type", "function_call")
                    .put("status", "completed")
                    .put("call_id", id)
                    .put("name", ThoughtVendor.calls(turn).get(id))
                    .put("arguments", ARGUMENTS);
        }
        ObjectNode response = ThoughtVendor.object().put("id", "resp_1").put("object", "response");
        response.put("created_at", 1).put("status", "completed").put("model", "some-dated-id");
        response.putObject("usage")
                .put("input_tokens", 1)
                .put("output_tokens", 1)
                .put("total_tokens", 2);
        if (!stream) {
            call.json(200, response.set("output", output).toString());
            return;
        }
        List<ObjectNode> events = new ArrayList<>();
        ObjectNode begun = response.deepCopy().put("status", "in_progress");
        begun.putArray("output");
        events.add(type("response.created").set("response", begun));
        for (int i = 0; i < output.size(); i++) {
            item(events, i, (ObjectNode) output.get(i));
        }
        events.add(type("response.completed").set("response", response.set("output", output)));
        events(call, events, true);
    }

    private static void item(List<ObjectNode> events, int index, ObjectNode item) {
        String id = item.path("id").asString();
        events.add(type("response.output_item.added").put("output_index", index).set("item", item));
        ObjectNode delta;
        switch (item.path("type").asString()) {
            case "reasoning" ->
                delta = type("response.reasoning_summary_text.delta")
                        .put("summary_index", 0)
                        .put("delta", item.path("summary").path(0).path("text").asString());
            case "message" ->
                delta = type("response.output_text.delta")
                        .put("content_index", 0)
                        .put("delta", item.path("content").path(0).path("text").asString());
            default -> delta = type("response.function_call_arguments.delta").put("delta", ARGUMENTS);
        }
        events.add(delta.put("item_id", id).put("output_index", index));
        events.add(type("response.output_item.done").put("output_index", index).set("item", item));
    }

    private void ollama(FakeUpstream.Call call) throws IOException {
        ObjectNode message = ThoughtVendor.object().put("role", "assistant").put("content", words());
        message.put("thinking", thought());
        int index = 0;
        for (String id : ThoughtVendor.ids(turn)) {
            ObjectNode function =
                    message.withArray("tool_calls").addObject().put("id", id).putObject("function");
            function.put("index", index++).put("name", ThoughtVendor.calls(turn).get(id));
            function.putObject("arguments").put("x", 1);
        }
        if (!stream) {
            call.json(200, line(message, true).toString());
            return;
        }
        ObjectNode thinking = ThoughtVendor.object().put("role", "assistant").put("content", "");
        message.remove("thinking");
        call.head(200, "application/x-ndjson");
        call.chunk(line(thinking.put("thinking", thought()), false) + "\n");
        call.chunk(line(message, false) + "\n");
        call.chunk(line(ThoughtVendor.object().put("role", "assistant").put("content", ""), true) + "\n");
        call.endChunks();
    }

    private static ObjectNode line(ObjectNode message, boolean done) {
        ObjectNode line = ThoughtVendor.object().put("model", "m").put("created_at", "2026-01-01T00:00:00Z");
        line.set("message", message);
        return done ? line.put("done", true).put("done_reason", "stop") : line.put("done", false);
    }

    private void chat(FakeUpstream.Call call) throws IOException {
        ObjectNode message = ThoughtVendor.object().put("role", "assistant");
        proofs(message);
        if (!message.has("content")) {
            message.put("content", words());
        }
        ArrayNode calls = ThoughtVendor.array();
        boolean padded = language == ThoughtVendor.Language.PARTS;
        for (String id : ThoughtVendor.ids(turn)) {
            ObjectNode one = calls.addObject().put("index", calls.size() - 1);
            one.put("id", padded ? id + "000000" : id).put("type", "function");
            one.putObject("function")
                    .put("name", ThoughtVendor.calls(turn).get(id))
                    .put("arguments", ARGUMENTS);
            if (language == ThoughtVendor.Language.EXTRA_CONTENT && calls.size() == 1) {
                one.putObject("extra_content").putObject("google").put("thought_signature", google());
            }
        }
        String reason = turn == 3 ? "stop" : "tool_calls";
        if (!stream) {
            if (!calls.isEmpty()) {
                message.set("tool_calls", calls);
            }
            call.json(200, choice("message", message, reason).toString());
            return;
        }
        List<ObjectNode> events = new ArrayList<>();
        message.properties()
                .forEach(member -> events.add(
                        choice("delta", ThoughtVendor.object().set(member.getKey(), member.getValue()), null)));
        for (JsonNode one : calls) {
            ObjectNode delta = ThoughtVendor.object();
            delta.putArray("tool_calls").add(one);
            events.add(choice("delta", delta, null));
        }
        events.add(choice("delta", ThoughtVendor.object(), reason));
        call.sse();
        for (ObjectNode event : events) {
            call.frame(event.toString());
        }
        call.frame("[DONE]");
        call.endChunks();
    }

    private void proofs(ObjectNode message) {
        switch (language) {
            case REASONING_CONTENT -> message.put("reasoning_content", thought());
            case REASONING -> message.put("reasoning", thought());
            case REASONING_DETAILS -> {
                message.put("reasoning", thought());
                ArrayNode details = message.putArray("reasoning_details");
                details.addObject()
                        .put("type", "reasoning.text")
                        .put("text", thought())
                        .put("signature", "S" + turn)
                        .put("format", "anthropic-claude-v1")
                        .put("index", 0);
                details.addObject()
                        .put("type", "reasoning.encrypted")
                        .put("data", "D" + turn)
                        .put("format", "anthropic-claude-v1")
                        .put("index", 1);
            }
            case PARTS -> {
                ArrayNode content = message.putArray("content");
                content.addObject()
                        .put("type", "thinking")
                        .putArray("thinking")
                        .addObject()
                        .put("type", "text")
                        .put("text", thought());
                content.addObject().put("type", "text").put("text", words());
            }
            default -> {}
        }
    }

    private static ObjectNode choice(String member, ObjectNode message, @Nullable String reason) {
        ObjectNode answer = ThoughtVendor.object().put("id", "chatcmpl-1").put("created", 1);
        answer.put("object", member.equals("delta") ? "chat.completion.chunk" : "chat.completion");
        answer.put("model", "m");
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        choice.set(member, message);
        choice.put("finish_reason", reason);
        return answer;
    }
}
