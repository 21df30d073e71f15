package dev.thanosgateway.e2e;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's Responses. Reasoning is encrypted, and what another encrypted is refused. */
final class ResponsesLanguage implements Language {
    static final String ENCRYPTED = "gAAAAagents";
    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public boolean isChat(String path) {
        return path.equals("/v1/responses");
    }

    @Override
    public @Nullable String wrong(String path, JsonNode request) {
        Set<String> open = new HashSet<>();
        for (JsonNode item : request.path("input")) {
            String type = item.path("type").asString("message");
            String encrypted = item.path("encrypted_content").asString(ENCRYPTED);
            if (!encrypted.equals(ENCRYPTED)) {
                return "The encrypted content could not be verified.";
            }
            if (type.endsWith("_call")
                    && item.has("call_id")
                    && !open.add(item.path("call_id").asString(""))) {
                return "Duplicate call_id in input.";
            }
            if (type.endsWith("_call_output")
                    && !open.contains(item.path("call_id").asString(""))) {
                return "No tool call found for function call output with call_id "
                        + item.path("call_id").asString("") + ".";
            }
            if (type.equals("item_reference")) {
                return "Item with id '" + item.path("id").asString("")
                        + "' not found. Items are not persisted when `store` is set to false.";
            }
        }
        return null;
    }

    @Override
    public Turn read(String path, JsonNode request) {
        Turn.Reader reader = new Turn.Reader();
        tools(reader, request.path("tools"));
        if (request.path("input").isString()) {
            reader.said.add(request.path("input").asString());
        }
        boolean thought = false;
        for (JsonNode item : request.path("input")) {
            String type = item.path("type").asString("message");
            switch (type) {
                case "reasoning" -> {
                    reader.close();
                    thought = item.has("encrypted_content");
                }
                case "function_call", "custom_tool_call" -> {
                    reader.call(
                            item.path("call_id").asString(""),
                            item.path("name").asString(""),
                            item.path(type.startsWith("f") ? "arguments" : "input")
                                    .asString(""));
                    reader.round().thought |= thought;
                }
                case "function_call_output", "custom_tool_call_output" -> {
                    thought = false;
                    reader.result(item.path("call_id").asString(""), Turn.text(item.path("output")));
                    item.path("output").forEach(part -> picture(reader, part));
                }
                case "additional_tools" -> tools(reader, item.path("tools"));
                default -> {
                    reader.close();
                    if (item.path("role").asString("").equals("user")) {
                        reader.said.add(Turn.text(item.path("content")));
                        item.path("content").forEach(part -> picture(reader, part));
                    }
                }
            }
        }
        return reader.turn(
                request.path("model").asString(""),
                request.path("stream").asBoolean(false),
                request.path("text").path("format").path("schema"));
    }

    private static void picture(Turn.Reader reader, JsonNode part) {
        if (part.path("type").asString("").equals("input_image")) {
            reader.picture(part.path("image_url").asString(""));
        }
    }

    private static void tools(Turn.Reader reader, JsonNode tools) {
        for (JsonNode tool : tools) {
            String type = tool.path("type").asString("");
            if (type.equals("function") || type.equals("custom")) {
                reader.tools.add(
                        new Turn.Tool(tool.path("name").asString(""), tool.path("parameters"), type.equals("custom")));
            }
        }
    }

    @Override
    public void write(FakeUpstream.Call call, JsonNode request, Turn turn, Turn.Said said) throws Exception {
        boolean reasons =
                !request.path("reasoning").path("effort").asString("none").equals("none");
        ArrayNode output = output(said, reasons);
        if (!turn.stream()) {
            call.json(200, response(turn, "completed", output).toString());
            return;
        }
        call.sse();
        int number = 0;
        for (ObjectNode event : events(turn, output)) {
            event.put("sequence_number", number++);
            call.chunk("event: " + event.path("type").asString() + "\ndata: " + event + "\n\n");
        }
        call.endChunks();
    }

    private static ArrayNode output(Turn.Said said, boolean reasons) {
        ArrayNode output = JSON.createArrayNode();
        if (said.thought() != null && reasons) {
            ObjectNode item = item(output, "rs_", "reasoning");
            item.putArray("summary").addObject().put("type", "summary_text").put("text", said.thought());
            item.put("encrypted_content", ENCRYPTED);
        }
        if (!said.text().isEmpty()) {
            ObjectNode item =
                    item(output, "msg_", "message").put("status", "completed").put("role", "assistant");
            ObjectNode part = item.putArray("content").addObject().put("type", "output_text");
            part.put("text", said.text()).putArray("annotations");
        }
        for (Turn.Call one : said.calls()) {
            ObjectNode item = item(output, "fc_", one.free() ? "custom_tool_call" : "function_call");
            item.put("status", "completed").put("call_id", "call_" + AgentTask.number());
            item.put("name", one.tool()).put(one.free() ? "input" : "arguments", one.arguments());
        }
        return output;
    }

