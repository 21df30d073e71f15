package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Models that are at Responses alone, for clients of every language; and for the official OpenAI SDK for Java. */
class ResponsesOnlyIT implements OpenAiSdkRules {
    private static FakeUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream(new FakeResponses());
        gateway = Gateway.with(Gateway.ANY_PORT
                        + Configurations.provider("openai", upstream, "responses_only = [\"*\"]")
                        + Configurations.provider(
                                "some", upstream, "responses_only = [\"*-pro\", \"codex*\"]\ncompletions = false"))
                .start();
        gateway.awaitState("some", "active");
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Override
    public String url() {
        return gateway.v1();
    }

    @Override
    public String prefix() {
        return "openai/";
    }

    @BeforeEach
    void fresh() {
        upstream.script(new FakeResponses());
    }

    /** The next request for text; the gateway asks for models whenever it likes. */
    private static FakeUpstream.Request taken() throws InterruptedException {
        FakeUpstream.Request request = upstream.take();
        while (request.line().startsWith("GET ")) {
            request = upstream.take();
        }
        return request;
    }

    @Test
    void everyClientIsAnsweredByAModelThatIsThereAlone() throws Exception {
        String said = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
        Map<String, String> clients = Map.of(
                "/v1/chat/completions", "\"seed\":1," + said,
                "/v1/messages", "\"top_k\":1,\"max_tokens\":99," + said,
                "/api/chat", "\"options\":{\"seed\":1}," + said,
                "/v1/completions", "\"seed\":1,\"prompt\":\"hi\"",
                "/v1/responses", "\"input\":\"hi\"");
        for (Map.Entry<String, String> client : clients.entrySet()) {
            for (boolean stream : new boolean[] {false, true}) {
                HttpResponse<String> answer = gateway.post(
                        client.getKey(),
                        "{\"model\":\"some/o3-pro\",\"stream\":" + stream + "," + client.getValue() + "}");
                FakeUpstream.Request sent = taken();
                String path = client.getKey() + (stream ? ", streamed" : "");

                assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(200);
                assertThat(answer.body()).as(path).contains("You said", "ça va");
                assertThat(sent.path()).as(path).isEqualTo("/v1/responses");
                String dropped = answer.headers().firstValue("x-thanos-dropped").orElse("");
                assertThat(dropped)
                        .as(path)
                        .isEqualTo(path.contains("responses") ? "" : path.contains("messages") ? "top_k" : "seed");
            }
        }
    }

    @Test
    void otherModelsOfTheSameProviderAreAskedAsEver() throws Exception {
        String body = Chats.whole("some/gpt-5", "hi");
        assertThat(gateway.post(Chats.PATH, body).statusCode()).isEqualTo(200);
        FakeUpstream.Request sent = taken();

        assertThat(sent.path()).isEqualTo(Chats.PATH);
        assertThat(sent.text()).isEqualTo(body.replace("some/gpt-5", "gpt-5"));
    }

    /** The fake refuses what it did not encrypt. */
    @Test
    void whatWasThoughtComesBackThroughAClientOfAnotherLanguage() throws Exception {
        String ask = "{\"model\":\"some/o3-pro\",\"max_tokens\":4000,\"thinking\":{\"type\":\"enabled\","
                + "\"budget_tokens\":2000},\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}";
        JsonNode answer =
                Chats.read(gateway.post("/v1/messages", ask + "]}").body()).path("content");
        assertThat(taken().text()).contains("\"reasoning\":{\"effort\":\"low\"}", "\"reasoning.encrypted_content\"");
        assertThat(answer.path(0).path("thinking").asString())
                .as(answer.toString())
                .isEqualTo("let me think");

        HttpResponse<String> next = gateway.post(
                "/v1/messages",
                ask + ",{\"role\":\"assistant\",\"content\":" + answer
                        + "},{\"role\":\"user\",\"content\":\"go on\"}]}");
        assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
        assertThat(taken().text())
                .contains("\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"let me think\"}],"
                        + "\"encrypted_content\":\"gAAAAfake\"");
    }

    @Test
    void aFailureInTheMiddleNeverLooksLikeAnEnd() throws Exception {
        String body =
                gateway.post(Chats.PATH, Chats.stream("openai/broken", "hi")).body();

        assertThat(body).contains("You", "\"error\"", "It broke.").doesNotContain("[DONE]", "\"stop\"");
    }

    @Test
    void whatCannotBeSaidThereIsRefusedAndSaysSo() throws Exception {
        HttpResponse<String> answer = gateway.post(
                Chats.PATH,
                Chats.whole("some/codex-next", "hi").replace("{\"model\"", "{\"stop\":[\"END\"],\"model\""));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Chats.error(answer).path("param").asString()).isEqualTo("stop");
    }
}
