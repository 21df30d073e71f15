package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A plugin whose code does not return, wherever that is: it is named after a second, other jars and edits of the
 * configuration go on within two, and the process ends on SIGTERM within its limits.
 */
class HangingPluginIT {
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration NAMED = Duration.ofSeconds(4);
    private static final Duration STOPPED = Duration.ofSeconds(12);
    private static final String NO_RETURN = "its (start|activation|stop) (does not return|did not end)";
    private static final String LIFECYCLE = "activate=\"activate\" deactivate=\"deactivate\"";
    private static final String FILE =
            Gateway.ANY_PORT + "drain_ms = 1000\n[providers.echo]\n[providers.hanging]\n[providers.paced]\n";

    private static FixturePlugin hanging(String where, String version) {
        FixturePlugin plugin = FixturePlugin.of("hanging", "Hanging")
                .version(version)
                .text(where)
                .lifecycle(LIFECYCLE);
        return where.equals("constructor") ? plugin.framework() : plugin.activator();
    }

    private static Path jar(Gateway gateway) {
        return gateway.plugins().resolve("hanging.jar");
    }

    private static int status(Gateway gateway, String model) throws Exception {
        return gateway.post(Chats.PATH, Chats.whole(model, "hi")).statusCode();
    }

    /** Another jar serves, and an edit is in force, each soon. */
    private static void othersGoOn(Gateway gateway) throws Exception {
        FixturePlugin.of("paced", "Paced").into(gateway.plugins().resolve("paced.jar"));
        Eventually.within(SOON, "another jar serves", () -> status(gateway, "paced/1x0") == 200);
        String file = Files.readString(gateway.configuration());
        Files.writeString(gateway.configuration(), file + "[providers.second]\ntype = \"echo\"\n");
        Eventually.within(SOON, "an edit is in force", () -> status(gateway, "second/echo") == 200);
    }

    /** While its code does not return, and after it was given up. */
    private static void isNamed(Gateway gateway) throws Exception {
        Eventually.within(
                NAMED,
                "the log names it",
                () -> gateway.errors().stream()
                        .anyMatch(
                                line -> line.contains("plugin fixture.hanging") && line.contains("has not returned")));
        assertThat(gateway.json("/v1/providers").toString()).containsPattern(NO_RETURN);
        assertThat(Command.run(gateway.folder(), "plugins", "why", "hanging").out())
                .containsPattern(NO_RETURN);
    }

    private static void stops(Gateway gateway) throws Exception {
        gateway.terminate();
        assertThat(gateway.exit(STOPPED)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"static", "constructor", "start", "activate", "factory"})
    void oneThatHangsWhenItComesHoldsUpNothingElse(String where) throws Exception {
        try (Gateway gateway = Gateway.with(FILE).start()) {
            hanging(where, "1.0.0").into(jar(gateway));
            Eventually.within(
                    NAMED, "it is begun", () -> gateway.errors().toString().contains("has not returned within"));
            othersGoOn(gateway);
            isNamed(gateway);
            stops(gateway);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "deactivate"})
    void oneThatHangsWhenItGoesHoldsUpNothingElse(String where) throws Exception {
        try (Gateway gateway = Gateway.with(FILE).start()) {
            hanging(where, "1.0.0").into(jar(gateway));
            Eventually.within(SOON, "it serves", () -> status(gateway, "hanging/m") == 200);
            Files.delete(jar(gateway));
            othersGoOn(gateway);
            isNamed(gateway);
            assertThat(status(gateway, "hanging/m")).isEqualTo(503);
            stops(gateway);
        }
    }

    @Test
    void oneThatHangsWhenItIsReplacedIsReplacedAllTheSame() throws Exception {
        try (Gateway gateway = Gateway.with(FILE).start()) {
            hanging("deactivate", "1.0.0").into(jar(gateway));
            Eventually.within(SOON, "it serves", () -> status(gateway, "hanging/m") == 200);
            for (int version = 1; version < 4; version++) {
                String number = "1." + version + ".0";
                hanging("deactivate", number).into(jar(gateway));
                Eventually.within(
                        SOON,
                        number + " serves",
                        () -> number.equals(
                                gateway.provider("hanging").path("version").asString()));
                assertThat(status(gateway, "hanging/m")).isEqualTo(200);
            }
            othersGoOn(gateway);
            stops(gateway);
        }
    }

    @Test
    void oneWhoseNewSettingsHangKeepsItsOldOnesAndHoldsUpNothingElse() throws Exception {
        try (Gateway gateway = Gateway.with(FILE).start()) {
            hanging("edit", "1.0.0")
                    .lifecycle(LIFECYCLE + " immediate=\"true\"")
                    .into(jar(gateway));
            Eventually.within(SOON, "it serves", () -> status(gateway, "hanging/m") == 200);
            String file = Files.readString(gateway.configuration());
            Files.writeString(
                    gateway.configuration(),
                    file.replace("[providers.hanging]\n", "[providers.hanging]\nhang = true\n"));
            isNamed(gateway);
            othersGoOn(gateway);
            assertThat(status(gateway, "hanging/m")).isEqualTo(200);
            stops(gateway);
        }
    }

    @Test
    void oneThatHangsAtTheStartIsNamedAndTheGatewayServes() throws Exception {
        Gateway.Builder builder = Gateway.with(FILE);
        hanging("start", "1.0.0").into(builder.plugins().resolve("aaa.jar"));
        try (Gateway gateway = builder.start()) {
            assertThat(status(gateway, "echo/echo")).isEqualTo(200);
            assertThat(gateway.errors().toString())
                    .contains("plugin fixture.hanging 1.0.0: its start has not returned");
            assertThat(gateway.provider("aaa.jar").path("reason").asString()).contains("its start did not end");
            stops(gateway);
        }
    }
}
