package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
    private static final List<String> DIALECTS = List.of("openai", "anthropic", "gemini", "ollama");
    private static final String ASKED = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private static FakeUpstream gemini;
    private static FakeUpstream anthropic;
    private static Gateway far;
    private static Gateway near;

    @BeforeAll
    static void start() throws Exception {
        gemini = new FakeUpstream(new FakeGemini());
        anthropic = new FakeUpstream(new FakeAnthropic());
        far = Gateway.with(Gateway.ANY_PORT
                        + table("gemini", "gemini", gemini.port(), FakeGemini.KEY)
                        + table("anthropic", "anthropic", anthropic.port(), FakeAnthropic.KEY))
                .start();
        StringBuilder tables = new StringBuilder(Gateway.ANY_PORT);
        for (String dialect : DIALECTS) {
            tables.append(table("via-" + dialect, dialect, far.port(), "any"));
        }
        near = Gateway.with(tables.toString()).start();
        far.awaitState("anthropic", "active");
        near.awaitState("via-ollama", "active");
    }

    private static String table(String id, String type, int port, String key) {
        return "[providers.%s]\ntype = \"%s\"\nendpoint = \"http://127.0.0.1:%d\"\napi_key = \"%s\"\n"
                .formatted(id, type, port, key);
    }

    @AfterAll
    static void stop() throws Exception {
        near.close();
        far.close();
        gemini.close();
        anthropic.close();
    }

    /** Text, finish, usage, tools and their results, pictures, shapes and errors, whole and streamed. */
    @TestFactory
    List<DynamicTest> whatEverySdkMustSee() throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("--one-each", near.http().toString()));
        for (String dialect : DIALECTS) {
            arguments.add("via-" + dialect + "/gemini");
            arguments.add("via-" + dialect + "/anthropic");
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
        // Ollama cannot be told to call a tool.
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
        anthropic.script(new FakeAnthropic());
        JsonNode answer = Chats.read(near.post("/v1/messages", ask + "]}").body());
        JsonNode thought = answer.path("content").path(0);
        assertThat(thought.path("thinking").asString()).as(via + answer).isEqualTo("Let me see. 🤔");
        assertThat(thought.path("signature").asString()).as(via).isNotEmpty();

        anthropic.script(new FakeAnthropic());
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
}
