package dev.thanosgateway.e2e;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole SSE body of chat completion chunks.
 *
 * @param data of each frame in order; comments left out
 */
record Sse(List<String> data) {
    private static final JsonMapper JSON = JsonMapper.shared();

    static Sse of(String body) {
        List<String> data = new ArrayList<>();
        for (String frame : body.split("\n\n")) {
            if (frame.startsWith("data: ")) {
                data.add(frame.substring("data: ".length()));
            }
        }
        return new Sse(data);
    }

    boolean done() {
        return !data.isEmpty() && data.get(data.size() - 1).equals("[DONE]");
    }

    List<JsonNode> chunks() {
        return data.stream()
                .filter(one -> !one.equals("[DONE]"))
                .map(JSON::readTree)
                .toList();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        chunks().forEach(chunk -> text.append(
                chunk.path("choices").path(0).path("delta").path("content").asString("")));
        return text.toString();
    }

    /** The finish reasons in order. */
    List<String> finishes() {
        List<String> finishes = new ArrayList<>();
        for (JsonNode chunk : chunks()) {
            JsonNode finish = chunk.path("choices").path(0).path("finish_reason");
            if (finish.isString()) {
                finishes.add(finish.asString());
            }
        }
        return finishes;
    }

    /** The error objects. */
    List<JsonNode> errors() {
        return chunks().stream()
                .map(chunk -> chunk.path("error"))
                .filter(JsonNode::isObject)
                .toList();
    }

    /** The chunks that tell usage. */
    List<JsonNode> usages() {
        return chunks().stream().filter(chunk -> chunk.path("usage").isObject()).toList();
    }
}
