package dev.thanosgateway.e2e;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Gemini's content. The first call of an answer is signed, and refused without its signature in later requests. */
final class GeminiLanguage implements Language {
    /** What Google documents for calls that another model made. */
    private static final String UNSIGNED = "skip_thought_signature_validator";

    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public boolean isChat(String path) {
        return path.matches("/v1beta/models/[^/]+:(generateContent|streamGenerateContent\\?alt=sse)");
    }

    @Override
    public @Nullable String wrong(String path, JsonNode request) {
        String wrong = FakeGemini.wrong(request);
        if (wrong != null) {
            return wrong;
        }
        for (JsonNode content : request.path("contents")) {
            for (JsonNode part : content.path("parts")) {
                if (part.has("functionCall")) {
                    String signature = part.path("thoughtSignature").asString("");
                    if (!signature.equals(FakeGemini.SIGNATURE) && !signature.equals(UNSIGNED)) {
                        return "Function call is missing a thought_signature in functionCall parts.";
                    }
                    break;
                }
            }
        }
        return null;
    }

    @Override
    public Turn read(String path, JsonNode request) {
        Turn.Reader reader = new Turn.Reader();
        for (JsonNode tool : request.path("tools")) {
            for (JsonNode function : tool.path("functionDeclarations")) {
                JsonNode schema = function.has("parametersJsonSchema")
                        ? function.path("parametersJsonSchema")
                        : function.path("parameters");
                reader.tools.add(new Turn.Tool(function.path("name").asString(""), schema, false));
            }
        }
        for (JsonNode content : request.path("contents")) {
            reader.close();
            boolean user = content.path("role").asString("user").equals("user");
            int calls = 0;
            int results = 0;
            for (JsonNode part : content.path("parts")) {
                if (part.has("functionCall")) {
                    JsonNode call = part.path("functionCall");
                    String name = call.path("name").asString("");
                    reader.call(id(call, calls++), name, call.path("args").toString());
                    reader.round().thought |=
                            part.path("thoughtSignature").asString("").equals(FakeGemini.SIGNATURE);
                } else if (part.has("functionResponse")) {
                    JsonNode response = part.path("functionResponse");
                    reader.result(id(response, results++), text(response.path("response")));
                    response.path("parts").forEach(picture -> picture(reader, picture));
                } else if (part.has("inlineData")) {
                    picture(reader, part);
                } else if (user) {
                    reader.said.add(part.path("text").asString(""));
                }
            }
        }
        JsonNode settings = request.path("generationConfig");
        return reader.turn(
                path.substring("/v1beta/models/".length(), path.indexOf(':')),
                path.endsWith("sse"),
                settings.has("responseJsonSchema")
                        ? settings.path("responseJsonSchema")
                        : settings.path("responseSchema"));
    }

    private static void picture(Turn.Reader reader, JsonNode part) {
        reader.picture(part.path("inlineData").path("data").asString(""));
    }

    /** Gemini pairs calls and results by their order where they have no id. */
    private static String id(JsonNode call, int index) {
        return call.path("id").asString(String.valueOf(index));
    }

    private static String text(JsonNode response) {
        StringBuilder text = new StringBuilder();
        for (JsonNode value : response) {
            text.append(value.isString() ? value.asString() : value.toString());
        }
        return text.toString();
    }

    @Override
    public void write(FakeUpstream.Call call, JsonNode request, Turn turn, Turn.Said said) throws Exception {
        boolean thinks = request.path("generationConfig")
                .path("thinkingConfig")
                .path("includeThoughts")
                .asBoolean(false);
        List<ObjectNode> parts = parts(said, thinks);
        String id = "resp-" + AgentTask.number();
        if (!turn.stream()) {
            ArrayNode all = JSON.createArrayNode();
            parts.forEach(all::add);
            call.json(200, piece(turn, id, all, "STOP").toString());
            return;
        }
        call.head(200, "text/event-stream");
        for (ObjectNode part : parts) {
            call.chunk("data: " + piece(turn, id, JSON.createArrayNode().add(part), null) + "\r\n\r\n");
        }
        ArrayNode last = JSON.createArrayNode().add(JSON.createObjectNode().put("text", ""));
        call.chunk("data: " + piece(turn, id, last, "STOP") + "\r\n\r\n");
        call.endChunks();
    }

    private static List<ObjectNode> parts(Turn.Said said, boolean thinks) {
        List<ObjectNode> parts = new ArrayList<>();
        if (said.thought() != null && thinks) {
            parts.add(JSON.createObjectNode().put("text", said.thought()).put("thought", true));
        }
        if (!said.text().isEmpty()) {
            parts.add(JSON.createObjectNode().put("text", said.text()));
        }
        for (int i = 0; i < said.calls().size(); i++) {
            Turn.Call one = said.calls().get(i);
            ObjectNode part = JSON.createObjectNode();
            ObjectNode function = part.putObject("functionCall").put("name", one.tool());
            function.set("args", JSON.readTree(one.arguments()));
            if (i == 0) {
                part.put("thoughtSignature", FakeGemini.SIGNATURE);
            }
            parts.add(part);
        }
        return parts;
    }

    private static ObjectNode piece(Turn turn, String id, ArrayNode parts, @Nullable String finish) {
        ObjectNode answer =
                JSON.createObjectNode().put("modelVersion", turn.model()).put("responseId", id);
        ObjectNode candidate = answer.putArray("candidates").addObject().put("index", 0);
        candidate.putObject("content").put("role", "model").set("parts", parts);
        if (finish != null) {
            candidate.put("finishReason", finish);
        }
        answer.putObject("usageMetadata")
                .put("promptTokenCount", 1100)
                .put("candidatesTokenCount", 50)
                .put("totalTokenCount", 1150);
        return answer;
    }

    @Override
    public String error(int status, String message) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("error")
                .put("code", status)
                .put("message", message)
                .put("status", status == 401 ? "UNAUTHENTICATED" : "INVALID_ARGUMENT");
        return body.toString();
    }
}
