package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The official SDKs, unmodified, on either side of Anthropic's API. */
class AnthropicIT {
    /** The SDK that speaks the API's newer version, and the one that speaks the older. */
    private static final List<String> SDKS = List.of("@anthropic-ai/sdk", "anthropic-sdk-0");

    private static FakeUpstream anthropic;
    private static FakeUpstream openai;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        anthropic = new FakeUpstream(new FakeAnthropic());
        openai = new FakeUpstream(new FakeOpenAi());
        gateway = Gateway.with(Configurations.openai(openai)
                        + """
                [providers.anthropic]
                endpoint = "%s"
                api_key = "%s"
                model = "%s"
                """.formatted(
                                anthropic.endpoint().replace("/v1", ""), FakeAnthropic.KEY, FakeAnthropic.MODEL))
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        anthropic.close();
        openai.close();
    }

    private static List<DynamicTest> anthropic(String model, String kind) throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (String sdk : SDKS) {
            String root = gateway.v1().replace("/v1", "");
            for (DynamicTest test : NodeSdk.tests("anthropic.mjs", sdk, root, "any", model, kind)) {
                tests.add(DynamicTest.dynamicTest(sdk + ": " + test.getDisplayName(), test.getExecutable()));
            }
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> anthropicsSdkIsRelayedToAnthropic() throws Exception {
        List<DynamicTest> tests = anthropic("anthropic/" + FakeAnthropic.MODEL, "relay");
        assertThat(anthropic.clientGoneWithin(2_000))
                .as("a stream the caller leaves is left upstream")
                .isTrue();
        return tests;
    }

    @TestFactory
    List<DynamicTest> anthropicsSdkIsTranslatedToOpenAi() throws Exception {
        return anthropic("openai/fake-large", "translate");
    }

    @TestFactory
    List<DynamicTest> anthropicsSdkIsAnsweredByEcho() throws Exception {
        return anthropic("echo/echo", "echo");
    }

    @TestFactory
    List<DynamicTest> openAisSdkIsTranslatedToAnthropic() throws Exception {
        return NodeSdk.tests("openai-anthropic.mjs", gateway.v1(), "any", "anthropic/" + FakeAnthropic.MODEL);
    }

    @Test
    void aRelayedRequestKeepsItsBytesButForTheModel() throws Exception {
        String body = "{ \"x_new\": [1.50, {}], \"max_tokens\":5,\"model\" : \"anthropic/" + FakeAnthropic.MODEL
                + "\", \"messages\":[{\"role\":\"user\",\"content\":\"h\\u0069\"}] }";
        anthropic.script(new FakeAnthropic());

        RawHttp.Response answer = RawHttp.exchange(
                gateway.port(),
                RawHttp.post("/v1/messages", body, "anthropic-version: 2026-10-21", "anthropic-beta: x-1"));

        assertThat(answer.head().status()).isEqualTo(200);
        assertThat(answer.head().header("request-id")).isEqualTo("req_fake_1");
        FakeUpstream.Request sent = anthropic.take();
        assertThat(sent.text()).isEqualTo(body.replace("anthropic/", ""));
        assertThat(sent.header("anthropic-version")).isEqualTo("2026-10-21");
        assertThat(sent.header("anthropic-beta")).isEqualTo("x-1");
        assertThat(answer.text()).contains("\"x_not_yet_known\":1.5");
    }

    @Test
    void anErrorHasTheShapeOfThePath() throws Exception {
        RawHttp.Response answer = RawHttp.exchange(gateway.port(), RawHttp.post("/v1/messages", "{}"));

        assertThat(answer.head().status()).isEqualTo(400);
        assertThat(answer.text())
                .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"")
                .contains("\"request_id\":\"" + answer.head().header("x-request-id") + "\"");
    }
}
