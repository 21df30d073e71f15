package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every SDK, unmodified, in front of every provider: one gateway, and a fake upstream for each language. */
class SdkMatrixIT {
    private static final String SAID = "Grüße, 世界 👋🏽";
    private static final String PICTURE = "iVBORw0KGgo=";
    /** What the libraries throw for 404, and for 429. */
    private static final List<Set<String>> FAILURES =
            List.of(Set.of("NotFoundException", "ModelNotFoundException"), Set.of("RateLimitException"));

    private static final List<FakeUpstream> UPSTREAMS = new ArrayList<>();
    private static final Map<String, String> KEYS = new LinkedHashMap<>();
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        StringBuilder tables = new StringBuilder(Gateway.ANY_PORT);
        table(tables, "openai", new FakeOpenAi(), FakeOpenAi.KEY);
        table(tables, "anthropic", new FakeAnthropic(), FakeAnthropic.KEY);
        table(tables, "gemini", new FakeGemini(), FakeGemini.KEY);
        table(tables, "ollama", new FakeOllama(), "ollama-fake-99e1");
        table(tables, "xai", new FakeXai(), FakeOpenAi.KEY);
        gateway = Gateway.with(tables.toString()).start();
        for (String provider : KEYS.keySet()) {
            gateway.awaitState(provider, "active");
        }
    }

    private static void table(StringBuilder tables, String id, FakeUpstream.Script script, String key)
            throws IOException {
        FakeUpstream upstream = new FakeUpstream(script);
        UPSTREAMS.add(upstream);
        KEYS.put(id, key);
        tables.append("[providers.%s]\nendpoint = \"http://127.0.0.1:%d\"\napi_key = \"%s\"\n"
                .formatted(id, upstream.port(), key));
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
        List<String> arguments = new ArrayList<>(List.of(gateway.http().toString()));
        arguments.addAll(KEYS.keySet());
        return NodeSdk.tests("matrix.mjs", arguments.toArray(new String[0]));
    }

    @TestFactory
    Stream<DynamicTest> java() {
        String root = gateway.http().toString();
        List<SdkClient> clients = new ArrayList<>(List.of(new OpenAiJavaClient(root), new AnthropicJavaClient(root)));
        clients.addAll(LangChain4jClient.all(root));
        return clients.stream()
                .flatMap(client -> KEYS.keySet().stream()
                        .flatMap(
                                provider -> Stream.of(false, true).flatMap(stream -> cases(client, provider, stream))));
    }

    private static Stream<DynamicTest> cases(SdkClient client, String provider, boolean stream) {
        String model = provider + "/fake-large";
        String where = client.name() + " before " + provider + (stream ? ", streamed: " : ", whole: ");
        return Stream.of(
                dynamicTest(where + "text, why it ends, what it took", () -> {
                    SdkClient.Said answer = client.text(model, SAID, stream);
                    assertThat(answer).isEqualTo(new SdkClient.Said(FakeOpenAi.reply(SAID), client.stop(), 11, 5));
                }),
                dynamicTest(where + "a tool, and what it said", () -> {
                    SdkClient.Called called = client.tool(model, SAID, "12 °C", stream);
                    assertThat(Chats.read(called.arguments())).isEqualTo(Chats.read(Replies.ARGUMENTS));
                    // Some wrap a result into an object before they send it.
                    assertThat(called.answer()).startsWith("The tool said: ").contains("12 °C");
                }),
                dynamicTest(
                        where + "a picture",
                        () -> assertThat(client.picture(model, Replies.LOOK, PICTURE, stream))
                                .isEqualTo("I see " + PICTURE)),
                dynamicTest(
                        where + "an answer in a given shape",
                        () -> assertThat(Chats.read(client.shaped(model, SAID, stream)))
                                .isEqualTo(Chats.read(Replies.ARGUMENTS))),
                dynamicTest(where + "models that are missing and limited", () -> {
                    assertThatThrownBy(() -> client.text(provider + "/missing", SAID, stream))
                            .matches(failure -> FAILURES.get(0).contains(name(failure)), "is not found");
                    assertThatThrownBy(() -> client.text(provider + "/limited", SAID, stream))
                            .matches(failure -> FAILURES.get(1).contains(name(failure)), "is limited");
                }));
    }

    private static String name(Throwable failure) {
        return failure.getClass().getSimpleName();
    }
}
