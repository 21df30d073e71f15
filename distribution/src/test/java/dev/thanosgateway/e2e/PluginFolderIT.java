package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Jars come, are replaced and go while the gateway serves. */
class PluginFolderIT {
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration DRAINED = Duration.ofSeconds(10);

    private static Gateway gateway;
    private static Path jar;

    @BeforeAll
    static void start() throws Exception {
        gateway = Gateway.with(Gateway.ANY_PORT + "[providers.echo]\n[providers.paced]\n[providers.other]\n")
                .start();
        jar = gateway.plugins().resolve("paced.jar");
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    @AfterEach
    void remove() throws Exception {
        try (var files = Files.list(gateway.plugins())) {
            for (Path file : files.toList()) {
                if (!Files.exists(Gateway.INSTALLATION.resolve("plugins").resolve(file.getFileName()))) {
                    Files.delete(file);
                }
            }
        }
        gateway.awaitState("paced", "waiting");
    }

    private static FixturePlugin paced(String text) {
        return FixturePlugin.of("paced", "Paced").text(text);
    }

    /** What it says now; "" when it does not serve. */
    private static String said() throws Exception {
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("paced/1x0", "hi"));
        return answer.statusCode() == 200
                ? Chats.read(answer.body())
                        .at("/choices/0/message/content")
                        .asString()
                        .strip()
                : "";
    }

    private static void serves(String text) throws Exception {
        Eventually.within(SOON, "the one that says " + text + " serves", () -> said().equals(text));
    }

    @Test
    void withNothingConfiguredAJarThatNeedsNothingServesWhenItIsDroppedIn() throws Exception {
        try (Gateway bare = Gateway.with(Gateway.ANY_PORT).start()) {
            Path dropped = bare.plugins().resolve("paced.jar");
            String chat = Chats.whole("paced/1x0", "hi");
            assertThat(bare.post(Chats.PATH, chat).statusCode()).isEqualTo(404);
            paced("v1").into(dropped);
            Eventually.within(
                    SOON, "it serves", () -> bare.post(Chats.PATH, chat).statusCode() == 200);
            Files.delete(dropped);
            Eventually.within(
                    SOON, "it is gone", () -> bare.post(Chats.PATH, chat).statusCode() == 404);
            assertThat(bare.provider("paced")).isNull();
        }
    }

    @Test
    void aJarDroppedInServesWithinTwoSecondsAndDeletedIsGone() throws Exception {
        assertThat(gateway.provider("paced").path("state").asString()).isEqualTo("waiting");
        paced("v1").into(jar);
        serves("v1");
        assertThat(gateway.provider("paced").path("bundle").asString()).isEqualTo("fixture.paced");
        assertThat(gateway.json("/health").at("/providers/paced/status").asString())
                .isEqualTo("healthy");

        Files.delete(jar);
        Eventually.within(SOON, "it takes no new calls", () -> said().isEmpty());
        assertThat(gateway.post(Chats.PATH, Chats.whole("echo/echo", "hi")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aDeletedJarsStreamsFinishAndNewCallsAreToldWhy() throws Exception {
        paced("v1").into(jar);
        serves("v1");
        try (RawHttp client = new RawHttp(gateway.port())) {
            client.send(RawHttp.post(Chats.PATH, Chats.stream("paced/20x100", "hi")));
            RawHttp.Head head = client.head();
            String first = new String(client.chunk(), StandardCharsets.UTF_8);
            Files.delete(jar);
            Eventually.within(SOON, "it takes no new calls", () -> said().isEmpty());
            Sse stream = Sse.of(first + new String(client.body(head), StandardCharsets.UTF_8));

            assertThat(stream.text()).isEqualTo("v1 ".repeat(20));
            assertThat(stream.done()).isTrue();
        }
        HttpResponse<String> refused = gateway.post(Chats.PATH, Chats.whole("paced/1x0", "hi"));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(Chats.error(refused).path("message").asString()).contains("paced");
    }

    @Test
    void aHalfCopiedJarIsWaitedFor() throws Exception {
        byte[] bytes = paced("whole").bytes();
        Files.write(jar, Arrays.copyOf(bytes, bytes.length / 2));
        JsonNode before = gateway.provider("paced");
        assertThat(before.path("state").asString()).isEqualTo("waiting");
        Files.write(jar, bytes);

        serves("whole");
    }

    @Test
    void aCorruptJarIsRefusedAndTheOldServes() throws Exception {
        paced("good").into(jar);
        serves("good");
        Files.write(jar, "this is no zip".getBytes(StandardCharsets.UTF_8));
        Eventually.within(
                Duration.ofSeconds(10),
                "it is listed as not whole",
                () -> gateway.providers().stream()
                        .anyMatch(entry -> entry.path("id").asString().equals("paced.jar")
                                && entry.path("reason").asString("").contains("not whole")));

        assertThat(said()).isEqualTo("good");
    }

    @Test
    void aJarDamagedInItsMiddleIsRefusedAndTheOldServes() throws Exception {
        paced("good").into(jar);
        serves("good");
        byte[] damaged = paced("bad").version("1.0.1").bytes();
        // Within the first class, behind its name: the directory at the end stays whole.
        int inside = new String(damaged, StandardCharsets.ISO_8859_1).indexOf("Paced$1.class") + 200;
        damaged[inside] ^= 0x55;
        Files.write(jar, damaged);
        refused("paced.jar", "Paced$1.class");

        assertThat(said()).isEqualTo("good");
    }

    @Test
    void aJarThatIsNoBundleIsRefusedWithAReason() throws Exception {
        paced("x").header("Bundle-SymbolicName", "").into(gateway.plugins().resolve("nameless.jar"));
        refused("nameless.jar", "Bundle-SymbolicName");
    }

    @Test
    void aJarThatImportsWhatIsNotThereIsRefusedAndTheOldServes() throws Exception {
        paced("good").into(jar);
        serves("good");
        paced("bad")
                .version("1.0.1")
                .header("Import-Package", "dev.thanosgateway.api;version=\"[1.0,2)\",io.javalin")
                .into(jar);
        refused("paced.jar", "io.javalin");

        assertThat(said()).isEqualTo("good");
    }

    @Test
    void aJarWhoseComponentFailsIsRefusedWithItsOwnWordsAndTheOldServes() throws Exception {
        paced("good").into(jar);
        serves("good");
        FixturePlugin.of("paced", "Failing")
                .text("no luck today")
                .version("1.0.1")
                .into(jar);
        refused("paced.jar", "no luck today");

        assertThat(said()).isEqualTo("good");
    }

    @Test
    void ofTwoJarsWithOneNameTheHighestVersionServes() throws Exception {
        paced("old").version("1.0.0").into(jar);
        serves("old");
        Path second = gateway.plugins().resolve("second.jar");
        paced("new").version("2.0.0").into(second);
        serves("new");
        Files.delete(second);
        Eventually.within(DRAINED, "the older one is back", () -> said().equals("old"));
    }

    /** Says why in the list and in the log. */
    private static void refused(String file, String why) throws Exception {
        Eventually.within(Duration.ofSeconds(10), file + " is refused because of " + why, () -> {
            for (JsonNode entry : gateway.providers()) {
                String reason = entry.path("reason").asString("");
                if (reason.contains(why) && (entry.path("id").asString() + reason).contains(file)) {
                    return true;
                }
            }
            return false;
        });
        // The log is another pipe: its line may arrive behind the list that already shows the reason.
        Eventually.within(
                SOON,
                "the log says why " + file + " is refused",
                () -> gateway.errors().stream().anyMatch(line -> line.contains(file) && line.contains(why)));
    }
}
