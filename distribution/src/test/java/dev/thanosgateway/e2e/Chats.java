package dev.thanosgateway.e2e;

import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Chat requests as JSON, and errors read. */
final class Chats {
    static final String PATH = "/v1/chat/completions";
    private static final JsonMapper JSON = JsonMapper.shared();

    private Chats() {}

    static String whole(String model, String said) {
        return request(model, said).toString();
    }

    static String stream(String model, String said) {
        return request(model, said).put("stream", true).toString();
    }

    /** A streamed answer of echo with a pause between its words. */
    static String paced(String said, int delayMillis) {
        ObjectNode request = request("echo/echo", said).put("stream", true);
        request.putObject("echo").put("delay_ms", delayMillis);
        return request.toString();
    }

    static ObjectNode request(String model, String said) {
        ObjectNode request = JSON.createObjectNode().put("model", model);
        request.putArray("messages").addObject().put("role", "user").put("content", said);
        return request;
    }

    static JsonNode read(String body) {
        return JSON.readTree(body);
    }

    /** The error object of an answer, checked to have OpenAI's shape. */
    static JsonNode error(HttpResponse<String> answer) {
        return error(answer.body());
    }

    static JsonNode error(String body) {
        JsonNode error = read(body).path("error");
        if (!error.path("message").isString()
                || !error.path("type").isString()
                || !error.has("param")
                || !error.has("code")) {
            throw new AssertionError("not an OpenAI error: " + body);
        }
        return error;
    }
}
