package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The gateway as its own upstream: through every pair of dialects the answer is the same. */
class DialectPairsIT {
    /** What stands between the two gateways; OpenAI's language twice, for models at Responses alone too. */
    private static final List<String> DIALECTS = List.of("openai", "responses", "anthropic", "gemini", "ollama");

    private static final String ASKED = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    /** What is asked of a vendor, by its own name and its model's. */
    private static final List<String> MODELS =
            List.of("gemini/fake-large", "anthropic/" + FakeAnthropic.MODEL, "openai/fake-large", "ollama/fake-large");

    private static final List<FakeUpstream> UPSTREAMS = new ArrayList<>();
    private static FakeUpstream anthropic;
    private static Gateway far;
    private static Gateway near;

    @BeforeAll
    static void start() throws Exception {
        anthropic = new FakeUpstream(new FakeVectors(new FakeAnthropic()));
        UPSTREAMS.add(anthropic);
        far = Gateway.with(Gateway.ANY_PORT
                        + table("gemini", "gemini", upstream(new FakeGemini()), FakeGemini.KEY)
                        + table("openai", "openai", upstream(new FakeResponses()), FakeOpenAi.KEY)
                        + table("ollama", "ollama", upstream(new FakeOllama()), "any")
                        + table("anthropic", "anthropic", anthropic.port(), FakeAnthropic.KEY))
                .start();
        StringBuilder tables = new StringBuilder(Gateway.ANY_PORT);
        for (String dialect : DIALECTS) {
            String type = dialect.equals("responses") ? "openai" : dialect;
            tables.append(table("via-" + dialect, type, far.port(), "any"));
            tables.append(dialect.equals("openai") ? "responses = true\n" : "");
            tables.append(dialect.equals("responses") ? "responses_only = [\"*\"]\n" : "");
        }
        near = Gateway.with(tables.toString()).start();
        far.awaitState("anthropic", "active");
        near.awaitState("via-ollama", "active");
    }

    private static int upstream(FakeUpstream.Script script) throws IOException {
        FakeUpstream upstream = new FakeUpstream(new FakeVectors(script));
        UPSTREAMS.add(upstream);
        return upstream.port();
    }

    private static String table(String id, String type, int port, String key) {
        return "[providers.%s]\ntype = \"%s\"\nendpoint = \"http://127.0.0.1:%d\"\napi_key = \"%s\"\n"
                .formatted(id, type, port, key);
    }

    @AfterAll
    static void stop() throws Exception {
        near.close();
        far.close();
        for (FakeUpstream upstream : UPSTREAMS) {
            upstream.close();
        }
    }

