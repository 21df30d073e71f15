package dev.thanosgateway.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gemini's API as published (content whole and as events, tools, images, schemas, thoughts, counts, the list of models
 * in pages, error bodies), with the answers of {@link FakeOpenAi}. Strict where Google is: names it does not know, a
 * content without parts, results that do not follow their calls. Model {@code missing} is not known, {@code limited} is
 * rate limited, {@code picky} refuses the request, {@code blocked} the prompt, {@code unsafe} its own answer; {@code
 * broken} fails in the middle.
 */
final class FakeGemini implements FakeUpstream.Script {
    static final String KEY = "AIzaFake-5d1f8a0c-5d1f8a0c";
    static final String SIGNATURE = "c2lnbmVk";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> REQUEST = Set.of(
            "contents",
            "systemInstruction",
            "tools",
            "toolConfig",
            "generationConfig",
            "safetySettings",
            "xNotYetKnown");
    private static final Set<String> PART =
            Set.of("text", "thought", "thoughtSignature", "inlineData", "fileData", "functionCall", "functionResponse");
    private static final Set<String> SCHEMA = Set.of(
            "type", "title", "properties", "required", "additionalProperties", "items", "description", "enum", "anyOf");

    @Override
    public void answer(FakeUpstream.Call call) throws Exception {
        FakeUpstream.Request request = call.request();
        String path = request.path();
        if (!KEY.equals(request.header("x-goog-api-key"))) {
            error(call, 400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT", INVALID_KEY);
        } else if (path.startsWith("/v1beta/models?")) {
            boolean second = path.contains("pageToken=p%2B2");
            call.json(
                    200,
                    "{\"models\":[" + model(second ? "fake-small" : "fake-large")
                            + (second ? "]}" : "],\"nextPageToken\":\"p+2\"}"));
        } else if (path.matches("/v1beta/models/[^/]+:(generateContent|streamGenerateContent\\?alt=sse)")) {
            String model = path.substring("/v1beta/models/".length(), path.indexOf(':'));
            content(call, model, path.endsWith("sse"), JSON.readTree(request.body()));
        } else {
            call.whole(404, "text/html", "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>");
        }
    }

    private static final String INVALID_KEY = "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\","
            + "\"reason\":\"API_KEY_INVALID\",\"domain\":\"googleapis.com\"}";
    private static final String RETRY =
            "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"6.2s\"}";

    private void content(FakeUpstream.Call call, String model, boolean stream, JsonNode request) throws IOException {
        String wrong = wrong(request);
        if (wrong != null) {
            error(call, 400, "Invalid JSON payload received. " + wrong, "INVALID_ARGUMENT", null);
            return;
        }
        switch (model) {
            case "missing" ->
                error(call, 404, "models/missing is not found for API version v1beta.", "NOT_FOUND", null);
            case "limited" -> error(call, 429, "Resource has been exhausted.", "RESOURCE_EXHAUSTED", RETRY);
            case "picky" -> error(call, 400, "Unable to submit: temperature.", "INVALID_ARGUMENT", null);
            case "blocked" -> {
                String blocked = "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":"
                        + "{\"promptTokenCount\":4,\"totalTokenCount\":4},\"modelVersion\":\"m\"}";
                if (stream) {
                    send(call, List.of(blocked));
                } else {
                    call.json(200, blocked);
                }
            }
            case "broken" -> {
                call.sse();
                call.frame(piece(request, model, JSON.createArrayNode().add(text("half")), null));
                call.frame(
                        "{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}");
                call.endChunks();
            }
            default -> {
                if (stream) {
                    send(call, pieces(request, model));
                } else {
                    call.json(200, whole(request, model));
                }
            }
        }
    }

    /** As Google does, with carriage returns. */
    private static void send(FakeUpstream.Call call, List<String> pieces) throws IOException {
        call.head(200, "text/event-stream");
        for (String piece : pieces) {
            call.chunk("data: " + piece + "\r\n\r\n");
        }
        call.endChunks();
    }

    static @Nullable String wrong(JsonNode request) {
        for (String name : request.propertyNames()) {
            if (!REQUEST.contains(name)) {
                return "Unknown name \"" + name + "\": Cannot find field.";
            }
        }
        int open = 0;
        for (JsonNode content : request.path("contents")) {
            String role = content.path("role").asString("user");
            int calls = 0;
            int results = 0;
            if (!role.matches("user|model") || content.path("parts").isEmpty()) {
                return "contents: role or parts";
            }
            for (JsonNode part : content.path("parts")) {
                for (String name : part.propertyNames()) {
                    if (!PART.contains(name)) {
                        return "Unknown name \"" + name + "\" at 'contents.parts': Cannot find field.";
                    }
                }
                calls += part.has("functionCall") ? 1 : 0;
                results += part.has("functionResponse") ? 1 : 0;
                JsonNode struct = part.has("functionCall")
                        ? part.path("functionCall").path("args")
                        : part.path("functionResponse").path("response");
                if ((part.has("functionCall") || part.has("functionResponse")) && !struct.isObject()) {
                    return "a Struct must be an object";
                }
            }
            if (results != open) {
                return "the number of function response parts must equal that of the function call parts";
            }
            open = calls;
        }
        JsonNode schema = request.path("generationConfig").path("responseJsonSchema");
        return unknownIn(schema);
    }

    private static @Nullable String unknownIn(JsonNode schema) {
        for (String name : schema.propertyNames()) {
            if (!SCHEMA.contains(name)) {
                return "Unknown keyword " + name;
            }
        }
        for (JsonNode property : schema.path("properties")) {
            String unknown = unknownIn(property);
            if (unknown != null) {
                return unknown;
            }
        }
        return null;
    }

    private static String whole(JsonNode request, String model) {
        ObjectNode answer = answer(request, model);
        ArrayNode candidates = answer.putArray("candidates");
        int count = request.path("generationConfig").path("candidateCount").asInt(1);
        for (int i = 0; i < count; i++) {
            ArrayNode parts = JSON.createArrayNode();
            if (thinks(request)) {
                parts.addObject().put("text", "let me think").put("thought", true);
            }
            if (model.equals("unsafe")) {
                candidates.addObject().put("finishReason", "SAFETY").put("index", i);
                continue;
            }
            if (callsTool(request)) {
                parts.addAll(calls(request));
            } else {
                parts.add(text(said(request)));
            }
            ObjectNode candidate = candidates.addObject();
            candidate.putObject("content").put("role", "model").set("parts", parts);
            candidate.put("finishReason", "STOP").put("index", i).put("avgLogprobs", -0.25);
        }
        answer.put("xNotYetKnown", 1.5);
        return answer.toString();
    }

    private static List<String> pieces(JsonNode request, String model) {
        List<String> pieces = new ArrayList<>();
        if (thinks(request)) {
            pieces.add(piece(
                    request,
                    model,
                    JSON.createArrayNode().add(text("let me think").put("thought", true)),
                    null));
        }
        if (callsTool(request)) {
            pieces.add(piece(request, model, calls(request), null));
        } else {
            int[] points = said(request).codePoints().toArray();
            for (int at = 0; at < points.length; at += 3) {
                String some = new String(points, at, Math.min(3, points.length - at));
                pieces.add(piece(request, model, JSON.createArrayNode().add(text(some)), null));
            }
        }
        pieces.add(piece(request, model, JSON.createArrayNode().add(text("")), "STOP"));
        return pieces;
    }

    private static String piece(JsonNode request, String model, ArrayNode parts, @Nullable String finish) {
        ObjectNode answer = answer(request, model);
        ObjectNode candidate = answer.putArray("candidates").addObject();
        candidate.putObject("content").put("role", "model").set("parts", parts);
        if (finish != null) {
            candidate.put("finishReason", finish);
        }
        candidate.put("index", 0);
        return answer.toString();
    }

    private static ObjectNode text(String text) {
        return JSON.createObjectNode().put("text", text);
    }

    /** The first tool, or all where one must be called; the first call is signed, as Gemini 3's are. */
    private static ArrayNode calls(JsonNode request) {
        ArrayNode parts = JSON.createArrayNode();
        JsonNode functions = request.path("tools").path(0).path("functionDeclarations");
        String said = lastPart(request).path("text").asString("");
        boolean all = config(request).path("mode").asString("").equals("ANY") || said.equals(Replies.ALL);
        for (JsonNode function : functions) {
            if (parts.isEmpty() || all) {
                ObjectNode part = parts.addObject();
                ObjectNode call = part.putObject("functionCall");
                String name = function.path("name").asString();
                call.put("name", name).set("args", JSON.readTree(Replies.arguments(said, name)));
                if (parts.size() == 1) {
                    part.put("thoughtSignature", SIGNATURE);
                }
            }
        }
        return parts;
    }

    private static JsonNode config(JsonNode request) {
        return request.path("toolConfig").path("functionCallingConfig");
    }

    private static boolean callsTool(JsonNode request) {
        return !request.path("tools").isEmpty()
                && !lastPart(request).has("functionResponse")
                && !config(request).path("mode").asString("").equals("NONE");
    }

    private static boolean thinks(JsonNode request) {
        return request.path("generationConfig")
                .path("thinkingConfig")
                .path("includeThoughts")
                .asBoolean(false);
    }

    private static String said(JsonNode request) {
        JsonNode last = lastPart(request);
        JsonNode contents = request.path("contents");
        if (last.has("functionResponse")) {
            return Replies.told(results(contents));
        }
        String said = contents.get(contents.size() - 1)
                .path("parts")
                .get(0)
                .path("text")
                .asString("");
        List<String> pictures = new ArrayList<>();
        for (JsonNode part : contents.get(contents.size() - 1).path("parts")) {
            if (part.has("inlineData")) {
                pictures.add(part.path("inlineData").path("data").asString());
            }
        }
        JsonNode settings = request.path("generationConfig");
        if (Replies.asksForCity(settings.path("responseJsonSchema"))
                || Replies.asksForCity(settings.path("responseSchema"))) {
            return Replies.ARGUMENTS;
        }
        boolean json = request.path("generationConfig")
                .path("responseMimeType")
                .asString("")
                .endsWith("json");
        return json ? "{\"answer\":\"" + said + "\"}" : Replies.to(said, pictures);
    }

    private static List<String> results(JsonNode contents) {
        Map<String, String> byName = new HashMap<>();
        for (JsonNode part : contents.path(contents.size() - 1).path("parts")) {
            JsonNode response = part.path("functionResponse").path("response");
            JsonNode output = response.path("output");
            byName.put(
                    part.path("functionResponse").path("name").asString(""),
                    output.isString() ? output.asString() : response.toString());
        }
        List<String> results = new ArrayList<>();
        for (JsonNode part : contents.path(contents.size() - 2).path("parts")) {
            if (part.has("functionCall")) {
                results.add(byName.get(part.path("functionCall").path("name").asString()));
            }
        }
        return results;
    }

    private static JsonNode lastPart(JsonNode request) {
        JsonNode contents = request.path("contents");
        JsonNode parts = contents.get(contents.size() - 1).path("parts");
        return parts.get(parts.size() - 1);
    }

    private static ObjectNode answer(JsonNode request, String model) {
        ObjectNode answer =
                JSON.createObjectNode().put("modelVersion", model + "-2026").put("responseId", "resp-fake-1");
        ObjectNode usage = answer.putObject("usageMetadata");
        usage.put("promptTokenCount", 11).put("candidatesTokenCount", 3).put("thoughtsTokenCount", 2);
        usage.put("cachedContentTokenCount", 3).put("totalTokenCount", 16);
        return answer;
    }

    private static String model(String id) {
        return "{\"name\":\"models/" + id
                + "\",\"version\":\"001\",\"displayName\":\"Fake\",\"inputTokenLimit\":1048576,"
                + "\"outputTokenLimit\":65536,\"supportedGenerationMethods\":[\"generateContent\",\"countTokens\"],"
                + "\"thinking\":true},{\"name\":\"models/embedder\",\"supportedGenerationMethods\":[\"embedContent\"]}";
    }

    private static void error(FakeUpstream.Call call, int code, String message, String status, @Nullable String detail)
            throws IOException {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode error = body.putObject("error");
        error.put("code", code).put("message", message).put("status", status);
        if (detail != null) {
            error.putArray("details").add(JSON.readTree(detail));
        }
        call.json(code, body.toString());
    }
}
