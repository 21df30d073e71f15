package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every model x what a client may ask for x the language it asks in: no vendor that refuses what the real one refuses of
 * the model refuses what the gateway sends, whether it translates or relays. Only of requests in Anthropic's, Gemini's
 * and Ollama's own languages are not all fitted: decision 0065 says which.
 */
class ModelRulesIT {
    private static final List<FakeUpstream> UPSTREAMS = new ArrayList<>();
    private static Gateway gateway;
    private static String configuration = "";

    /**
     * Models of one provider.
     *
     * @param own the paths whose clients are relayed
     */
    private record Served(String provider, List<String> own, List<String> models) {}

    private static final List<String> OPENAI = List.of("/v1/chat/completions", "/v1/responses");

    /** What is fitted on the relay of every language. */
    private static final Set<Wished> FITTED =
            Set.of(Wished.FORCED, Wished.ENDS_WITH_THE_ASSISTANT, Wished.SAMPLING, Wished.PLAIN);

    private static final List<Served> SERVED = List.of(
            new Served(
                    "openai",
                    OPENAI,
                    List.of(
                            "gpt-4o",
                            "o3",
                            "gpt-5",
                            "gpt-5.4",
                            "gpt-5.5",
                            "gpt-5.6-sol",
                            "gpt-6-astra",
                            "gpt-6.1-sol")),
            new Served("compat", OPENAI.subList(0, 1), List.of("gpt-5.5", "openai/o3", "llama-3.3-70b", "gpt-4o")),
            new Served("deepseek", OPENAI.subList(0, 1), List.of("deepseek-v4-pro")),
            new Served("google", OPENAI.subList(0, 1), List.of("gemini-3.5-flash", "gemini-2.5-flash")),
            new Served("mistral", OPENAI.subList(0, 1), List.of("mistral-small-2409")),
            new Served("xai", OPENAI, List.of("grok-4", "grok-4-fast", "grok-4.3", "grok-3")),
            new Served(
                    "anthropic",
                    List.of("/v1/messages"),
                    List.of(
                            "claude-haiku-4-5",
                            "claude-opus-4-8",
                            "claude-fable-5-1",
                            "claude-mythos-5-1",
                            "claude-sonnet-5")),
            new Served(
                    "gemini",
                    List.of("/v1beta/models/%s:generateContent"),
                    List.of("gemini-2.5-flash", "gemini-2.5-pro", "gemini-3-pro-preview", "gemini-3.5-flash")),
            new Served("ollama", List.of("/api/chat"), List.of("fake-small")));

    @BeforeAll
    static void start() throws Exception {
        StringBuilder tables = new StringBuilder(Gateway.ANY_PORT);
        add(tables, "openai", "openai", VendorRules.Vendor.OPENAI, new FakeResponses(), FakeOpenAi.KEY, "openai");
        add(tables, "compat", "openai", VendorRules.Vendor.COMPATIBLE, new FakeOpenAi(), FakeOpenAi.KEY, null);
        add(tables, "deepseek", "deepseek", VendorRules.Vendor.DEEPSEEK, new FakeOpenAi(), FakeOpenAi.KEY, null);
        add(
                tables,
                "google",
                "google-openai",
                VendorRules.Vendor.GOOGLE,
                new FakeOpenAi(),
                FakeOpenAi.KEY,
                "google-openai");
        add(tables, "mistral", "mistral", VendorRules.Vendor.MISTRAL, new FakeOpenAi(), FakeOpenAi.KEY, null);
        add(tables, "xai", "xai", VendorRules.Vendor.XAI, new FakeResponses(), FakeOpenAi.KEY, null);
        add(
                tables,
                "anthropic",
                "anthropic",
                VendorRules.Vendor.ANTHROPIC,
                new FakeAnthropic(),
                FakeAnthropic.KEY,
                null);
        add(tables, "gemini", "gemini", VendorRules.Vendor.GEMINI, new FakeGemini(), FakeGemini.KEY, null);
        add(tables, "ollama", "ollama", VendorRules.Vendor.OLLAMA, new FakeOllama(), "any-key", null);
        configuration = tables.toString();
        gateway = Gateway.with(configuration).start();
        for (Served served : SERVED) {
            gateway.awaitState(served.provider(), "active");
        }
        gateway.get("/v1/models");
    }

