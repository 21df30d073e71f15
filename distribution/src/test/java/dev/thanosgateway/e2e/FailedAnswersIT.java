package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are failures, and failures that a repeat cannot mend, as clients of each language see them. */
class FailedAnswersIT {
    private static final String FAILED =
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":\"error\","
                    + "\"error\":{\"code\":502,\"message\":\"Upstream down\"}}]}";
    private static final String MESSAGES =
            "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private static FakeUpstream upstream;
    private static FakeUpstream other;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream(new FakeOpenAi());
        other = new FakeUpstream(new FakeOpenAi());
        gateway = Gateway.with(Gateway.ANY_PORT
                        + Configurations.provider("upstream", upstream, "")
                        + Configurations.provider("other", other, "")
                        + """
                        [models.aliases]
                        both = ["upstream/m", "other/gpt-4o-mini"]
                        """)
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
        other.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/messages"})
    void aChoiceThatFailedIsServedByAnotherTargetAndElseAFailure(String path) throws Exception {
        upstream.script(call -> call.json(200, FAILED));

        assertThat(gateway.post(path, MESSAGES.formatted("both")).statusCode()).isEqualTo(200);
        HttpResponse<String> alone = gateway.post(path, MESSAGES.formatted("upstream/m"));
        assertThat(alone.statusCode()).isGreaterThanOrEqualTo(500);
        assertThat(alone.body()).contains("Upstream down");
    }

    @ParameterizedTest
    @CsvSource({"500,500,api_error", "502,500,api_error", "503,529,overloaded_error", "529,529,overloaded_error"})
    void onlyAnOverloadedUpstreamIsA529AtMessages(int answered, int status, String type) throws Exception {
        upstream.script(call -> call.json(answered, "{\"error\":{\"message\":\"no\"}}"));
        HttpResponse<String> answer = gateway.post("/v1/messages", MESSAGES.formatted("upstream/m"));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"type\":\"" + type + "\"");
        assertThat(answer.headers().firstValue("x-should-retry")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/responses", "/v1/messages", "/api/chat"})
    void aRefusedUpstreamCredentialIsNotWorthARetry(String path) throws Exception {
        upstream.script(call -> call.json(401, "{\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}"));
        String asked = path.equals("/v1/responses")
                ? "{\"model\":\"upstream/m\",\"input\":\"hi\"}"
                : MESSAGES.formatted("upstream/m");
        HttpResponse<String> answer = gateway.post(path, asked);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
        assertThat(answer.headers().firstValue("x-should-retry")).hasValue("false");
        assertThat(gateway.post(path, asked.replace("upstream/m", "nobody-has-this"))
                        .headers()
                        .firstValue("x-should-retry"))
                .hasValue("false");
    }

    @Test
    void theEndMarkCompletesAnAnswerWithoutAFinishReason() throws Exception {
        upstream.script(call -> {
            call.sse();
            call.frame(
                    "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                            + "\"delta\":{\"role\":\"assistant\",\"content\":\"all\"},\"finish_reason\":null}]}");
            call.frame("[DONE]");
            call.endChunks();
        });
        String stream = MESSAGES.formatted("upstream/m").replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"");

        assertThat(gateway.post("/v1/messages", stream).body())
                .contains("\"stop_reason\":\"end_turn\"", "message_stop");
        assertThat(gateway.post("/v1/chat/completions", stream).body())
                .contains("\"finish_reason\":\"stop\"")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void aMessageHasTheModelsNameThatWasAskedFor() throws Exception {
        HttpResponse<String> answer = gateway.post("/v1/messages", MESSAGES.formatted("other/gpt-4o-mini"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"model\":\"other/gpt-4o-mini\"");
        assertThat(answer.headers().firstValue("x-thanos-model")).hasValue("gpt-4o-mini");
    }
}
