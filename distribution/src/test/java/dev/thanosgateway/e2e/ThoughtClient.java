package dev.thanosgateway.e2e;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A client that plays a tool loop and sends back exactly what it got, put together as the SDKs of its language do. */
enum ThoughtClient {
    CHAT("/v1/chat/completions", "messages"),
    RESPONSES("/v1/responses", "input"),
    MESSAGES("/v1/messages", "messages"),
    CONTENTS("/v1beta/models/%s:%s", "contents"),
    OLLAMA("/api/chat", "messages");

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> TOOLS = List.of("first", "second", "third");
    private static final int MOST_TURNS = 4;

    private final String path;
    private final String history;

    ThoughtClient(String path, String history) {
        this.path = path;
        this.history = history;
    }

    /** Plays until the model calls no tool. Returns its last words. */
    String play(Gateway gateway, String model, boolean stream) throws Exception {
        ArrayNode said = JSON.createArrayNode();
        ObjectNode first = said.addObject().put("role", "user");
        if (this == CONTENTS) {
            first.putArray("parts").addObject().put("text", "Go.");
        } else {
            first.put("content", "Go.");
        }
        for (int turn = 1; turn <= MOST_TURNS; turn++) {
            ObjectNode request = request(model, stream);
            request.set(history, said);
            HttpResponse<String> answer = gateway.post(path(model, stream), request.toString());
            if (answer.statusCode() != 200) {
                throw new AssertionError("turn " + turn + ": " + answer.statusCode() + " " + answer.body());
            }
            List<ObjectNode> got = stream ? streamed(answer.body()) : whole(JSON.readTree(answer.body()));
            got.forEach(said::add);
            if (!results(got, said)) {
                return got.toString();
            }
        }
        throw new AssertionError("no end after " + MOST_TURNS + " turns: " + said);
    }

    private String path(String model, boolean stream) {
        String verb = stream ? "streamGenerateContent?alt=sse" : "generateContent";
        return this == CONTENTS ? path.formatted(model, verb) : path;
    }

    private ObjectNode request(String model, boolean stream) {
        ObjectNode request = JSON.createObjectNode();
        if (this != CONTENTS) {
            request.put("model", model).put("stream", stream);
        }
        ArrayNode tools = JSON.createArrayNode();
        TOOLS.forEach(name -> tool(tools.addObject(), name));
        switch (this) {
            case CHAT -> request.put("reasoning_effort", "low").set("tools", tools);
            case RESPONSES -> {
                request.put("store", false).set("tools", tools);
                request.putArray("include").add("reasoning.encrypted_content");
                request.putObject("reasoning").put("effort", "low").put("summary", "auto");
            }
            case MESSAGES -> {
                request.put("max_tokens", 9000).set("tools", tools);
                request.putObject("thinking").put("type", "adaptive");
                request.putObject("output_config").put("effort", "low");
            }
            case CONTENTS -> {
                request.putArray("tools").addObject().set("functionDeclarations", tools);
                request.putObject("generationConfig")
                        .putObject("thinkingConfig")
                        .put("thinkingLevel", "LOW")
                        .put("includeThoughts", true);
            }
            case OLLAMA -> request.put("think", "low").set("tools", tools);
        }
        return request;
    }

    private void tool(ObjectNode tool, String name) {
        ObjectNode function = tool;
        switch (this) {
            case CHAT, OLLAMA -> function = tool.put("type", "function").putObject("function");
            case RESPONSES -> tool.put("type", "function");
            default -> {}
        }
        function.put("name", name)
                .putObject(this == MESSAGES ? "input_schema" : "parameters")
                .put("type", "object")
                .putObject("properties")
                .putObject("x")
                .put("type", "integer");
    }

    private List<ObjectNode> whole(JsonNode answer) {
        List<ObjectNode> got = new ArrayList<>();
        switch (this) {
            case CHAT -> got.add((ObjectNode) answer.path("choices").path(0).path("message"));
            case RESPONSES -> answer.path("output").forEach(item -> got.add((ObjectNode) item));
            case MESSAGES ->
                got.add(JSON.createObjectNode().put("role", "assistant").set("content", answer.path("content")));
            case CONTENTS ->
                got.add((ObjectNode) answer.path("candidates").path(0).path("content"));
            case OLLAMA -> got.add((ObjectNode) answer.path("message"));
        }
        return got;
    }

