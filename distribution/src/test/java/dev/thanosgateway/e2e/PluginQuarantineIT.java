package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plugin that ends the process while it starts is named, and does not keep the next start from serving. */
class PluginQuarantineIT {
    private static final Duration SOON = Duration.ofSeconds(4);
    private static final String FILE = Gateway.ANY_PORT + "max_streams = 100\n[providers.echo]\n[providers.killing]\n";

    private static Gateway.Builder builder(String how) throws Exception {
        Gateway.Builder builder = Gateway.with(FILE).environment("THANOS_JAVA_OPTS", "-Xms64m -Xmn32m -Xmx128m");
        killing(how).into(builder.plugins().resolve("killing.jar"));
        return builder;
    }

    private static FixturePlugin killing(String how) {
        return FixturePlugin.of("killing", "Killing")
                .text(how)
                .lifecycle("activate=\"activate\"")
                .activator();
    }

    private static String reason(Gateway gateway) throws Exception {
        return gateway.provider("killing.jar") == null
                ? ""
                : gateway.provider("killing.jar").path("reason").asString("");
    }

    private static int echo(Gateway gateway) throws Exception {
        return gateway.post(Chats.PATH, Chats.whole("echo/echo", "hi")).statusCode();
    }

    private static void died(Gateway.Builder builder) throws Exception {
        Gateway dead = builder.startToFail();
        assertThat(dead.output()).doesNotContain("http   http://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start-exit", "start-halt", "start-heap", "activate-exit", "activate-halt"})
    void theNextStartServesWithoutItAndNamesIt(String how) throws Exception {
        Gateway.Builder builder = builder(how);
        died(builder);
        Gateway first = builder.start();
        assertThat(echo(first)).isEqualTo(200);
        assertThat(reason(first)).contains("quarantined", "thanos plugins release fixture.killing");
        assertThat(first.errors().toString()).contains("killing.jar is refused: it is quarantined");
        assertThat(Command.run(first.folder(), "plugins", "why", "killing.jar").out())
                .contains("quarantined");
        first.terminate();
        first.exit(Duration.ofSeconds(10));
        try (Gateway second = builder.start()) {
            assertThat(reason(second)).as("it stays quarantined").contains("quarantined");
            killing("nothing").version("1.0.1").into(second.plugins().resolve("killing.jar"));
            second.awaitState("killing", "active");
        }
    }

    @Test
    void oneThatEndsTheProcessAfterItsStartIsNamedWithWhatCameWithIt() throws Exception {
        Gateway.Builder builder = Gateway.with(FILE + "[providers.paced]\n");
        Gateway first = builder.start();
        FixturePlugin.of("paced", "Paced").into(builder.plugins().resolve("paced.jar"));
        killing("start-background").into(builder.plugins().resolve("killing.jar"));
        assertThat(first.exit(Duration.ofSeconds(10))).isEqualTo(6);
        try (Gateway second = builder.start()) {
            assertThat(echo(second)).isEqualTo(200);
            assertThat(reason(second))
                    .contains("quarantined", "fixture.paced 1.0.0", "thanos plugins release fixture.killing");
            assertThat(second.provider("paced.jar").path("reason").asString(""))
                    .contains("quarantined", "fixture.killing 1.0.0", "thanos plugins release fixture.paced");
            assertThat(Command.run(second.folder(), "plugins", "release", "paced.jar")
                            .code())
                    .isZero();
            second.awaitState("paced", "active");
        }
    }

    @Test
    void anOverflowingStackIsAnOrdinaryRefusal() throws Exception {
        try (Gateway gateway = builder("start-overflow").start()) {
            assertThat(echo(gateway)).isEqualTo(200);
            assertThat(reason(gateway)).contains("StackOverflowError");
        }
    }

    @Test
    void aReleasedOneIsTriedAgainAndAGoodOneIsNotReleased() throws Exception {
        Gateway.Builder builder = builder("start-halt");
        died(builder);
        try (Gateway gateway = builder.start()) {
            assertThat(Command.run(gateway.folder(), "plugins", "release", "provider-echo")
                            .code())
                    .isEqualTo(1);
            assertThat(Command.run(gateway.folder(), "plugins", "release").code())
                    .isEqualTo(2);
            Command.run(gateway.folder(), "plugins", "release", "killing.jar");
            gateway.exit(Duration.ofSeconds(10)); // it is tried again, and does it again
        }
    }

    @Test
    void aSafeStartDeploysOnlyWhatShips() throws Exception {
        Gateway.Builder builder = builder("start-exit").arguments("--safe");
        try (Gateway gateway = builder.start()) {
            assertThat(echo(gateway)).isEqualTo(200);
            assertThat(reason(gateway)).contains("--safe");
            assertThat(gateway.errors().toString()).contains("Safe mode");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"start-exit", "start-halt", "activate-halt"})
    void doctorSurvivesItAndNamesIt(String how) throws Exception {
        Path folder = builder(how).folder();
        try {
            Command.Run run = Command.run(
                    folder, "doctor", "--config", folder.resolve("thanos.toml").toString());
            assertThat(run.code()).as(run.out() + run.err()).isEqualTo(1);
            assertThat(run.out()).contains("The plugin killing.jar does not serve: it is quarantined");
        } finally {
            Gateway.delete(folder);
        }
    }

    @Test
    void aStopWhileAPluginStartsDoesNotBlameIt() throws Exception {
        Gateway.Builder builder = Gateway.with(Gateway.ANY_PORT + "[providers.echo]\n[providers.hanging]\n");
        Gateway first = builder.start();
        FixturePlugin.of("hanging", "Hanging")
                .text("start")
                .activator()
                .into(builder.plugins().resolve("hanging.jar"));
        Eventually.within(SOON, "it hangs", () -> first.errors().toString().contains("has not returned within"));
        first.terminate();
        first.exit(Duration.ofSeconds(12));
        Path quarantine = builder.folder().resolve("state/plugins/quarantine");
        Files.deleteIfExists(builder.plugins().resolve("hanging.jar"));
        try (Gateway second = builder.start()) {
            assertThat(echo(second)).isEqualTo(200);
            assertThat(quarantine).doesNotExist();
        }
    }
}
