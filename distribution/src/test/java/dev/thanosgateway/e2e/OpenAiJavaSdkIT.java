package dev.thanosgateway.e2e;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The official OpenAI SDK for Java, unmodified, through the gateway. */
class OpenAiJavaSdkIT implements OpenAiSdkRules {
    private static FakeUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream(new FakeOpenAi());
        gateway = Gateway.with(Configurations.openai(upstream)).start();
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
}
