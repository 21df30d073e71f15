package dev.thanosgateway.e2e;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's messages. Thinking is signed, and a signature of another's is refused. */
final class MessagesLanguage implements Language {
    static final String SIGNATURE = "RXJzdGVyIEdlZGFua2U=";
    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public boolean isChat(String path) {
        return path.matches("/v1/messages(\\?.*)?");
    }

    @Override
    public @Nullable String wrong(String path, JsonNode request) {
        String wrong = FakeAnthropic.wrong(request);
        if (wrong != null) {
            return wrong;
        }
        boolean thinks =
                request.path("thinking").path("type").asString("disabled").matches("enabled|adaptive");
        List<String> open = List.of();
        for (JsonNode message : request.path("messages")) {
            List<String> calls = new ArrayList<>();
            List<String> results = new ArrayList<>();
            for (JsonNode block : message.path("content")) {
                String type = block.path("type").asString("");
                if (type.equals("thinking")
                        && !SIGNATURE.equals(block.path("signature").asString(""))) {
                    return "messages: Invalid `signature` in `thinking` block";
                }
                if (type.equals("tool_use")) {
                    calls.add(block.path("id").asString(""));
                } else if (type.equals("tool_result")) {
                    results.add(block.path("tool_use_id").asString(""));
                }
            }
            if (!results.containsAll(open)) {
                return "messages: `tool_use` ids were found without `tool_result` blocks immediately after: " + open;
            }
            if (!open.containsAll(results)) {
                return "messages: unexpected `tool_use_id` found in `tool_result` blocks: " + results;
            }
            open = calls;
        }
        return open.isEmpty() || !thinks ? null : "messages: `tool_use` without `tool_result`";
    }

    @Override
    public Turn read(String path, JsonNode request) {
        Turn.Reader reader = new Turn.Reader();
        for (JsonNode tool : request.path("tools")) {
            reader.tools.add(new Turn.Tool(tool.path("name").asString(""), tool.path("input_schema"), false));
        }
        for (JsonNode message : request.path("messages")) {
            reader.close();
            boolean user = message.path("role").asString("").equals("user");
            if (message.path("content").isString() && user) {
                reader.said.add(message.path("content").asString());
            }
            boolean thought = false;
            for (JsonNode block : message.path("content")) {
                switch (block.path("type").asString("")) {
                    case "thinking" ->
                        thought = block.path("thinking").asString("").contains(AgentTask.THOUGHT);
                    case "tool_use" -> {
                        reader.call(
                                block.path("id").asString(""),
                                block.path("name").asString(""),
                                block.path("input").toString());
                        reader.round().thought = thought;
                    }
                    case "tool_result" -> {
                        reader.result(block.path("tool_use_id").asString(""), Turn.text(block.path("content")));
                        block.path("content").forEach(part -> picture(reader, part));
                    }
                    case "text" -> {
                        if (user) {
                            reader.said.add(block.path("text").asString(""));
                        }
                    }
                    default -> picture(reader, block);
                }
            }
        }
        return reader.turn(
                request.path("model").asString(""),
                request.path("stream").asBoolean(false),
                request.path("output_config").path("format").path("schema"));
    }

    private static void picture(Turn.Reader reader, JsonNode block) {
        if (block.path("type").asString("").equals("image")) {
            reader.picture(block.path("source").path("data").asString(""));
        }
    }

    @Override
    public void write(FakeUpstream.Call call, JsonNode request, Turn turn, Turn.Said said) throws Exception {
        boolean thinks =
                request.path("thinking").path("type").asString("disabled").matches("enabled|adaptive");
        ArrayNode blocks = blocks(said, thinks);
        ObjectNode message = JSON.createObjectNode().put("id", "msg_" + AgentTask.number());
        message.put("type", "message").put("role", "assistant").put("model", turn.model());
        if (turn.stream()) {
            call.sse();
            message.putArray("content");
            message.putNull("stop_reason").putNull("stop_sequence").set("usage", usage(1));
            events(call, message, blocks);
            call.endChunks();
            return;
        }
        message.set("content", blocks);
        message.put("stop_reason", reason(blocks)).putNull("stop_sequence").set("usage", usage(50));
        call.json(200, message.toString(), "request-id: req_agent");
    }

