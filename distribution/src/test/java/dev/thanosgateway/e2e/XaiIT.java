package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** xAI, whose API is OpenAI's but for its errors. */
class XaiIT {
    private static FakeUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream(new FakeOpenAi());
        gateway = Gateway.with(Gateway.ANY_PORT + "[providers.xai]\nendpoint = \"" + upstream.endpoint()
                        + "\"\napi_key = \"" + FakeOpenAi.KEY + "\"\n")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @TestFactory
    List<DynamicTest> theOpenAiSdkInFrontOfXai() throws Exception {
        return NodeSdk.tests("openai.mjs", gateway.v1(), "none", "xai/");
    }

    @Test
    void itsErrorsReachTheCallerInOpenAisShape() throws Exception {
        upstream.script(call -> call.json(
                400, "{\"code\":\"Client specified an invalid argument\",\"error\":\"Argument not supported: stop\"}"));
        HttpResponse<String> refused = gateway.post(Chats.PATH, Chats.whole("xai/grok-4", "hi"));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Chats.error(refused).path("message").asString()).isEqualTo("Argument not supported: stop");
        upstream.script(new FakeOpenAi());
    }
}
