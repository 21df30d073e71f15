package dev.thanosgateway.e2e;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The fake is worth something only if the official SDK takes it for the real one. */
class FakeOpenAiTest implements OpenAiSdkRules {
    private static FakeUpstream upstream;

    @BeforeAll
    static void start() throws IOException {
        upstream = new FakeUpstream(new FakeOpenAi());
    }

    @AfterAll
    static void stop() throws IOException {
        upstream.close();
    }

    @TestFactory
    List<DynamicTest> andSoDoesTheOneForNode() throws Exception {
        return NodeSdk.tests("openai.mjs", upstream.endpoint(), FakeOpenAi.KEY, "");
    }

    @Override
    public String url() {
        return upstream.endpoint();
    }

    @Override
    public String prefix() {
        return "";
    }
}
