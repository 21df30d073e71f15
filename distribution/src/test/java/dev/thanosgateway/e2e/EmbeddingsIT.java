package dev.thanosgateway.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Embeddings and token counts asked for by every SDK that has them, in front of every provider. */
class EmbeddingsIT {
    private static final List<FakeUpstream> UPSTREAMS = new ArrayList<>();
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        String tables = Gateway.ANY_PORT
                + table("openai", new FakeOpenAi(), FakeOpenAi.KEY)
                + table("gemini", new FakeGemini(), FakeGemini.KEY)
                + table("ollama", new FakeOllama(), "ollama-fake-99e1")
                + table("anthropic", new FakeAnthropic(), FakeAnthropic.KEY);
        gateway = Gateway.with(tables).start();
        for (String provider : List.of("openai", "gemini", "ollama", "anthropic")) {
            gateway.awaitState(provider, "active");
        }
    }

    private static String table(String id, FakeUpstream.Script rest, String key) throws IOException {
        FakeUpstream upstream = new FakeUpstream(new FakeVectors(rest));
        UPSTREAMS.add(upstream);
        return "[providers.%s]\nendpoint = \"http://127.0.0.1:%d\"\napi_key = \"%s\"\n"
                .formatted(id, upstream.port(), key);
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        for (FakeUpstream upstream : UPSTREAMS) {
            upstream.close();
        }
    }

    @TestFactory
    List<DynamicTest> theOpenAiSdk() throws Exception {
        return NodeSdk.tests("embeddings.mjs", gateway.http().toString(), "openai");
    }

    @TestFactory
    List<DynamicTest> googlesSdk() throws Exception {
        return NodeSdk.tests("embeddings.mjs", gateway.http().toString(), "gemini");
    }

    @TestFactory
    List<DynamicTest> ollamasSdk() throws Exception {
        return NodeSdk.tests("embeddings.mjs", gateway.http().toString(), "ollama");
    }

    @TestFactory
    List<DynamicTest> anthropicsSdk() throws Exception {
        return NodeSdk.tests("embeddings.mjs", gateway.http().toString(), "anthropic");
    }
}