    private static ArrayNode blocks(Turn.Said said, boolean thinks) {
        ArrayNode blocks = JSON.createArrayNode();
        if (said.thought() != null && thinks) {
            blocks.add(block("thinking").put("thinking", said.thought()).put("signature", SIGNATURE));
        }
        if (!said.text().isEmpty()) {
            blocks.add(block("text").put("text", said.text()));
        }
        for (Turn.Call one : said.calls()) {
            ObjectNode use = block("tool_use").put("id", "toolu_" + AgentTask.number());
            use.put("name", one.tool()).set("input", JSON.readTree(one.arguments()));
            blocks.add(use);
        }
        return blocks;
    }

    /** The events of an answer; Omen passes them on too. */
    static void events(FakeUpstream.Call call, ObjectNode message, ArrayNode blocks) throws Exception {
        ObjectNode start = block("message_start");
        start.set("message", message);
        send(call, start);
        for (int i = 0; i < blocks.size(); i++) {
            block(call, i, (ObjectNode) blocks.get(i));
        }
        ObjectNode end = block("message_delta");
        end.putObject("delta").put("stop_reason", reason(blocks)).putNull("stop_sequence");
        end.putObject("usage").put("output_tokens", 50);
        send(call, end);
        send(call, block("message_stop"));
    }

    static ArrayNode withoutThought(Turn.Said said) {
        return blocks(said, false);
    }

    private static void block(FakeUpstream.Call call, int index, ObjectNode block) throws Exception {
        ObjectNode empty = block.deepCopy();
        List<ObjectNode> deltas = new ArrayList<>();
        switch (block.path("type").asString("")) {
            case "text" -> {
                empty.put("text", "");
                pieces(deltas, "text_delta", "text", block.path("text").asString(""));
            }
            case "thinking" -> {
                empty.put("thinking", "").put("signature", "");
                pieces(
                        deltas,
                        "thinking_delta",
                        "thinking",
                        block.path("thinking").asString(""));
                deltas.add(block("signature_delta").put("signature", SIGNATURE));
            }
            default -> {
                empty.putObject("input");
                pieces(
                        deltas,
                        "input_json_delta",
                        "partial_json",
                        block.path("input").toString());
            }
        }
        ObjectNode start = block("content_block_start").put("index", index);
        start.set("content_block", empty);
        send(call, start);
        for (ObjectNode delta : deltas) {
            ObjectNode event = block("content_block_delta").put("index", index);
            event.set("delta", delta);
            send(call, event);
        }
        send(call, block("content_block_stop").put("index", index));
    }

    private static void pieces(List<ObjectNode> deltas, String type, String member, String text) {
        FakeOpenAi.pieces(text).forEach(piece -> deltas.add(block(type).put(member, piece)));
    }

    private static void send(FakeUpstream.Call call, ObjectNode event) throws Exception {
        call.chunk("event: " + event.path("type").asString() + "\ndata: " + event + "\n\n");
    }

    private static String reason(ArrayNode blocks) {
        boolean calls = blocks.size() > 0
                && blocks.get(blocks.size() - 1).path("type").asString("").equals("tool_use");
        return calls ? "tool_use" : "end_turn";
    }

    private static ObjectNode usage(int output) {
        return JSON.createObjectNode()
                .put("input_tokens", 1100)
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", 0)
                .put("output_tokens", output);
    }

    private static ObjectNode block(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    @Override
    public String error(int status, String message) {
        ObjectNode body = block("error");
        String type = status == 401 ? "authentication_error" : "invalid_request_error";
        body.putObject("error").put("type", type).put("message", message);
        return body.toString();
    }
}
