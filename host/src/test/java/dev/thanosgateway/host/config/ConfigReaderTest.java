package dev.thanosgateway.host.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.provider.Model;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigReaderTest {
    private static final Path FILE = Path.of("config.toml");
    private static final Path SHIPPED = Path.of("../config/thanos.toml");

    private static final String ORIGINAL = """
            [server]
            bind = "0.0.0.0:8080"
            grpc = "0.0.0.0:50051"
            [providers.anthropic]
            enabled = true
            api_key = "${ANTHROPIC_API_KEY}"
            model = "claude-3-7-sonnet-20250219"
            [providers.ollama]
            enabled = true
            endpoint = "http://localhost:11434"
            model = "codellama:latest"
            [providers.omen]
            enabled = true
            endpoint = "http://localhost:3000"
            [routing]
            strategy = "omen"  # or "preferred", "round-robin", "fallback"
            fallback_chain = ["anthropic", "openai", "ollama"]
            """;

    private static Settings parse(String toml, Map<String, String> environment) throws ConfigException {
        return new ConfigReader(environment, Installed.UNKNOWN).parse(toml, FILE);
    }

    private static ProviderSettings provider(String table, Map<String, String> environment) throws ConfigException {
        return parse("[providers.x]\n" + table, environment).providers().get("x");
    }

    @Test
    void withoutAFileEchoAnswersOnLoopback() throws Exception {
        Settings settings = new ConfigReader(Map.of(), Installed.UNKNOWN).read(null);

        assertThat(settings.file()).isNull();
        assertThat(settings.server().http()).hasToString("127.0.0.1:8080");
        assertThat(settings.server().grpc()).hasToString("127.0.0.1:50051");
        assertThat(settings.server().maxBodyBytes()).isEqualTo(32 << 20);
        assertThat(settings.access().enabled()).isNull();
        assertThat(settings.providers().keySet()).containsExactly("echo");
        assertThat(settings.providers().get("echo").enabled()).isTrue();
        assertThat(settings.discover()).isTrue();
        assertThat(settings.routing().strategy()).isEqualTo("preferred");
        assertThat(settings.timeouts()).isEqualTo(Timeouts.DEFAULT);
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void theFileOfTheOriginalsReadmeRunsWithItsKeySet() throws Exception {
        Settings settings = parse(ORIGINAL, Map.of("ANTHROPIC_API_KEY", "sk-secret"));

        assertThat(settings.server().http()).isEqualTo(new HostPort("0.0.0.0", 8080));
        assertThat(settings.server().grpc()).isEqualTo(new HostPort("0.0.0.0", 50051));
        assertThat(settings.providers().keySet()).containsExactly("anthropic", "ollama", "omen");
        assertThat(settings.providers().values()).allMatch(ProviderSettings::enabled);
        assertThat(settings.providers().get("anthropic").keys()).containsExactly(new Secret("sk-secret"));
        assertThat(settings.providers().get("ollama").endpoint()).isEqualTo(URI.create("http://localhost:11434"));
        assertThat(settings.discover()).isFalse();
        assertThat(settings.routing().strategy()).isEqualTo("omen");
        assertThat(settings.routing().fallbackChain()).containsExactly("anthropic", "openai", "ollama");
        assertThat(settings.warnings())
                .singleElement()
                .asString()
                .startsWith("config.toml:17:32: routing.fallback_chain names 'openai'");
        assertThat(settings.toString()).doesNotContain("sk-secret");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFileOfTheOriginalsReadmeRunsWithoutItsKeyAndSaysSo(boolean empty) throws Exception {
        Settings settings = parse(ORIGINAL, empty ? Map.of("ANTHROPIC_API_KEY", "") : Map.of());

        ProviderSettings anthropic = settings.providers().get("anthropic");
        assertThat(anthropic.enabled()).isFalse();
        assertThat(anthropic.disabledReason()).contains("ANTHROPIC_API_KEY is not set");
        assertThat(settings.providers().get("ollama").enabled()).isTrue();
        assertThat(settings.warnings()).hasSize(2);
        assertThat(settings.warnings().getFirst())
                .startsWith("config.toml:6:1: providers.anthropic is disabled:")
                .contains("ANTHROPIC_API_KEY");
    }

    @Test
    void keysOfTheOriginalWithoutUseAreAnsweredWithOneWarningEach() throws Exception {
        Settings settings = parse("""
                [server]
                log_level = "debug"
                uds_enabled = true
                uds_path = "/var/run/thanos/thanos.sock"
                [providers.x]
                auth_method = "api_key"
                max_tokens = 4096
                temperature = 0.7
                client_id = "c"
                [models_dev]
                enabled = true
                url = "https://models.dev/api.json"
                [cache]
                ttl = 3600
                [rate_limiting]
                enabled = false
                [metrics]
                prometheus_port = 9090
                [oauth]
                auto_refresh = true
                """, Map.of());

        assertThat(settings.warnings()).hasSize(11).allMatch(w -> w.contains(" has no effect: "));
        assertThat(settings.warnings().getLast()).startsWith("config.toml:20:1: oauth.auto_refresh has no effect");
        assertThat(settings.providers().get("x").own()).isEmpty();
        assertThat(settings.server().logLevel()).isEqualTo("debug");
        assertThat(settings.rateLimits()).isEqualTo(RateLimits.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "${A}            | one",
                "x-${A}-${B}     | x-one-${A}",
                "${NO:-two}      | two",
                "${NO:-${A}      | ${A",
                "${EMPTY:-two}   | two",
                "${EMPTY}y       | y",
                "${NO:-}z        | z",
                "$A              | $A",
                "$${A}           | $one",
                "${NO}           | none",
                "x${NO}          | none",
            })
    void variablesAreFilledInOnce(String written, String expected) throws Exception {
        ProviderSettings provider = provider("own = '" + written + "'", Map.of("A", "one", "B", "${A}", "EMPTY", ""));

        assertThat(provider.enabled()).isEqualTo(expected != null);
        assertThat(provider.own().get("own")).isEqualTo(expected);
    }

    @Test
    void aVariableThatIsNotSetAnywhereInATableDisablesIt() throws Exception {
        for (String table : List.of(
                "headers = {a = \"${NO}\"}",
                "api_keys = [\"k\", \"${NO}\"]",
                "own = {deep = [{er = \"${NO}\"}]}",
                "endpoint = \"http://${NO}:80\"")) {
            assertThat(provider(table, Map.of()).disabledReason()).as(table).contains("NO");
        }
        assertThat(parse("[providers.x]\nenabled = false\napi_key = \"${NO}\"", Map.of())
                        .warnings())
                .isEmpty();
    }

    @Test
    void aKeyWithAnEmptyDefaultIsNoKeyAndBlanksRoundASecretAreDropped() throws Exception {
        assertThat(provider("api_key = \"${NO:-}\"", Map.of()))
                .matches(ProviderSettings::enabled)
                .extracting(ProviderSettings::keys)
                .isEqualTo(List.of());
        assertThat(provider("api_key = \"${K}\"", Map.of("K", "sk-1\n")).keys()).containsExactly(new Secret("sk-1"));
    }

    @Test
    void limitsComeFromTheTableThenTheFileThenTheDefaults() throws Exception {
        String file = "[timeouts]\nfirst_event_ms = 7\nidle_ms = 8\n[providers.a]\n[providers.b.timeouts]\n";

        Settings settings = parse(file + "first_event_ms = 9\n[providers.c.timeouts]\nwhole_ms = 10", Map.of());

        assertThat(settings.timeouts()).isEqualTo(new Timeouts(5_000, 7, 7, 8, 0));
        assertThat(settings.providers().get("a").timeouts()).isEqualTo(settings.timeouts());
        assertThat(settings.providers().get("b").timeouts()).isEqualTo(new Timeouts(5_000, 9, 9, 8, 0));
        assertThat(settings.providers().get("c").timeouts()).isEqualTo(new Timeouts(5_000, 7, 10, 8, 0));
    }

    @Test
    void theBreakerHasTheOriginalsKeys() throws Exception {
        assertThat(parse("", Map.of()).routing().breaker()).isEqualTo(new BreakerSettings(true, 10, 30, 1));
        String table = "[circuit_breaker]\nenabled = false\nfailure_threshold = 5\ntimeout = 60\nsuccess_threshold = 2";
        assertThat(parse(table, Map.of()).routing().breaker()).isEqualTo(new BreakerSettings(false, 5, 60, 2));
    }

    @Test
    void anAliasMayHaveAStrategyWithSettingsOfItsOwn() throws Exception {
        Settings settings = parse("""
                [providers.a]
                [providers.b]
                [routing]
                strategy = "round-robin"
                load_balance = ["a"]
                preferred = "a"
                weights = {a = 1}
                [routing.cheapest]
                a = {input = 1}
                [models.aliases]
                plain = "a/m"
                [models.aliases.listed]
                targets = "b/m"
                [models.aliases."drawn.1"]
                targets = ["a/m", "b/n"]
                strategy = "weighted"
                weights = {b = 2}
                """, Map.of());

        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.aliases())
                .isEqualTo(Map.of("plain", List.of("a/m"), "listed", List.of("b/m"), "drawn.1", List.of("a/m", "b/n")));
        Map<String, Object> all = Map.of(
                "strategy", "weighted", "weights", Map.of("b", 2L), "cheapest", Map.of("a", Map.of("input", 1L)));
        assertThat(settings.routing().aliases())
                .isEqualTo(Map.of("drawn.1", new Settings.Routing.OfAlias("weighted", all)));
    }

    @Test
    void retriesHaveTheOriginalsKeys() throws Exception {
        String table = "[retry]\nenabled = false\nmax_attempts = 2\ninitial_delay = 5\nmax_delay = 6\n";
        assertThat(parse(table + "budget_percent = 7\n[probes]\nenabled = false\nidle_ms = 500", Map.of())
                        .routing())
                .satisfies(routing -> {
                    assertThat(routing.retry()).isEqualTo(new RetrySettings(false, 2, 5, 6, 7));
                    assertThat(routing.probes()).isEqualTo(new ProbeSettings(false, 500));
                });
    }

    @Test
    void everythingElseReachesItsPlace() throws Exception {
        Settings settings = parse("""
                [server]
                bind = "[::1]:0"
                grpc = "localhost:0"
                max_body_mb = 512
                allowed_hosts = ["GW.example", "[FE80::1]"]
                allowed_origins = ["https://App.example:443", "tauri://localhost"]
                grpc_reflection = true
                [auth]
                enabled = true
                api_keys = ["plain"]
                [providers.b]
                type = "openai"
                api_keys = ["k1", "k2"]
                base_url = "https://h/v1"
                headers = {X-Title = "t"}
                region = "eu"
                models = ["m"]
                [providers.a]
                enabled = false
                [routing]
                preferred = "b"
                load_balance = ["a", "b"]
                decisions = 7
                weights = {a = 1, b = 0.5}
                mine = {x = 1}
                [models.aliases]
                fast = "b/m"
                "claude" = ["b/m", "a"]
                [models.facts."b/m"]
                context_length = 7
                capabilities = ["vision"]
                pricing = {input = 0, output = 1.5}
                """, Map.of());

        assertThat(settings.server().http()).isEqualTo(new HostPort("::1", 0)).hasToString("[::1]:0");
        assertThat(settings.server().bodyBudgetBytes()).isEqualTo(512L << 20);
        assertThat(settings.server().allowedHosts()).containsExactly("gw.example", "fe80::1");
        assertThat(settings.server().allowedOrigins()).containsExactly("https://app.example", "tauri://localhost");
        assertThat(settings.access()).isEqualTo(new Settings.Access(true, List.of(new Secret("plain"))));
        assertThat(settings.providers().keySet()).containsExactly("b", "a");
        ProviderSettings b = settings.providers().get("b");
        assertThat(b.type()).isEqualTo("openai");
        assertThat(b.keys()).containsExactly(new Secret("k1"), new Secret("k2"));
        assertThat(b.endpoint()).isEqualTo(URI.create("https://h/v1"));
        assertThat(b.headers()).isEqualTo(Map.of("X-Title", new Secret("t")));
        assertThat(b.own()).isEqualTo(Map.of("region", "eu", "models", List.of("m")));
        assertThat(settings.providers().get("a").disabledReason()).contains("enabled = false");
        assertThat(settings.routing().all())
                .containsEntry("preferred", "b")
                .containsEntry("load_balance", List.of("a", "b"))
                .containsEntry("weights", Map.of("a", 1L, "b", 0.5))
                .containsEntry("mine", Map.of("x", 1L));
        assertThat(settings.routing().decisions()).isEqualTo(7);
        assertThat(settings.aliases()).isEqualTo(Map.of("fast", List.of("b/m"), "claude", List.of("b/m", "a")));
        assertThat(settings.modelFacts()).containsOnlyKeys("b/m");
        Model facts = Objects.requireNonNull(settings.modelFacts().get("b/m"));
        assertThat(facts.contextLength()).isEqualTo(7);
        assertThat(facts.capabilities()).containsExactly("vision");
        assertThat(facts.pricing()).isEqualTo(Map.of("input", 0.0, "output", 1.5));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void dangerousButValidSettingsAreWarnedOf() throws Exception {
        assertThat(parse("[server]\nbind = \"0.0.0.0:80\"\n[auth]\nenabled = false", Map.of())
                        .warnings())
                .singleElement()
                .asString()
                .contains("0.0.0.0:80");
        assertThat(parse("[providers]", Map.of()).warnings())
                .singleElement()
                .asString()
                .contains("no call can be");
    }

    @Test
    void noSecretShowsInWhatIsPrinted() throws Exception {
        Settings settings = parse("""
                [auth]
                api_keys = ["sk-secret-1"]
                [providers.x]
                api_key = "sk-secret-2"
                headers = {Authorization = "sk-secret-3"}
                own = "${S}"
                """, Map.of("S", "sk-secret-4"));

        assertThat(settings.toString()).contains("providers").doesNotContain("sk-secret");
        assertThat(settings.warnings().toString()).doesNotContain("sk-secret");
    }

    @Test
    void theShippedFileChangesNothing() throws Exception {
        ConfigReader reader = new ConfigReader(Map.of(), Installed.UNKNOWN);

        Settings shipped = reader.read(SHIPPED);
        Settings none = reader.read(null);

        assertThat(new Settings(
                        null,
                        shipped.server(),
                        shipped.access(),
                        shipped.timeouts(),
                        shipped.rateLimits(),
                        shipped.providers(),
                        shipped.discover(),
                        shipped.routing(),
                        shipped.aliases(),
                        shipped.modelFacts(),
                        shipped.warnings()))
                .isEqualTo(none);
    }

    @Test
    void everySettingTheShippedFileShowsIsOneAndItsDefaultsAreTheDefaults() throws Exception {
        String shown = Pattern.compile("(?m)^# (\\[.*]|[A-Za-z_-]+ = .*)$")
                .matcher(Files.readString(SHIPPED))
                .replaceAll("$1");
        ConfigReader reader = new ConfigReader(Map.of("OPENAI_API_KEY", "k"), Installed.UNKNOWN);

        Settings all = reader.parse(shown, SHIPPED);
        Settings none = reader.read(null);

        assertThat(shown.lines().filter(line -> line.matches("[A-Za-z_-]+ = .*")))
                .hasSize(93);
        assertThat(all.warnings()).isEmpty();
        assertThat(all.routing().all())
                .containsEntry("signals_ms", none.routing().signalsMillis());
        assertThat(all.routing().breaker()).isEqualTo(none.routing().breaker());
        assertThat(all.routing().retry()).isEqualTo(none.routing().retry());
        assertThat(all.routing().probes()).isEqualTo(none.routing().probes());
        assertThat(all.routing().decisions()).isEqualTo(none.routing().decisions());
        assertThat(all.timeouts())
                .isEqualTo(new Timeouts(5_000, 120_000, 600_000, 60_000, 0))
                .isEqualTo(none.timeouts());
        Settings.Server server = all.server();
        // The two budgets depend on the JVM's heap where it is small.
        long quarter = Runtime.getRuntime().maxMemory() / 4 >> 20 << 20;
        assertThat(none.server().bodyBudgetBytes()).isEqualTo(Math.min(quarter, server.bodyBudgetBytes()));
        assertThat(none.server().answerBudgetBytes()).isEqualTo(Math.min(quarter, server.answerBudgetBytes()));
        assertThat(new Settings.Server(
                        server.http(),
                        server.grpc(),
                        server.maxBodyBytes(),
                        none.server().bodyBudgetBytes(),
                        none.server().answerBudgetBytes(),
                        server.maxStreams(),
                        server.drainMillis(),
                        server.earlyKeepAliveMillis(),
                        server.logLevel(),
                        List.of(),
                        List.of(),
                        false,
                        server.sockets()))
                .isEqualTo(none.server());
        assertThat(all.providers().values())
                .allMatch(p -> p.enabled()
                        && Set.of("responses", "completions", "responses_only")
                                .containsAll(p.own().keySet()));
        assertThat(new HashMap<>(all.aliases()).keySet()).containsExactlyInAnyOrder("fast", "best", "quick");
    }
}
