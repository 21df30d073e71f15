package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code thanos config check}: nothing is started, every mistake is told with its place, no secret is. */
class ConfigCheckIT {
    private static final String KEY = "sk-secret-8d2f0a";
    private static Path folder;

    @BeforeAll
    static void install() throws Exception {
        folder = Gateway.bare().folder();
    }

    @AfterAll
    static void remove() throws Exception {
        Gateway.delete(folder);
    }

    private static Command.Run check(String toml, String... environment) throws Exception {
        Path file = Files.writeString(folder.resolve("a.toml"), toml);
        Map<String, String> variables = environment.length == 0 ? Map.of() : Map.of(environment[0], environment[1]);
        return Command.run(folder, variables, "", "config", "check", file.toString());
    }

    @Test
    void aRightFileIsRight() throws Exception {
        Command.Run run = check("[providers.openai]\napi_key = \"${SOME_KEY}\"\n", "SOME_KEY", KEY);
        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo(folder.resolve("a.toml") + ": right\n");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void everyMistakeIsToldWithItsPlaceAndNoSecret() throws Exception {
        Command.Run run = check("[server]\nbnid = \"127.0.0.1:0\"\n[providers.x]\napi_key = \"" + KEY + "\"\nmodle = \""
                + KEY + "\"\n[routing]\nstrategy = \"" + "prefered\"\n");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .containsPattern("a\\.toml:2:1: .*bnid.*'bind'")
                .containsPattern("a\\.toml:5:1: .*modle.*'model'")
                .containsPattern("a\\.toml:7:\\d+: .*'preferred'");
        assertThat(run.out()).contains("refused, 3 mistakes");
        assertThat(run.out() + run.err()).doesNotContain(KEY);
    }

    @Test
    void itWarnsOfWhatTheStartWouldWarnOf() throws Exception {
        Command.Run run = check("""
                [providers.one]
                type = "openai"
                api_key = "${NOT_SET_AT_ALL}"
                [providers.opnai]
                [providers.openai]
                [routing]
                strategy = "my-own"
                """);
        assertThat(run.code()).isZero();
        assertThat(run.err())
                .containsPattern("warning: .*a\\.toml:3:\\d+: .*NOT_SET_AT_ALL")
                .containsPattern("warning: .*a\\.toml:4:1: providers\\.opnai\\.type .*Did you mean 'openai'\\?")
                .containsPattern("warning: .*a\\.toml:5:1: providers\\.openai\\.api_key is missing")
                .containsPattern("warning: .*a\\.toml:7:1: routing\\.strategy is in no jar");
        assertThat(run.out()).contains("right, 4 warnings");
    }

    @Test
    void aProfileThatHasNoRulesOrThoseOfAnotherApiIsWarnedOf() throws Exception {
        Command.Run run = check("""
                [providers.one]
                type = "openai"
                endpoint = "https://proxy.example"
                profile = "openia"
                [providers.ollama]
                profile = "openai"
                [providers.two]
                type = "openai"
                endpoint = "https://proxy.example"
                profile = "xai"
                """);
        assertThat(run.code()).isZero();
        assertThat(run.err())
                .containsPattern("a\\.toml:4:1: providers\\.one\\.profile 'openia' .*Did you mean 'openai'\\?")
                .containsPattern("a\\.toml:6:1: providers\\.ollama\\.profile 'openai' has the rules of an API")
                .doesNotContain("providers.two");
        assertThat(run.out()).contains("right, 2 warnings");
    }

    @Test
    void aTypeWithoutAnEndpointOfItsOwnNeedsOneInItsTable() throws Exception {
        Command.Run run = check("[providers.azure]\napi_key = \"k\"\nmodel = \"mine\"\n");
        assertThat(run.code()).isZero();
        assertThat(run.err()).containsPattern("a\\.toml:1:1: providers\\.azure\\.endpoint is missing");
        assertThat(run.out()).contains("right, 1 warning");
    }

    @Test
    void modelsThatTheirVendorHasShutDownAreNamedWhereverTheyStand() throws Exception {
        Command.Run run = check("""
                [providers.openai]
                api_key = "k"
                model = "gpt-4-turbo"
                [routing]
                load_balance = ["openai/gpt-4"]
                [routing.cheapest]
                "openai/o1" = { input = 15, output = 60 }
                [models.aliases]
                bare = "o3-mini"
                """);
        assertThat(run.code()).isZero();
        assertThat(run.err())
                .contains(
                        "openai/gpt-4-turbo (providers.openai.model) was shut down",
                        "openai/gpt-4 (routing.load_balance) was shut down",
                        "openai/o1 (routing.cheapest) was shut down",
                        "openai/o3-mini (models.aliases.bare) was shut down")
                .contains("warning: " + folder.resolve("a.toml") + ": openai/");
        assertThat(run.out()).contains("right, 4 warnings");
    }

    @Test
    void aFileThatCannotBeReadIsAnotherCode() throws Exception {
        Command.Run missing = Command.run(folder, "config", "check", "/nowhere/thanos.toml");
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains("/nowhere/thanos.toml", "does not exist");
        assertThat(Command.run(folder, "config", "check", folder.toString()).code())
                .isEqualTo(2);
        assertThat(check("x").code()).isEqualTo(1);
    }

    @Test
    void withoutANameItFindsTheFileThatTheStartWouldRead() throws Exception {
        assertThat(Command.run(folder, "config", "check").out()).contains("no configuration file", "defaults");
        Path file = Files.writeString(folder.resolve("cwd/thanos.toml"), "[providers.echo]\n");
        try {
            assertThat(Command.run(folder, "config", "check").out()).startsWith(file.toRealPath() + ": right");
        } finally {
            Files.delete(file);
        }
    }
}
