package dev.thanosgateway.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A vendor whose model thinks before it calls tools: two calls at once in the first turn, one in the second, words in
 * the third. Every thought and every proof of one has a text of its own, so that a later request shows what came back.
 */
enum ThoughtVendor {
    ANTHROPIC_BUDGET(
            "anthropic",
            "claude-haiku-4-5",
            Language.MESSAGES,
            "\"thinking\":{\"type\":\"enabled\"",
            "\"thinking\":\"T%1$d\" \"signature\":\"S%1$d\" \"data\":\"R%1$d\" \"id\":\"c%1$dx\""),
    ANTHROPIC_EFFORT(
            "anthropic",
            "claude-sonnet-5",
            Language.MESSAGES,
            "\"effort\":\"low\"",
            "\"thinking\":\"T%1$d\" \"signature\":\"S%1$d\" \"data\":\"R%1$d\" \"id\":\"c%1$dx\""),
    ANTHROPIC_COMPATIBLE(
            "anthropic",
            "deepseek-v4",
            Language.UNSIGNED_MESSAGES,
            "\"thinking\":{\"type\":\"enabled\"",
            "\"thinking\":\"T%1$d\" \"id\":\"c%1$dx\""),
    GEMINI(
            "gemini",
            "gemini-3.5-flash",
            Language.CONTENTS,
            "\"thinkingLevel\":\"",
            "\"name\":\"first\" \"thoughtSignature\":\"RyUx%1$d\""),
    OPENAI_RESPONSES(
            "openai",
            "gpt-6-astra",
            Language.RESPONSES,
            "\"effort\":\"low\"",
            "\"encrypted_content\":\"E%1$d\" \"call_id\":\"c%1$dx\""),
    XAI_RESPONSES(
            "xai",
            "grok-4.6",
            Language.RESPONSES_AND_CHAT,
            "effort\":\"low\"",
            "\"encrypted_content\":\"E%1$d\" \"call_id\":\"c%1$dx\""),
    DEEPSEEK(
            "deepseek",
            "deepseek-v4-pro",
            Language.REASONING_CONTENT,
            "\"reasoning_effort\":\"high\"",
            "\"reasoning_content\":\"T%1$d\" \"id\":\"c%1$dx\""),
    VLLM("openai", "qwen", Language.REASONING, "effort\":\"low\"", "\"reasoning\":\"T%1$d\" \"id\":\"c%1$dx\""),
    OPENROUTER(
            "openrouter",
            "anthropic/claude-sonnet-5",
            Language.REASONING_DETAILS,
            "effort\":\"low\"",
            "\"signature\":\"S%1$d\" \"data\":\"D%1$d\" \"id\":\"c%1$dx\""),
    MISTRAL(
            "mistral",
            "magistral-medium-latest",
            Language.PARTS,
            "\"reasoning_effort\":\"high\"",
            "\"text\":\"T%1$d\" \"id\":\"c%1$dx000000\""),
    GOOGLE_OPENAI(
            "google-openai",
            "gemini-3.5-flash",
            Language.EXTRA_CONTENT,
            "\"reasoning_effort\":\"low\"",
            "\"id\":\"c%1$dx\" \"thought_signature\":\"RyUx%1$d\""),
    OLLAMA("ollama", "qwen3:8b", Language.OLLAMA, "\"think\":", "\"thinking\":\"T%1$d\" \"id\":\"c%1$dx\"");

    /** The form in which a vendor answers. */
    enum Language {
        MESSAGES,
        UNSIGNED_MESSAGES,
        CONTENTS,
        RESPONSES,
        RESPONSES_AND_CHAT,
        REASONING_CONTENT,
        REASONING,
        REASONING_DETAILS,
        PARTS,
        EXTRA_CONTENT,
        OLLAMA
    }

    private static final JsonMapper JSON = JsonMapper.shared();

    private final String type;
    private final String model;
    private final Language language;
    private final String effort;
    private final String kept;

    /**
     * @param type of the provider
     * @param effort what every request of the conversation has
     * @param kept what a request has of turn {@code %1$d}, in this order
     */
    ThoughtVendor(String type, String model, Language language, String effort, String kept) {
        this.type = type;
        this.model = model;
        this.language = language;
        this.effort = effort;
        this.kept = kept;
    }

    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String asked() {
        return id() + '/' + model;
    }

    String table(int port) {
        String profile = this == VLLM
                ? "profile = \"vllm\"\n"
                : this == OPENAI_RESPONSES
                        ? "profile = \"openai\"\n"
                        : this == ANTHROPIC_BUDGET || this == ANTHROPIC_EFFORT ? "profile = \"anthropic\"\n" : "";
        return "[providers.%s]\ntype = \"%s\"\nendpoint = \"http://127.0.0.1:%d\"\napi_key = \"k\"\n%s"
                .formatted(id(), type, port, profile);
    }

    String effort() {
        return effort;
    }

    /** What a request has of the turn, in this order. */
    List<String> kept(int turn, ThoughtClient client) {
        boolean relaysResponses = this == VLLM || this == OPENROUTER;
        String places = client == ThoughtClient.RESPONSES && relaysResponses ? XAI_RESPONSES.kept : kept;
        return List.of(places.formatted(turn).split(" "));
    }

    /** Answers the next turn of the conversation in a request. */
    void answer(FakeUpstream.Call call) throws IOException {
        String path = call.request().path();
        if (call.request().line().startsWith("GET ")) {
            call.json(404, "{\"error\":{\"message\":\"No list.\"}}");
        } else if (path.endsWith("/api/show")) {
            call.json(
                    200, "{\"capabilities\":[\"completion\",\"tools\",\"thinking\"],\"details\":{},\"model_info\":{}}");
        } else {
            JsonNode request = JSON.readTree(call.request().text());
            int turn = turn(call.request().text());
            boolean stream = request.path("stream").asBoolean(path.contains("streamGenerate"));
            boolean chat = path.endsWith("/chat/completions");
            Language spoken = path.endsWith("/responses")
                    ? Language.RESPONSES
                    : language == Language.RESPONSES_AND_CHAT && chat ? Language.REASONING_CONTENT : language;
            new ThoughtAnswer(spoken, turn, stream).write(call);
        }
    }

    /** By the results that have come. */
    private static int turn(String request) {
        return request.contains("result of third") ? 3 : request.contains("result of first") ? 2 : 1;
    }

    /** The calls of a turn: their tools' names by their ids. */
    static Map<String, String> calls(int turn) {
        return turn == 1 ? Map.of("c1x", "first", "c1y", "second") : turn == 2 ? Map.of("c2x", "third") : Map.of();
    }

    static ArrayNode array() {
        return JSON.createArrayNode();
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static List<String> ids(int turn) {
        List<String> ids = new ArrayList<>(calls(turn).keySet());
        ids.sort(null);
        return ids;
    }
}
