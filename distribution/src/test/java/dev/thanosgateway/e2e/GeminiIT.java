package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Gemini's language on both sides of the gateway, and translated on either. */
class GeminiIT {
    private static final String HELLO = "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}";

    private static FakeUpstream openai;
    private static FakeUpstream gemini;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        openai = new FakeUpstream(new FakeOpenAi());
        gemini = new FakeUpstream(new FakeGemini());
        gateway = Gateway.with(Configurations.openai(openai) + "[providers.gemini]\nendpoint = \"http://127.0.0.1:"
                        + gemini.port() + "/v1beta/\"\napi_key = \"" + FakeGemini.KEY + "\"\n")
                .start();
        gateway.awaitState("gemini", "active");
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        openai.close();
        gemini.close();
    }

    @BeforeEach
    void fresh() {
        openai.script(new FakeOpenAi());
        gemini.script(new FakeGemini());
    }

    @TestFactory
    List<DynamicTest> theGoogleSdkInFrontOfGemini() throws Exception {
        return NodeSdk.tests("gemini.mjs", gateway.http().toString(), "none", "gemini/fake-large", "gemini");
    }

    @TestFactory
    List<DynamicTest> theGoogleSdkInFrontOfOpenAi() throws Exception {
        return NodeSdk.tests("gemini.mjs", gateway.http().toString(), "none", "openai/fake-large", "openai");
    }

    @TestFactory
    List<DynamicTest> theGoogleSdkInFrontOfEcho() throws Exception {
        return NodeSdk.tests("gemini.mjs", gateway.http().toString(), "none", "echo/echo", "echo");
    }

    @TestFactory
    List<DynamicTest> theOpenAiSdkInFrontOfGemini() throws Exception {
        return NodeSdk.tests("openai.mjs", gateway.v1(), "none", "gemini/");
    }

    @TestFactory
    List<DynamicTest> whatOnlyGeminiHasAndHasNot() throws Exception {
        return NodeSdk.tests("openai-gemini.mjs", gateway.v1(), "gemini/fake-large");
    }

    /** The next request for content; the gateway asks for models whenever it likes. */
    private static FakeUpstream.Request taken(FakeUpstream upstream) throws InterruptedException {
        FakeUpstream.Request request = upstream.take();
        while (request.line().startsWith("GET ")) {
            request = upstream.take();
        }
        return request;
    }

    private static String path(String model, String verb) {
        return "/v1beta/models/" + model + ":" + verb;
    }

    @Test
    void aRelayedRequestIsChangedNowhereAndItsAnswerIsNot() throws Exception {
        String answered =
                "{ \"candidates\": [{\"content\":{\"parts\":[{\"text\":\"\\u00e9\"}]},\n\"finishReason\":\"STOP\"}],"
                        + "\"x\":1.50 }";
        gemini.script(call -> call.json(200, answered));
        String body = "{ \"contents\" : [{\"parts\":[{\"text\":\"\\u00e9\",\"y\":1.50}]}],\n\"z\":[ ] }";

        HttpResponse<String> answer = gateway.post(path("gemini/tuned/m", "generateContent"), body);
        FakeUpstream.Request sent = taken(gemini);

        assertThat(sent.path()).isEqualTo("/v1beta/models/tuned/m:generateContent");
        assertThat(sent.text()).isEqualTo(body);
        assertThat(answer.body()).isEqualTo(answered);
        assertThat(answer.headers().firstValue("x-thanos-provider")).hasValue("gemini");
    }

    @Test
    void aStreamIsEventsWhereThatIsAskedForAndAnArrayElsewhere() throws Exception {
        for (String model : List.of("gemini/fake-large", "openai/fake-large", "echo/echo")) {
            HttpResponse<String> events = gateway.post(path(model, "streamGenerateContent?alt=sse"), HELLO);
            HttpResponse<String> array = gateway.post(path(model, "streamGenerateContent"), HELLO);

            assertThat(events.headers().firstValue("content-type").orElseThrow())
                    .startsWith("text/event-stream");
            assertThat(array.headers().firstValue("content-type").orElseThrow()).startsWith("application/json");
            StringBuilder streamed = new StringBuilder();
            for (String frame : events.body().split("\r\n\r\n")) {
                streamed.append(text(Chats.read(frame.substring("data: ".length()))));
            }
            StringBuilder listed = new StringBuilder();
            JsonNode pieces = Chats.read(array.body());
            assertThat(pieces.isArray()).isTrue();
            pieces.forEach(piece -> listed.append(text(piece)));
            assertThat(listed.toString()).isEqualTo(streamed.toString()).contains("hi");
        }
    }

    private static String text(JsonNode piece) {
        return piece.path("candidates")
                .path(0)
                .path("content")
                .path("parts")
                .path(0)
                .path("text")
                .asString("");
    }

    @Test
    void aFailureInTheMiddleIsAnErrorObjectAndThenTheEnd() throws Exception {
        for (String verb : List.of("streamGenerateContent?alt=sse", "streamGenerateContent")) {
            HttpResponse<String> broken = gateway.post(path("gemini/broken", verb), HELLO);

            assertThat(broken.statusCode()).isEqualTo(200);
            assertThat(broken.body()).contains("half").doesNotContain("finishReason");
            String last = broken.body().substring(broken.body().lastIndexOf("{\"error\""));
            JsonNode error = Chats.read(last.replaceFirst("]$", "")).path("error");
            assertThat(error.path("status").asString()).isEqualTo("UNAVAILABLE");
            assertThat(error.path("message").asString()).contains("overloaded");
        }
        HttpResponse<String> translated = gateway.post(Chats.PATH, Chats.stream("gemini/broken", "hi"));
        assertThat(translated.body()).contains("overloaded").doesNotContain("[DONE]");
    }

    @Test
    void whatIsNoAnswerIsAnErrorInTheCallersShape() throws Exception {
        for (String answered : List.of("<html>", "", "{}", "{\"candidates\":[{\"content\":{}}]}", "[1]")) {
            gemini.script(call -> call.json(200, answered));
            for (String verb : List.of("generateContent", "streamGenerateContent?alt=sse")) {
                HttpResponse<String> failed = gateway.post(path("gemini/m", verb), HELLO);
                assertThat(failed.statusCode()).as(answered).isEqualTo(502);
                assertThat(Chats.read(failed.body()).path("error").path("code").asInt())
                        .isEqualTo(502);
            }
            assertThat(gateway.post(Chats.PATH, Chats.whole("gemini/m", "hi")).statusCode())
                    .isEqualTo(502);
        }
    }

    @Test
    void googlesWordsAboutALimitReachTheCaller() throws Exception {
        HttpResponse<String> relayed = gateway.post(path("gemini/limited", "generateContent"), HELLO);
        HttpResponse<String> translated = gateway.post(Chats.PATH, Chats.whole("gemini/limited", "hi"));

        for (HttpResponse<String> answer : List.of(relayed, translated)) {
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("retry-after")).hasValue("7");
        }
        assertThat(relayed.body()).contains("\"retryDelay\":\"7s\"").contains("RESOURCE_EXHAUSTED");
    }

    @Test
    void aSignedCallComesBackSignedThroughAClientOfAnotherLanguage() throws Exception {
        String tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}]";
        String asked = "{\"role\":\"user\",\"content\":\"hi\"}";
        HttpResponse<String> asks = gateway.post(
                Chats.PATH, "{\"model\":\"gemini/gemini-3-pro\",\"messages\":[" + asked + "]," + tools + "}");
        taken(gemini);
        JsonNode message = Chats.read(asks.body()).path("choices").path(0).path("message");
        String id = message.path("tool_calls").path(0).path("id").asString();
        gateway.post(
                Chats.PATH,
                "{\"model\":\"gemini/gemini-3-pro\",\"messages\":[" + asked + "," + message
                        + ",{\"role\":\"tool\",\"tool_call_id\":\"" + id + "\",\"content\":\"ok\"}]," + tools + "}");

        JsonNode call = Chats.read(taken(gemini).text())
                .path("contents")
                .path(1)
                .path("parts")
                .path(0);
        assertThat(call.path("functionCall").path("id").asString()).isEqualTo(id);
        assertThat(call.path("thoughtSignature").asString()).isNotEmpty();
    }

    @Test
    void aClientThatLeavesIsMissedAtTheUpstreamWithinASecond() throws Exception {
        for (boolean stream : new boolean[] {true, false}) {
            gemini.script(call -> {
                if (stream) {
                    call.sse();
                    call.frame("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}");
                }
                call.awaitGone(10_000);
            });
            try (RawHttp client = new RawHttp(gateway.port())) {
                String verb = stream ? "streamGenerateContent?alt=sse" : "generateContent";
                client.send(RawHttp.post(path("gemini/m", verb), HELLO));
                taken(gemini);
                if (stream) {
                    client.head();
                }
            }
            assertThat(gemini.clientGoneWithin(1_500)).isTrue();
        }
    }

    @Test
    void badRequestsAndUnknownPathsAreAnsweredInGooglesShape() throws Exception {
        HttpResponse<String> unknown = gateway.post("/v1beta/models/gemini/m:predict", HELLO);
        HttpResponse<String> wrong = gateway.get(path("gemini/m", "generateContent"));
        HttpResponse<String> broken = gateway.post(path("gemini/m", "generateContent"), "{\"contents\":");
        HttpResponse<String> twice = gateway.post(path("gemini/m", "generateContent"), "{\"a\":1,\"a\":2}");
        HttpResponse<String> typed =
                gateway.post(path("openai/m", "generateContent"), "{\"contents\":[{\"parts\":[{\"text\":1}]}]}");
        HttpResponse<String> needs = gateway.post(
                path("openai/m", "generateContent"),
                HELLO.replace("{\"contents\"", "{\"tools\":[{\"googleSearch\":{}}],\"contents\""));

        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(wrong.statusCode()).isEqualTo(405);
        for (HttpResponse<String> answer : List.of(broken, twice, typed, needs)) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        }
        for (HttpResponse<String> answer : List.of(unknown, wrong, broken, twice, typed, needs)) {
            assertThat(Chats.read(answer.body()).path("error").path("status").isString())
                    .as(answer.body())
                    .isTrue();
        }
        assertThat(typed.body()).contains("contents[0].parts[0].text");
        assertThat(needs.body()).contains("tools[0].googleSearch");
    }

    @Test
    void aHistoryOfAStreamsPiecesIsOneTurn() throws Exception {
        FakeUpstream chats = new FakeUpstream(new FakeOpenAi());
        try (Gateway other = Gateway.with(Gateway.ANY_PORT + Configurations.provider("local", chats, ""))
                .start()) {
            // As google-genai for Python sends back what it streamed.
            HttpResponse<String> answer = other.post(path("local/fake-large", "generateContent"), """
                    {"contents":[{"role":"user","parts":[{"text":"hi"}]},{"role":"model","parts":[{"text":"Hel"}]},
                     {"role":"model","parts":[{"text":"lo"}]},{"role":"model","parts":[{"text":""}]},
                     {"role":"user","parts":[{"text":"again"}]}]}""");
            JsonNode messages = Chats.read(taken(chats).text()).path("messages");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(messages.findValuesAsString("role")).containsExactly("user", "assistant", "user");
            assertThat(messages.get(1).toString())
                    .contains("Hel")
                    .contains("lo")
                    .doesNotContain("\"\"");
        } finally {
            chats.close();
        }
    }

    @Test
    void aCallersKeyMayStandInTheAddressAndGoesNoFurther() throws Exception {
        try (Gateway guarded = Gateway.with("[auth]\nenabled = true\napi_keys = [\"caller-key-1234567\"]\n"
                        + Gateway.ANY_PORT + "[providers.gemini]\nendpoint = \"http://127.0.0.1:" + gemini.port()
                        + "\"\napi_key = \"" + FakeGemini.KEY + "\"\n")
                .start()) {
            String path = path("gemini/fake-large", "streamGenerateContent?alt=sse");
            assertThat(guarded.post(path, HELLO).statusCode()).isEqualTo(401);
            assertThat(guarded.post(path + "&key=wrong-key-1234567", HELLO).statusCode())
                    .isEqualTo(401);
            assertThat(guarded.post(path + "&key=caller-key-1234567", HELLO).statusCode())
                    .isEqualTo(200);
            assertThat(guarded.post(path, HELLO, "x-goog-api-key", "caller-key-1234567")
                            .statusCode())
                    .isEqualTo(200);
            FakeUpstream.Request sent = taken(gemini);
            assertThat(sent.line() + sent.headers()).doesNotContain("caller-key");
            assertThat(sent.path()).isEqualTo("/v1beta/models/fake-large:streamGenerateContent?alt=sse");
            assertThat(guarded.output()).doesNotContain("caller-key");
        }
    }
}
