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

/** Responses and legacy completions, relayed to an upstream that has them and translated for those that have not. */
class ResponsesIT {
    private static FakeUpstream openai;
    private static FakeUpstream anthropic;
    private static FakeUpstream gemini;
    private static FakeUpstream ollama;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        openai = new FakeUpstream(new FakeResponses());
        anthropic = new FakeUpstream(new FakeAnthropic());
        gemini = new FakeUpstream(new FakeGemini());
        ollama = new FakeUpstream(new FakeOllama());
        gateway = Gateway.with(Gateway.ANY_PORT
                        + Configurations.provider("openai", openai, "responses = true")
                        + Configurations.provider("local", openai, "")
                        + "[providers.anthropic]\nendpoint = \"http://127.0.0.1:" + anthropic.port()
                        + "\"\napi_key = \"" + FakeAnthropic.KEY + "\"\n"
                        + "[providers.gemini]\nendpoint = \"http://127.0.0.1:" + gemini.port()
                        + "\"\napi_key = \"" + FakeGemini.KEY + "\"\n"
                        + "[providers.ollama]\nendpoint = \"http://127.0.0.1:" + ollama.port() + "\"\n")
                .start();
        gateway.awaitState("ollama", "active");
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        for (FakeUpstream upstream : List.of(openai, anthropic, gemini, ollama)) {
            upstream.close();
        }
    }

    @BeforeEach
    void fresh() {
        openai.script(new FakeResponses());
    }

    @TestFactory
    List<DynamicTest> theOpenAiSdkIsRelayedToOpenAi() throws Exception {
        return NodeSdk.tests("responses.mjs", gateway.v1(), "openai/fake-large", "relay");
    }

    @TestFactory
    List<DynamicTest> theOpenAiSdkInFrontOfACompatibleThatHasChatsAndCompletions() throws Exception {
        return NodeSdk.tests("responses.mjs", gateway.v1(), "local/fake-large", "compatible");
    }

    @TestFactory
    List<DynamicTest> theOpenAiSdkInFrontOfAnthropic() throws Exception {
        return NodeSdk.tests("responses.mjs", gateway.v1(), "anthropic/" + FakeAnthropic.MODEL, "anthropic");
    }

    @TestFactory
    List<DynamicTest> theOpenAiSdkInFrontOfGemini() throws Exception {
        return NodeSdk.tests("responses.mjs", gateway.v1(), "gemini/fake-large", "gemini");
    }

    @TestFactory
    List<DynamicTest> theOpenAiSdkInFrontOfAnOllama() throws Exception {
        return NodeSdk.tests("responses.mjs", gateway.v1(), "ollama/fake-large", "ollama");
    }

    /** The next request for text; the gateway asks for models whenever it likes. */
    private static FakeUpstream.Request taken(FakeUpstream upstream) throws InterruptedException {
        FakeUpstream.Request request = upstream.take();
        while (request.line().startsWith("GET ")) {
            request = upstream.take();
        }
        return request;
    }

    @Test
    void aRelayedRequestAndItsAnswerAreChangedNowhereButInTheModel() throws Exception {
        FakeUpstream own = new FakeUpstream(new FakeResponses());
        try (Gateway other = Gateway.with(Gateway.ANY_PORT + Configurations.provider("openai", own, "responses = true"))
                .start()) {
            String body =
                    "{ \"x\":1.50,\"model\" : \"openai/deep/m\", \"input\":[ {\"role\":\"user\",\"content\":\"\\u00e9\"} ],"
                            + "\"tools\":[{\"type\":\"web_search\"}],\"previous_response_id\":\"resp_0\" }";
            HttpResponse<String> answer = other.post("/v1/responses", body);
            FakeUpstream.Request sent = taken(own);

            assertThat(sent.path()).isEqualTo("/v1/responses");
            assertThat(sent.text()).isEqualTo(body.replace("openai/deep/m", "deep/m"));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("\"x_not_yet_known\":1.5");
            assertThat(answer.headers().firstValue("x-thanos-provider")).hasValue("openai");
        } finally {
            own.close();
        }
    }

    @Test
    void aSignedThoughtComesBackToWhoeverSignedItAndToNobodyElse() throws Exception {
        FakeUpstream claude = new FakeUpstream(new FakeAnthropic());
        FakeUpstream gpt = new FakeUpstream(new FakeResponses());
        try (Gateway other = Gateway.with(Gateway.ANY_PORT
                        + Configurations.provider("openai", gpt, "responses = true")
                        + "[providers.anthropic]\nendpoint = \"http://127.0.0.1:" + claude.port()
                        + "\"\napi_key = \"" + FakeAnthropic.KEY + "\"\n")
                .start()) {
            String ask =
                    "{\"model\":\"%s\",\"reasoning\":{\"effort\":\"low\"},\"input\":[{\"role\":\"user\",\"content\":\"hi\"}%s]}";
            String anthropic = "anthropic/" + FakeAnthropic.MODEL;
            String thought = Chats.read(other.post("/v1/responses", ask.formatted(anthropic, ""))
                            .body())
                    .path("output")
                    .get(0)
                    .toString();
            taken(claude);
            String more = "," + thought
                    + ",{\"role\":\"assistant\",\"content\":\"hello\"},{\"role\":\"user\",\"content\":\"so?\"}";
            assertThat(other.post("/v1/responses", ask.formatted(anthropic, more))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(other.post("/v1/responses", ask.formatted("openai/gpt", more))
                            .statusCode())
                    .isEqualTo(200);

            assertThat(taken(claude).text())
                    .contains("\"signature\":\"c2lnbmVk\"")
                    .contains("Let me see. 🤔");
            assertThat(taken(gpt).text()).doesNotContain("c2lnbmVk");
        } finally {
            claude.close();
            gpt.close();
        }
    }

    @Test
    void anImageThatTheAssistantMadeIsShownByTheUser() throws Exception {
        String ask = "{\"model\":\"%s\",\"input\":[{\"role\":\"user\",\"content\":\"draw\"},"
                + "{\"type\":\"image_generation_call\",\"id\":\"ig_1\",\"status\":\"completed\",\"result\":\"iVBORw0KGgo=\"},"
                + "{\"role\":\"user\",\"content\":\"what is it?\"}]}";
        FakeUpstream claude = new FakeUpstream(new FakeAnthropic());
        FakeUpstream chats = new FakeUpstream(new FakeOpenAi());
        try (Gateway other = Gateway.with(Gateway.ANY_PORT
                        + Configurations.provider("local", chats, "")
                        + "[providers.anthropic]\nendpoint = \"http://127.0.0.1:" + claude.port()
                        + "\"\napi_key = \"" + FakeAnthropic.KEY + "\"\n")
                .start()) {
            assertThat(other.post("/v1/responses", ask.formatted("anthropic/" + FakeAnthropic.MODEL))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(other.post("/v1/responses", ask.formatted("local/fake-large"))
                            .statusCode())
                    .isEqualTo(200);

            for (FakeUpstream upstream : List.of(claude, chats)) {
                JsonNode messages = Chats.read(taken(upstream).text()).path("messages");
                assertThat(messages.findValuesAsString("role")).startsWith("user", "assistant", "user");
                assertThat(messages.get(1).toString()).doesNotContain("iVBORw0KGgo=");
                assertThat(messages.get(2).toString()).contains("iVBORw0KGgo=");
            }
        } finally {
            claude.close();
            chats.close();
        }
    }

    @Test
    void anErrorHasTheShapeOfThePath() throws Exception {
        for (String path : List.of("/v1/responses", "/v1/completions")) {
            HttpResponse<String> wrong = gateway.get(path);
            HttpResponse<String> broken = gateway.post(path, "{\"model\":");

            // A GET of responses is for WebSockets.
            assertThat(wrong.statusCode()).isEqualTo(path.equals("/v1/responses") ? 426 : 405);
            assertThat(broken.statusCode()).isEqualTo(400);
            for (HttpResponse<String> answer : List.of(wrong, broken)) {
                assertThat(Chats.read(answer.body())
                                .path("error")
                                .path("message")
                                .isString())
                        .as(answer.body())
                        .isTrue();
            }
        }
    }
}