    /** Text, finish, usage, tools and their results, pictures, shapes and errors, whole and streamed. */
    @TestFactory
    List<DynamicTest> whatEverySdkMustSee() throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("--one-each", near.http().toString()));
        for (String dialect : DIALECTS) {
            arguments.add("via-" + dialect + "/gemini");
            arguments.add("via-" + dialect + "/anthropic");
            arguments.add("via-" + dialect + "/openai");
            arguments.add("via-" + dialect + "/ollama");
        }
        return NodeSdk.tests("matrix.mjs", arguments.toArray(new String[0]));
    }

    private static Stream<String> vias(String upstream, String... but) {
        return DIALECTS.stream()
                .filter(dialect -> !List.of(but).contains(dialect))
                .map(dialect -> "via-" + dialect + "/" + upstream);
    }

    @Test
    void twoToolsCalledAtOnceStayTwo() throws Exception {
        // Ollama cannot be told to call some tool of several.
        for (String via : vias("gemini/fake-large", "ollama").toList()) {
            String tools = ",\"tool_choice\":\"required\",\"tools\":["
                    + "{\"type\":\"function\",\"function\":{\"name\":\"first\"}},"
                    + "{\"type\":\"function\",\"function\":{\"name\":\"second\"}}]}";
            String request = "{\"model\":\"" + via + "\"," + ASKED + tools;
            JsonNode whole = Chats.read(near.post(Chats.PATH, request).body());
            JsonNode calls = whole.path("choices").path(0).path("message").path("tool_calls");
            assertThat(calls.size()).as(via + whole).isEqualTo(2);
            assertThat(calls.path(0).path("function").path("name").asString()).isEqualTo("first");
            assertThat(calls.path(1).path("function").path("name").asString()).isEqualTo("second");
            assertThat(calls.path(0).path("id").asString())
                    .isNotEqualTo(calls.path(1).path("id").asString());
            assertThat(Chats.read(
                            calls.path(1).path("function").path("arguments").asString()))
                    .isEqualTo(Chats.read(Replies.ARGUMENTS));

            String streamed = near.post(Chats.PATH, request.replace("{\"model\"", "{\"stream\":true,\"model\""))
                    .body();
            assertThat(streamed).as(via).contains("\"first\"", "\"second\"", "\"tool_calls\"", "[DONE]");
        }
    }

    @Test
    void whatWasThoughtAndItsSignatureComeBackToTheOneWhoThought() throws Exception {
        // OpenAI's chats and Ollama have no field for a signature, and Gemini is not sent another vendor's.
        String via = "via-anthropic/anthropic/" + FakeAnthropic.MODEL;
        String ask = "{\"model\":\"" + via + "\",\"max_tokens\":4000,"
                + "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},\"messages\":[{\"role\":\"user\","
                + "\"content\":\"hi\"}";
        anthropic.script(new FakeVectors(new FakeAnthropic()));
        JsonNode answer = Chats.read(near.post("/v1/messages", ask + "]}").body());
        JsonNode thought = answer.path("content").path(0);
        assertThat(thought.path("thinking").asString()).as(via + answer).isEqualTo("Let me see. 🤔");
        assertThat(thought.path("signature").asString()).as(via).isNotEmpty();

        anthropic.script(new FakeVectors(new FakeAnthropic()));
        HttpResponse<String> next = near.post(
                "/v1/messages",
                ask + ",{\"role\":\"assistant\",\"content\":" + answer.path("content")
                        + "},{\"role\":\"user\",\"content\":\"go on\"}]}");
        assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
        FakeUpstream.Request sent = anthropic.take();
        while (sent.line().startsWith("GET ")) {
            sent = anthropic.take();
        }
        assertThat(sent.text()).as(via).contains("\"signature\":\"c2lnbmVk\"");
    }

    @Test
    void aThoughtIsAThoughtInEveryLanguage() throws Exception {
        for (String via : vias("anthropic/" + FakeAnthropic.MODEL).toList()) {
            for (boolean stream : new boolean[] {false, true}) {
                String asked =
                        "{\"model\":\"" + via + "\",\"reasoning_effort\":\"low\",\"stream\":" + stream + "," + ASKED;
                String body = near.post(Chats.PATH, asked + "}").body();
                assertThat(thoughts(body, stream)).as(via + body).isEqualTo("Let me see. 🤔");
            }
        }
    }

    private static String thoughts(String body, boolean stream) {
        if (!stream) {
            return reasoning(Chats.read(body).path("choices").path(0).path("message"));
        }
        StringBuilder all = new StringBuilder();
        body.lines()
                .filter(line -> line.startsWith("data: {"))
                .forEach(line -> all.append(reasoning(
                        Chats.read(line.substring(6)).path("choices").path(0).path("delta"))));
        return all.toString();
    }

    private static String reasoning(JsonNode message) {
        return message.path("reasoning_content").asString("");
    }

    @Test
    void aFailureInTheMiddleNeverLooksLikeAnEnd() throws Exception {
        for (String via : vias("anthropic/claude-breaks").toList()) {
            String body = near.post(Chats.PATH, Chats.stream(via, "hi")).body();
            assertThat(body).as(via).contains("You", "\"error\"", "Overloaded").doesNotContain("[DONE]");
        }
    }

    @Test
    void whatAFailureIsSurvives() throws Exception {
        for (String via : vias("anthropic").toList()) {
            assertThat(failure(via + "/claude-missing")).isEqualTo("404 model_not_found");
            assertThat(failure(via + "/claude-limited")).isEqualTo("429 rate_limit_exceeded");
            assertThat(failure(via + "/claude-overloaded")).startsWith("503 ");
            assertThat(failure(via + "/claude-long")).isEqualTo("400 context_length_exceeded");
        }
    }

    private static String failure(String model) throws Exception {
        HttpResponse<String> answer = near.post(Chats.PATH, Chats.whole(model, "hi"));
        return answer.statusCode() + " " + Chats.error(answer).path("code").asString("");
    }

    /** The same request answered by the far gateway itself, and through it in every language. */
    private static void alike(String path, String model, String body, List<String> dialects, boolean stream)
            throws Exception {
        HttpResponse<String> own = far.post(path.replace("MODEL", model), body.replace("MODEL", model));
        assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
        for (String dialect : dialects) {
            String via = "via-" + dialect + "/" + model;
            HttpResponse<String> answer = near.post(path.replace("MODEL", via), body.replace("MODEL", via));
            assertThat(answer.statusCode()).as(via + answer.body()).isEqualTo(200);
            assertThat(Told.of(answer.body(), stream)).as(path + " " + via).isEqualTo(Told.of(own.body(), stream));
        }
    }

    @Test
    void responsesSayTheSameThroughEveryLanguage() throws Exception {
        String tools = ",\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"parameters\":{\"type\":\"object\"}}]";
        for (String model : MODELS) {
            for (boolean stream : new boolean[] {false, true}) {
                for (String more : List.of("", tools)) {
                    String body =
                            "{\"model\":\"MODEL\",\"stream\":" + stream + ",\"input\":\"Grüße 👋🏽\"" + more + "}";
                    alike("/v1/responses", model, body, DIALECTS, stream);
                }
            }
        }
    }

    @Test
    void completionsSayTheSameThroughEveryLanguage() throws Exception {
        for (String model : MODELS) {
            for (boolean stream : new boolean[] {false, true}) {
                String body =
                        "{\"model\":\"MODEL\",\"stream\":" + stream + ",\"prompt\":\"Grüße 👋🏽\",\"max_tokens\":99}";
                alike("/v1/completions", model, body, DIALECTS, stream);
            }
        }
    }

    @Test
    void vectorsAreTheSameThroughEveryLanguageThatHasThem() throws Exception {
        List<String> makers = List.of("openai", "gemini", "ollama");
        String text =
                "{\"model\":\"models/MODEL\",\"content\":{\"parts\":[{\"text\":\"%s\"}]},\"outputDimensionality\":2}";
        for (String maker : makers) {
            String model = maker + "/embedder";
            for (String format : List.of("float", "base64")) {
                String body = "{\"model\":\"MODEL\",\"input\":[\"Grüße\",\"世界 👋🏽\"],\"encoding_format\":\"" + format
                        + "\"}";
                alike("/v1/embeddings", model, body, makers, false);
            }
            alike("/api/embed", model, "{\"model\":\"MODEL\",\"input\":[\"Grüße\",\"世界\"]}", makers, false);
            String batch = "{\"requests\":[" + text.formatted("Grüße") + "," + text.formatted("世界") + "]}";
            alike("/v1beta/models/MODEL:batchEmbedContents", model, batch, makers, false);
        }
    }

    @Test
    void countsAreTheSameThroughEveryLanguageThatHasThem() throws Exception {
        List<String> counters = List.of("anthropic", "gemini");
        for (String counter : counters) {
            String model = counter + "/counted";
            alike("/v1/messages/count_tokens", model, "{\"model\":\"MODEL\"," + ASKED + "}", counters, false);
            String said = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";
            alike("/v1beta/models/MODEL:countTokens", model, said, counters, false);
        }
    }
}