    private List<ObjectNode> streamed(String body) {
        List<JsonNode> events = body.lines()
                .filter(line -> this == OLLAMA ? !line.isBlank() : line.startsWith("data: {"))
                .map(line -> JSON.readTree(this == OLLAMA ? line : line.substring(6)))
                .toList();
        ObjectNode message = JSON.createObjectNode().put("role", "assistant");
        List<ObjectNode> got = new ArrayList<>();
        for (JsonNode event : events) {
            switch (this) {
                case CHAT -> merge(message, event.path("choices").path(0).path("delta"));
                case RESPONSES -> {
                    if (event.path("type").asString().equals("response.output_item.done")) {
                        got.add((ObjectNode) event.path("item"));
                    }
                }
                case MESSAGES -> block(message.withArray("content"), event);
                case CONTENTS -> {
                    message.put("role", "model");
                    event.path("candidates")
                            .path(0)
                            .path("content")
                            .path("parts")
                            .forEach(part -> message.withArray("parts").add(part));
                }
                // What the documentation of Ollama's libraries shows: words put together, calls kept.
                case OLLAMA -> {
                    JsonNode piece = event.path("message");
                    for (String field : List.of("thinking", "content")) {
                        if (piece.has(field)) {
                            message.put(
                                    field,
                                    message.path(field).asString("")
                                            + piece.path(field).asString());
                        }
                    }
                    piece.path("tool_calls")
                            .forEach(one -> message.withArray("tool_calls").add(one));
                }
            }
        }
        if (this != RESPONSES) {
            got.add(message);
        }
        return got;
    }

    /** Texts and lists grow, calls do by their index, all else is the last that was said. */
    private static void merge(ObjectNode whole, JsonNode delta) {
        delta.properties().forEach(member -> {
            String name = member.getKey();
            JsonNode value = member.getValue();
            JsonNode before = whole.get(name);
            if (name.equals("role") || name.equals("index") || value.isNull()) {
                return;
            }
            if (name.equals("tool_calls")) {
                for (JsonNode piece : value) {
                    ArrayNode calls = whole.withArray(name);
                    int index = piece.path("index").asInt();
                    merge(index < calls.size() ? (ObjectNode) calls.get(index) : calls.addObject(), piece);
                }
            } else if (before != null && before.isString() && value.isString() && !name.equals("id")) {
                whole.put(name, before.asString() + value.asString());
            } else if (before != null && before.isArray() && value.isArray()) {
                ((ArrayNode) before).addAll((ArrayNode) value);
            } else if (before != null && before.isObject() && value.isObject()) {
                merge((ObjectNode) before, value);
            } else {
                whole.set(name, value.deepCopy());
            }
        });
    }

    private static void block(ArrayNode content, JsonNode event) {
        switch (event.path("type").asString()) {
            case "content_block_start" -> content.add(event.path("content_block"));
            case "content_block_delta" -> {
                ObjectNode block = (ObjectNode) content.get(event.path("index").asInt());
                event.path("delta").properties().forEach(member -> {
                    String name = member.getKey();
                    if (name.equals("partial_json")) {
                        block.put(
                                "json",
                                block.path("json").asString("")
                                        + member.getValue().asString());
                    } else if (!name.equals("type")) {
                        block.put(
                                name,
                                block.path(name).asString("")
                                        + member.getValue().asString());
                    }
                });
            }
            case "content_block_stop" -> {
                ObjectNode block = (ObjectNode) content.get(event.path("index").asInt());
                if (block.has("json")) {
                    block.set("input", JSON.readTree(block.remove("json").asString()));
                }
            }
            default -> {}
        }
    }

    /** Answers the calls; false = there are none. */
    private boolean results(List<ObjectNode> got, ArrayNode said) {
        List<JsonNode> calls = new ArrayList<>();
        for (ObjectNode message : got) {
            switch (this) {
                case CHAT, OLLAMA -> message.path("tool_calls").forEach(calls::add);
                case RESPONSES -> {
                    if (message.path("type").asString().equals("function_call")) {
                        calls.add(message);
                    }
                }
                case MESSAGES ->
                    message.path("content").forEach(block -> {
                        if (block.path("type").asString().equals("tool_use")) {
                            calls.add(block);
                        }
                    });
                case CONTENTS ->
                    message.path("parts").forEach(part -> {
                        if (part.has("functionCall")) {
                            calls.add(part.path("functionCall"));
                        }
                    });
            }
        }
        ArrayNode together = JSON.createArrayNode();
        for (JsonNode call : calls) {
            String name = (call.has("function") ? call.path("function") : call)
                    .path("name")
                    .asString();
            String result = "result of " + name.toLowerCase(Locale.ROOT);
            String id = call.path("id").asString();
            switch (this) {
                case CHAT ->
                    said.addObject().put("role", "tool").put("tool_call_id", id).put("content", result);
                case OLLAMA ->
                    said.addObject().put("role", "tool").put("tool_name", name).put("content", result);
                case RESPONSES ->
                    said.addObject()
                            .put("type", "function_call_output")
                            .put("call_id", call.path("call_id").asString())
                            .put("output", result);
                case MESSAGES ->
                    together.addObject()
                            .put("type", "tool_result")
                            .put("tool_use_id", id)
                            .put("content", result);
                case CONTENTS -> {
                    ObjectNode response = together.addObject().putObject("functionResponse");
                    response.put("id", id)
                            .put("name", name)
                            .putObject("response")
                            .put("output", result);
                }
            }
        }
        if (!together.isEmpty()) {
            said.addObject().put("role", "user").set(this == CONTENTS ? "parts" : "content", together);
        }
        return !calls.isEmpty();
    }
}
