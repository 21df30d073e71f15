package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Embeddings and token counts asked for by every SDK that has them, in front of every provider. */
class EmbeddingsIT {
    private static final List<String> MAKERS = List.of("openai", "compatible", "gemini", "ollama", "omen");
    private static final List<String> OTHERS = List.of("anthropic", "xai");
    private static final List<String> TEXTS = List.of("Grüße", "世界 👋🏽!");
    private static final List<List<Float>> VECTORS = List.of(List.of(5f, 0.5f, -1.25f), List.of(6f, 0.5f, -1.25f));
    private static final List<List<Float>> SHORT = List.of(List.of(5f, 0.5f), List.of(6f, 0.5f));

    private static final List<FakeUpstream> UPSTREAMS = new ArrayList<>();
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        String tables = Gateway.ANY_PORT
                + table("openai", "openai", new FakeOpenAi(), FakeOpenAi.KEY)
                + table("compatible", "openai", new FakeOpenAi(), FakeOpenAi.KEY)
                + table("gemini", "gemini", new FakeGemini(), FakeGemini.KEY)
                + table("ollama", "ollama", new FakeOllama(), "ollama-fake-99e1")
                + table("omen", "omen", new FakeOmen(), "omen-fake-3c21")
                + table("anthropic", "anthropic", new FakeAnthropic(), FakeAnthropic.KEY)
                + table("xai", "xai", new FakeXai(), FakeOpenAi.KEY);
        gateway = Gateway.with(tables).start();
    }

    private static String table(String id, String type, FakeUpstream.Script rest, String key) throws IOException {
        FakeUpstream upstream = new FakeUpstream(new FakeVectors(rest));
        UPSTREAMS.add(upstream);
        return "[providers.%s]\ntype = \"%s\"\nendpoint = \"http://127.0.0.1:%d\"\napi_key = \"%s\"\n"
                .formatted(id, type, upstream.port(), key);
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        for (FakeUpstream upstream : UPSTREAMS) {
            upstream.close();
        }
    }

    @TestFactory
    List<DynamicTest> node() throws Exception {
        return NodeSdk.tests("embeddings.mjs", gateway.http().toString());
    }

    @TestFactory
    Stream<DynamicTest> java() {
        return EmbeddingClient.all(gateway.http().toString()).stream()
                .flatMap(client -> Stream.concat(
                        MAKERS.stream().flatMap(provider -> vectors(client, provider)),
                        OTHERS.stream().map(provider -> none(client, provider))));
    }

    private static Stream<DynamicTest> vectors(EmbeddingClient client, String provider) {
        String where = client.name() + " before " + provider + ": ";
        String model = provider + "/embedder";
        long tokens = client.counts() ? 7 : 0;
        return Stream.of(
                dynamicTest(
                        where + "vectors",
                        () -> assertThat(client.embedder().embed(model, TEXTS, null))
                                .isEqualTo(new EmbeddingClient.Vectors(VECTORS, tokens))),
                dynamicTest(
                        where + "fewer dimensions",
                        () -> assertThat(client.embedder().embed(model, TEXTS, 2))
                                .isEqualTo(new EmbeddingClient.Vectors(SHORT, tokens))),
                dynamicTest(where + "a model nobody has, and one that is limited", () -> {
                    assertFails(client, provider + "/missing", "NotFoundException", "ModelNotFoundException");
                    assertFails(client, provider + "/limited", "RateLimitException");
                }));
    }

    private static void assertFails(EmbeddingClient client, String model, String... names) {
        assertThatThrownBy(() -> client.embedder().embed(model, TEXTS, null))
                .as(model)
                .extracting(failure -> failure.getClass().getSimpleName())
                .isIn((Object[]) names);
    }

    private static DynamicTest none(EmbeddingClient client, String provider) {
        return dynamicTest(
                client.name() + " before " + provider + ": nobody makes vectors there",
                () -> assertFails(client, provider + "/embedder", "BadRequestException", "InvalidRequestException"));
    }
}
