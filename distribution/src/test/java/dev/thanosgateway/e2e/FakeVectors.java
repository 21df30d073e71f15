package dev.thanosgateway.e2e;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Embeddings and token counts of every API as published, in front of the fake that has the rest of one. A vector begins
 * with how many code points, or tokens, its input has; all inputs together are 7 tokens, a chat is 31, or 32 where
 * Anthropic's beta header came along. Model {@code missing} is not known, {@code limited} is rate limited.
 */
final class FakeVectors implements FakeUpstream.Script {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final float[] BEHIND = {0.5f, -1.25f};
    private static final int TOKENS = 7;
    private static final int COUNT = 31;

    private final FakeUpstream.Script rest;

    FakeVectors(FakeUpstream.Script rest) {
        this.rest = rest;
    }

    @Override
    public void answer(FakeUpstream.Call call) throws Exception {
        FakeUpstream.Request request = call.request();
        String path = request.path();
        if (path.toLowerCase(Locale.ROOT).contains("embed") && refused(call, path)) {
            return;
        }
        if (path.equals("/v1/embeddings")) {
            call.json(200, openai(JSON.readTree(request.body())).toString());
        } else if (path.startsWith("/v1beta/models/") && path.endsWith(":embedContent")) {
            ObjectNode answer = JSON.createObjectNode();
            answer.putObject("embedding").set("values", gemini(JSON.readTree(request.body())));
            answer.putObject("usageMetadata").put("promptTokenCount", TOKENS);
            call.json(200, answer.toString());
        } else if (path.startsWith("/v1beta/models/") && path.endsWith(":batchEmbedContents")) {
            batch(call, path, JSON.readTree(request.body()));
        } else if (path.startsWith("/v1beta/models/") && path.endsWith(":countTokens")) {
            call.json(200, "{\"totalTokens\":" + COUNT + "}");
        } else if (path.equals("/api/embed") || path.equals("/api/embeddings")) {
            call.json(
                    200,
                    ollama(path.endsWith("s"), JSON.readTree(request.body())).toString());
        } else if (path.equals("/v1/messages/count_tokens")) {
            count(call, JSON.readTree(request.body()));
        } else {
            rest.answer(call);
        }
    }

    /** Answers as the API of the path does where it makes no vectors. */
    private static boolean refused(FakeUpstream.Call call, String path) throws IOException {
        String model = path.startsWith("/v1beta/models/")
                ? path.substring("/v1beta/models/".length(), path.indexOf(':'))
                : JSON.readTree(call.request().body()).path("model").asString("");
        boolean missing = model.equals("missing");
        if (!missing && !model.equals("limited")) {
            return false;
        }
        int status = missing ? 404 : 429;
        String why = missing ? "model 'missing' not found" : "too many requests";
        ObjectNode answer = JSON.createObjectNode();
        if (path.startsWith("/api/")) {
            answer.put("error", why);
        } else if (path.startsWith("/v1beta/")) {
            answer.putObject("error")
                    .put("code", status)
                    .put("message", why)
                    .put("status", missing ? "NOT_FOUND" : "RESOURCE_EXHAUSTED");
        } else {
            answer.putObject("error")
                    .put("message", why)
                    .put("type", missing ? "invalid_request_error" : "requests")
                    .putNull("param")
                    .put("code", missing ? "model_not_found" : "rate_limit_exceeded");
        }
        call.json(status, answer.toString(), "retry-after: 7");
        return true;
    }

    private static float[] vector(int length, int dimensions) {
        float[] vector = new float[dimensions == 0 ? BEHIND.length + 1 : dimensions];
        vector[0] = length;
        System.arraycopy(BEHIND, 0, vector, 1, Math.min(BEHIND.length, vector.length - 1));
        return vector;
    }

    private static float[] vector(JsonNode text, int dimensions) {
        return vector((int) text.asString().codePoints().count(), dimensions);
    }

    private static ArrayNode numbers(float[] vector) {
        ArrayNode numbers = JSON.createArrayNode();
        for (float one : vector) {
            numbers.add(one);
        }
        return numbers;
    }

    private static ObjectNode openai(JsonNode request) {
        JsonNode input = request.path("input");
        boolean several = input.isArray() && !input.get(0).isIntegralNumber();
        List<JsonNode> inputs = new ArrayList<>();
        if (several) {
            input.forEach(inputs::add);
        } else {
            inputs.add(input);
        }
        ObjectNode answer = JSON.createObjectNode().put("object", "list");
        ArrayNode data = answer.putArray("data");
        int dimensions = request.path("dimensions").asInt(0);
        for (JsonNode one : inputs) {
            float[] vector = one.isArray() ? vector(one.size(), dimensions) : vector(one, dimensions);
            ObjectNode entry = data.addObject().put("object", "embedding").put("index", data.size() - 1);
            if (request.path("encoding_format").asString("float").equals("base64")) {
                entry.put("embedding", base64(vector));
            } else {
                entry.set("embedding", numbers(vector));
            }
        }
        answer.put("model", request.path("model").asString() + "-2026");
        answer.putObject("usage").put("prompt_tokens", TOKENS).put("total_tokens", TOKENS);
        return answer;
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static ArrayNode gemini(JsonNode request) {
        JsonNode text = request.path("content").path("parts").path(0).path("text");
        return numbers(vector(text, request.path("outputDimensionality").asInt(0)));
    }

    /** Each request of a batch names the model of the path. */
    private static void batch(FakeUpstream.Call call, String path, JsonNode request) throws IOException {
        String model = path.substring("/v1beta/".length(), path.indexOf(':'));
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode embeddings = answer.putArray("embeddings");
        for (JsonNode one : request.path("requests")) {
            if (!one.path("model").asString("").equals(model)) {
                call.json(
                        400,
                        "{\"error\":{\"code\":400,\"message\":\"The model in the batch request must match the model in"
                                + " the path.\",\"status\":\"INVALID_ARGUMENT\"}}");
                return;
            }
            embeddings.addObject().set("values", gemini(one));
        }
        answer.putObject("usageMetadata").put("promptTokenCount", TOKENS);
        call.json(200, answer.toString());
    }

    private static ObjectNode ollama(boolean old, JsonNode request) {
        if (old) {
            return JSON.createObjectNode().set("embedding", numbers(vector(request.path("prompt"), 0)));
        }
        ObjectNode answer = JSON.createObjectNode();
        answer.set("model", request.path("model"));
        ArrayNode embeddings = answer.putArray("embeddings");
        JsonNode input = request.path("input");
        int dimensions = request.path("dimensions").asInt(0);
        for (JsonNode one : input.isArray() ? input : JSON.createArrayNode().add(input)) {
            embeddings.add(numbers(vector(one, dimensions)));
        }
        answer.put("total_duration", 14_143_917).put("load_duration", 1_019_500);
        return answer.put("prompt_eval_count", TOKENS);
    }

    /** A count takes no limit of an answer that is not made. */
    private static void count(FakeUpstream.Call call, JsonNode request) throws IOException {
        if (request.has("max_tokens")) {
            call.json(
                    400,
                    "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":"
                            + "\"max_tokens: Extra inputs are not permitted\"}}");
            return;
        }
        int more = call.request().header("anthropic-beta") == null ? 0 : 1;
        call.json(200, "{\"input_tokens\":" + (COUNT + more) + "}");
    }
}