    private static void add(
            StringBuilder tables,
            String id,
            String type,
            VendorRules.Vendor vendor,
            FakeUpstream.Script rest,
            String key,
            @Nullable String profile)
            throws IOException {
        FakeUpstream upstream = new FakeUpstream(new VendorRules(vendor, rest));
        UPSTREAMS.add(upstream);
        tables.append("[providers.%s]\ntype = \"%s\"\nendpoint = \"http://127.0.0.1:%d\"\napi_key = \"%s\"\n"
                .formatted(id, type, upstream.port(), key));
        tables.append(profile == null ? "" : "profile = \"" + profile + "\"\n");
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        for (FakeUpstream upstream : UPSTREAMS) {
            upstream.close();
        }
    }

    @Test
    void whatAModelTakesIsShownAndAnEditChangesIt() throws Exception {
        Command.Run shown = Command.run(gateway.folder(), "models", "openai/gpt-6-astra");
        assertThat(shown.out())
                .containsPattern("profile +openai")
                .containsPattern("traits.path +tools-at-responses")
                .containsPattern("traits.effort +low, medium, high, xhigh, max");
        assertThat(Command.run(gateway.folder(), "models", "compat/gpt-6-astra").out())
                .containsPattern("profile +openai-compatible")
                .doesNotContain("tools-at-responses");

        String chat =
                "{\"model\":\"compat/some-model\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                        + "\"output_config\":{\"effort\":\"high\"}}";
        assertThat(gateway.post("/v1/messages", chat).headers().firstValue("x-thanos-dropped"))
                .isEmpty();
        Files.writeString(
                gateway.configuration(),
                configuration
                        + "[models.facts.\"compat/some-model\"]\neffort = []\nlimit = \"max_completion_tokens\"\n");
        Eventually.within(
                Duration.ofSeconds(5),
                "the fact is in force",
                () -> gateway.post("/v1/messages", chat)
                        .headers()
                        .firstValue("x-thanos-dropped")
                        .orElse("")
                        .contains("reasoning_effort"));
        assertThat(gateway.post("/v1/messages", chat).body()).contains("extra fields not permitted");
    }

    @TestFactory
    List<DynamicTest> noVendorRefusesWhatItIsSent() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Served served : SERVED) {
            for (String model : served.models()) {
                for (String path : Wished.PATHS) {
                    for (Wished wished : Wished.values()) {
                        String name = served.provider() + "/" + model + " " + path.replace("%s", "M") + " " + wished;
                        tests.add(DynamicTest.dynamicTest(name, () -> taken(served, model, path, wished)));
                    }
                }
            }
        }
        return tests;
    }

    /** Whether nothing is known of the efforts that the model takes, so that a relay says what the client says. */
    private static boolean isUnknown(String model, Wished wished) {
        return wished == Wished.NO_THOUGHT && model.startsWith("llama");
    }

    private static void taken(Served served, String model, String path, Wished wished) throws Exception {
        String name = served.provider() + "/" + model;
        boolean gemini = path.contains("%s");
        for (boolean stream : new boolean[] {false, true}) {
            String at = gemini && stream ? path.replace("generateContent", "streamGenerateContent?alt=sse") : path;
            HttpResponse<String> answer = gateway.post(
                    at.formatted(name), wished.body(path, name, stream), "anthropic-version", "2023-06-01");
            boolean relayed = served.own().contains(path);
            boolean fitted = OPENAI.contains(path) ? !isUnknown(model, wished) : FITTED.contains(wished);
            if (relayed && !fitted && answer.statusCode() == 400) {
                assertThat(answer.body()).as("the vendor's own refusal").contains(VendorRules.MARK);
                continue;
            }
            assertThat(answer.statusCode())
                    .as("stream %s: %s", stream, answer.body())
                    .isEqualTo(200);
            if (wished == Wished.LONG_TOOL_NAME) {
                assertThat(answer.body()).contains("mcp__enterprise_database_management__synchronize_all");
            }
            if (wished == Wished.ODD_TOOL_NAME) {
                assertThat(answer.body()).contains("srv.tool:x/1");
            }
        }
    }
}