    private static ObjectNode item(ArrayNode output, String prefix, String type) {
        return output.addObject().put("id", prefix + AgentTask.number()).put("type", type);
    }

    private static ObjectNode response(Turn turn, String status, ArrayNode output) {
        ObjectNode response =
                JSON.createObjectNode().put("id", "resp_" + turn.hashCode()).put("object", "response");
        response.put("created_at", 1_790_000_000L).put("status", status);
        response.putNull("error").putNull("incomplete_details").putNull("instructions");
        response.put("model", turn.model()).set("output", output);
        response.put("parallel_tool_calls", true).put("tool_choice", "auto").putArray("tools");
        if (!status.equals("completed")) {
            return response.putNull("usage");
        }
        ObjectNode usage = response.putObject("usage").put("input_tokens", 1100).put("output_tokens", 50);
        usage.put("total_tokens", 1150).putObject("input_tokens_details").put("cached_tokens", 0);
        usage.putObject("output_tokens_details").put("reasoning_tokens", 2);
        return response;
    }

    private static ObjectNode event(String type) {
        return JSON.createObjectNode().put("type", "response." + type);
    }

    private static ObjectNode about(String type, int index, JsonNode item) {
        return event(type)
                .put("output_index", index)
                .put("item_id", item.path("id").asString(""));
    }

    private static List<ObjectNode> events(Turn turn, ArrayNode output) {
        List<ObjectNode> events = new ArrayList<>();
        for (String type : List.of("created", "in_progress")) {
            ObjectNode begun = event(type);
            begun.set("response", response(turn, "in_progress", JSON.createArrayNode()));
            events.add(begun);
        }
        for (int i = 0; i < output.size(); i++) {
            item(events, i, (ObjectNode) output.get(i));
        }
        ObjectNode last = event("completed");
        last.set("response", response(turn, "completed", output));
        events.add(last);
        return events;
    }

    private static void item(List<ObjectNode> events, int index, ObjectNode item) {
        ObjectNode bare = item.deepCopy();
        List<ObjectNode> inner = switch (item.path("type").asString("")) {
            case "message" -> {
                bare.putArray("content");
                yield text(index, item);
            }
            case "reasoning" -> {
                bare.putArray("summary");
                yield summary(index, item);
            }
            case "custom_tool_call" -> {
                bare.put("input", "");
                yield arguments("custom_tool_call_input", "input", index, item);
            }
            default -> {
                bare.put("arguments", "");
                yield arguments("function_call_arguments", "arguments", index, item);
            }
        };
        ObjectNode added = event("output_item.added").put("output_index", index);
        added.set("item", bare);
        events.add(added);
        events.addAll(inner);
        ObjectNode done = event("output_item.done").put("output_index", index);
        done.set("item", item);
        events.add(done);
    }

    private static List<ObjectNode> arguments(String type, String member, int index, ObjectNode item) {
        List<ObjectNode> events = new ArrayList<>();
        String all = item.path(member).asString("");
        FakeOpenAi.pieces(all)
                .forEach(piece -> events.add(about(type + ".delta", index, item).put("delta", piece)));
        events.add(about(type + ".done", index, item).put(member, all));
        return events;
    }

    private static List<ObjectNode> summary(int index, ObjectNode item) {
        ObjectNode part = (ObjectNode) item.path("summary").get(0);
        ObjectNode begun = about("reasoning_summary_part.added", index, item).put("summary_index", 0);
        begun.set("part", part.deepCopy().put("text", ""));
        String text = part.path("text").asString("");
        ObjectNode done = about("reasoning_summary_part.done", index, item).put("summary_index", 0);
        done.set("part", part);
        return List.of(
                begun,
                about("reasoning_summary_text.delta", index, item)
                        .put("summary_index", 0)
                        .put("delta", text),
                about("reasoning_summary_text.done", index, item)
                        .put("summary_index", 0)
                        .put("text", text),
                done);
    }

    private static List<ObjectNode> text(int index, ObjectNode item) {
        List<ObjectNode> events = new ArrayList<>();
        ObjectNode part = (ObjectNode) item.path("content").get(0);
        ObjectNode begun = about("content_part.added", index, item).put("content_index", 0);
        begun.set("part", part.deepCopy().put("text", ""));
        events.add(begun);
        String text = part.path("text").asString("");
        FakeOpenAi.pieces(text)
                .forEach(piece -> events.add(about("output_text.delta", index, item)
                        .put("content_index", 0)
                        .put("delta", piece)));
        events.add(
                about("output_text.done", index, item).put("content_index", 0).put("text", text));
        ObjectNode done = about("content_part.done", index, item).put("content_index", 0);
        done.set("part", part);
        events.add(done);
        return events;
    }

    @Override
    public String error(int status, String message) {
        return new ChatLanguage().error(status, message);
    }
}
