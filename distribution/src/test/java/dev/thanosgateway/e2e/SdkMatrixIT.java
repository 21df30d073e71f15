package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thanosgateway.e2e.SdkClient.Case;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/** Every SDK, unmodified, in front of every provider: one gateway with a key, and a fake upstream for each language. */
class SdkMatrixIT {
    private static final String SAID = "Grüße, 世界 👋🏽";
    private static final String PICTURE = "iVBORw0KGgo=";
    private static final String KEY = "thanos-matrix-4b1d90";

    /** What the libraries throw, by the model that fails. */
    private static final Map<String, Set<String>> FAILURES = Map.of(
            "missing", Set.of("NotFoundException", "ModelNotFoundException"),
            "limited", Set.of("RateLimitException"),
            "picky", Set.of("BadRequestException", "InvalidRequestException"));

    private static final Map<String, Halfway> FAKES = new LinkedHashMap<>();
    private static final List<FakeUpstream> UPSTREAMS = new ArrayList<>();
    private static final SdkTable TABLE = new SdkTable(SdkVersions.read());
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        String tables = Gateway.ANY_PORT
                + "[auth]\nenabled = true\napi_keys = [\"" + KEY + "\"]\n"
                + table("openai", "openai", new FakeResponses(), FakeOpenAi.KEY) + "responses = true\n"
                + table("compatible", "openai", new FakeOpenAi(), FakeOpenAi.KEY)
                + table("anthropic", "anthropic", new FakeAnthropic(), FakeAnthropic.KEY)
                + table("gemini", "gemini", new FakeGemini(), FakeGemini.KEY)
                + table("ollama", "ollama", new FakeOllama(), "ollama-fake-99e1")
                + table("xai", "xai", new FakeXai(), FakeOpenAi.KEY)
                + table("omen", "omen", new FakeOmen(), "omen-fake-3c21");
        gateway = Gateway.with(tables).start();
    }

    private static String table(String id, String type, FakeUpstream.Script script, String key) throws IOException {
        Halfway fake = new Halfway(script);
        FakeUpstream upstream = new FakeUpstream(fake);
        FAKES.put(id, fake);
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
        TABLE.write(Path.of(System.getProperty("build", "target")).resolve("sdks.md"));
    }

    @TestFactory
    Stream<DynamicTest> node() throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("--key", KEY, gateway.http().toString()));
        List<String> providers = List.copyOf(FAKES.keySet());
        for (int i = 0; i < providers.size(); i++) {
            arguments.add(providers.get(i) + "=" + UPSTREAMS.get(i).port());
        }
        try {
            return NodeSdk.tests("matrix.mjs", arguments.toArray(new String[0])).stream()
                    .map(TABLE::counted);
        } catch (TestAbortedException e) {
            TABLE.skipped("Every library for Node", e);
            throw e;
        }
    }

    private static List<SdkClient> clients(String key) {
        String root = gateway.http().toString();
        List<SdkClient> clients = new ArrayList<>(List.of(
                new OpenAiJavaClient(root, key),
                new AnthropicJavaClient(root, key),
                new GoogleGenAiClient(root, key),
                new SpringAiClient(root, key),
                new Ollama4jClient(root, key)));
        clients.addAll(LangChain4jClient.all(root, key));
        return clients;
    }

    @TestFactory
    Stream<DynamicTest> java() {
        return clients(KEY).stream()
                .flatMap(client -> FAKES.keySet().stream()
                        .flatMap(provider -> Stream.of(
                                        cases(client, provider, false),
                                        cases(client, provider, true),
                                        Stream.of(play(
                                                client, provider, true, Case.LEAVES, () -> leaves(client, provider))))
                                .flatMap(some -> some)));
    }

    @TestFactory
    Stream<DynamicTest> aKeyThatNobodyMade() {
        return clients("thanos-matrix-nobodys").stream()
                .map(client -> play(
                        client,
                        "openai",
                        false,
                        Case.KEY,
                        () -> assertFails(
                                client,
                                Set.of("UnauthorizedException", "AuthenticationException"),
                                () -> client.text("openai/fake-large", SAID, false))));
    }

    /** One case: skipped where the library lacks it; where the library is at fault, the fault must show. */
    private static DynamicTest play(SdkClient client, String provider, boolean stream, Case of, ThrowingCallable body) {
        String name = client.name() + " before " + provider + ": " + of.title() + (stream ? ", streamed" : ", whole");
        return TABLE.counted(dynamicTest(name, () -> {
            String lacks = client.lacks(of, stream);
            SdkClient.Fault fault = client.fault(of, stream, provider);
            if (lacks != null) {
                abort(lacks);
            } else if (fault != null) {
                assertThatThrownBy(body).as(fault.why()).hasMessageMatching("(?s).*(" + fault.shows() + ").*");
            } else {
                body.call();
            }
        }));
    }

    private static Stream<DynamicTest> cases(SdkClient client, String provider, boolean stream) {
        String model = provider + "/fake-large";
        Map<Case, ThrowingCallable> bodies = new EnumMap<>(Case.class);
        bodies.put(Case.TEXT, () -> {
            SdkClient.Said answer = client.text(model, SAID, stream);
            assertThat(answer).isEqualTo(new SdkClient.Said(FakeOpenAi.reply(SAID), client.stop(), 11, 5));
        });
        bodies.put(Case.TOOL, () -> tools(client, model, SAID, List.of("weather"), stream));
        bodies.put(Case.TOOLS, () -> tools(client, model, Replies.ALL, List.of("weather", "news"), stream));
        bodies.put(
                Case.PICTURE,
                () -> assertThat(client.picture(model, Replies.LOOK, PICTURE, stream))
                        .isEqualTo("I see " + PICTURE));
        bodies.put(Case.SHAPE, () -> shaped(client, provider, stream));
        bodies.put(Case.FAILS, () -> fails(client, provider, stream));
        bodies.put(Case.CUT, () -> {
            ThrowingCallable asks = () -> client.text(provider + "/cut", SAID, stream);
            if (stream) {
                assertThatThrownBy(asks).hasMessageMatching("(?s).*\\b" + provider + "\\b.*");
            } else {
                assertFails(client, Set.of("InternalServerException"), asks);
            }
        });
        return bodies.entrySet().stream().map(one -> play(client, provider, stream, one.getKey(), one.getValue()));
    }

    private static void fails(SdkClient client, String provider, boolean stream) {
        for (Map.Entry<String, Set<String>> failure : FAILURES.entrySet()) {
            assertFails(client, failure.getValue(), () -> client.text(provider + "/" + failure.getKey(), SAID, stream));
        }
        Throwable limited = catchThrowable(() -> client.text(provider + "/limited", SAID, stream));
        // Omen does not say when, the gateway then guesses.
        assertThat(client.retryAfter(limited))
                .satisfiesAnyOf(
                        after -> assertThat(after).isNull(),
                        after -> assertThat(after).matches(provider.equals("omen") ? "[1-9]\\d*" : "7"));
    }

    private static void tools(SdkClient client, String model, String said, List<String> tools, boolean stream)
            throws Exception {
        SdkClient.Called called = client.tools(
                model,
                said,
                tools,
                call -> "rain in " + Chats.read(call.arguments()).path("city").asString(),
                stream);
        assertThat(called.calls()).extracting(SdkClient.Call::tool).isEqualTo(tools);
        assertThat(called.calls())
                .allSatisfy(call -> assertThat(Chats.read(call.arguments()))
                        .isEqualTo(Chats.read(Replies.arguments(said, call.tool()))));
        // Some wrap a result into an object before they send it.
        assertThat(called.answer())
                .startsWith("The tool said: ")
                .containsSubsequence(called.calls().stream()
                        .map(call -> "rain in "
                                + Chats.read(call.arguments()).path("city").asString())
                        .toList());
    }

    private static void shaped(SdkClient client, String provider, boolean stream) throws Exception {
        String model = provider + "/fake-large";
        if (provider.equals("omen")) {
            assertThatThrownBy(() -> client.shaped(model, SAID, stream))
                    .matches(failure -> isNamed(client, FAILURES.get("picky"), failure), "is the caller's to mend")
                    .hasMessageContaining("Omen has no word for a form its answer must have.");
        } else {
            assertThat(Chats.read(client.shaped(model, SAID, stream))).isEqualTo(Chats.read(Replies.ARGUMENTS));
        }
    }

    private static void leaves(SdkClient client, String provider) throws Exception {
        Halfway fake = FAKES.get(provider);
        int before = fake.left();
        client.leave(provider + "/slow", SAID);
        Eventually.within(Duration.ofSeconds(5), provider + " knows", () -> fake.left() > before);
    }

    private static void assertFails(SdkClient client, Set<String> names, ThrowingCallable asks) {
        assertThatThrownBy(asks).matches(failure -> isNamed(client, names, failure), "is one of " + names);
    }

    private static boolean isNamed(SdkClient client, Set<String> names, Throwable failure) {
        String kind = client.kind(failure);
        return kind == null || names.contains(kind);
    }
}
