package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The list of jars that may be deployed: asked where others can reach the gateway, or where there is one. */
class PluginLockIT {
    private static final Duration SOON = Duration.ofSeconds(4);
    private static final String TABLES = "[auth]\nenabled = false\n[providers.echo]\n[providers.paced]\n";

    private static void into(Gateway gateway, String text) throws Exception {
        FixturePlugin.of("paced", "Paced").text(text).into(gateway.plugins().resolve("paced.jar"));
    }

    @Test
    void onAnAddressOthersReachAJarIsRefusedUntilItIsAllowed() throws Exception {
        String file = Gateway.ANY_PORT.replace("grpc = \"127.0.0.1:0", "grpc = \"0.0.0.0:0") + TABLES;
        try (Gateway gateway = Gateway.with(file).start()) {
            gateway.awaitState("echo", "active");
            into(gateway, "one");
            Eventually.within(
                    SOON,
                    "it is refused",
                    () -> Command.run(gateway.folder(), "plugins", "why", "paced.jar")
                            .out()
                            .contains("thanos plugins lock"));
            assertThat(gateway.json("/v1/providers").toString()).contains("waiting for a plugin");

            Command.Run lock = Command.run(gateway.folder(), "plugins", "lock");
            assertThat(lock.code()).as(lock.err()).isZero();
            assertThat(lock.out()).containsPattern("(?m)^[0-9a-f]{64}  paced\\.jar$");
            gateway.awaitState("paced", "active");
            assertThat(gateway.provider("echo").path("state").asString()).isEqualTo("active");
        }
    }

    @Test
    void onLoopbackItCountsOnceThereIsAFileAndAnotherJarNeverDisplacesAnAllowedOne() throws Exception {
        try (Gateway gateway = Gateway.with(Gateway.ANY_PORT + TABLES).start()) {
            into(gateway, "one");
            gateway.awaitState("paced", "active");
            assertThat(Command.run(gateway.folder(), "plugins", "lock").code()).isZero();

            into(gateway, "two");
            Eventually.within(
                    SOON,
                    "it is refused",
                    () -> Command.run(gateway.folder(), "plugins", "why", "paced.jar")
                            .out()
                            .contains("plugins.lock"));
            assertThat(gateway.provider("paced").path("state").asString()).isEqualTo("active");

            assertThat(Command.run(gateway.folder(), "doctor").out())
                    .containsPattern("! .*paced\\.jar does not serve.*\\R  Allow what is in plugins/");

            Path lock = gateway.plugins().resolve("plugins.lock");
            Files.delete(lock);
            Eventually.within(
                    SOON,
                    "the new one serves",
                    () -> gateway.post(Chats.PATH, Chats.whole("paced/1x0", "hi"))
                            .body()
                            .contains("two"));
        }
    }
}
