package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code thanos doctor}, its second step above all: what plugins and providers say. */
class DoctorIT {
    private static final String SOUND = Gateway.ANY_PORT + "max_streams = 100\n[providers.echo]\n";
    private static final String LIST =
            "{\"object\":\"list\",\"data\":[{\"id\":\"fake-large\",\"object\":\"model\",\"created\":1}]}";

    private Path folder;

    @BeforeEach
    void install() throws Exception {
        folder = Gateway.bare().folder();
    }

    @AfterEach
    void remove() throws Exception {
        Gateway.delete(folder);
    }

    private Command.Run doctor(String toml) throws Exception {
        Path file = Files.writeString(folder.resolve("thanos.toml"), toml);
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        return Command.run(folder, "doctor", "--config", file.toString());
    }

    /** A finding with its mend, each on a line. */
    private static void assertFound(Command.Run run, String what, String mend) {
        assertThat(run.out()).containsPattern("(?m)^! .*" + what + ".*\\R  .*" + mend);
    }

    @Test
    void aSoundInstallationHasNoFindingAndNothingIsBilled() throws Exception {
        try (FakeUpstream upstream = new FakeUpstream(new FakeOpenAi())) {
            Command.Run run = doctor(SOUND + Configurations.provider("openai", upstream, ""));
            assertThat(run.code()).as(run.out() + run.err()).isZero();
            assertThat(run.out()).endsWith("Nothing is wrong.\n").doesNotContain(FakeOpenAi.KEY);
            assertThat(upstream.take().line()).startsWith("GET /v1/models ");
            assertThat(upstream.untaken()).isZero();
        }
    }

    private static String table(String id, String endpoint) {
        return "[providers." + id + "]\ntype = \"openai\"\nendpoint = \"" + endpoint + "\"\napi_key = \""
                + FakeOpenAi.KEY + "\"\nmodel = \"fake-large\"\n";
    }

    /** As servers answer that hear TLS where they expect HTTP. */
    private static void knowsNoTls(ServerSocket server) {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                    socket.getInputStream().readNBytes(100);
                }
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    @Test
    void everyWayAProviderCanFailToAnswerIsFound() throws Exception {
        String longAgo = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().minusSeconds(3600).atOffset(ZoneOffset.UTC));
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            free = socket.getLocalPort();
        }
        try (FakeUpstream good = new FakeUpstream(new FakeOpenAi());
                FakeUpstream html = new FakeUpstream(call -> call.whole(200, "text/html", "<!doctype html><p>Hi"));
                FakeUpstream other = new FakeUpstream(call -> call.whole(404, "text/plain", "no such page"));
                FakeUpstream broken = new FakeUpstream(call -> call.json(500, "{}"));
                FakeUpstream poor = new FakeUpstream(call -> call.json(429, "{}"));
                FakeUpstream late = new FakeUpstream(call -> call.json(200, LIST, "date: " + longAgo));
                ServerSocket plain = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                FakeUpstream mute = new FakeUpstream(call -> call.awaitGone(20_000))) {
            Thread.ofVirtual().start(() -> knowsNoTls(plain));
            Command.Run run = doctor(SOUND
                    + table("refused", "http://127.0.0.1:" + free)
                    + table("nowhere", "http://no-such-host.invalid")
                    + table("tls", "https://127.0.0.1:" + plain.getLocalPort())
                    + table("key", good.endpoint()).replace(FakeOpenAi.KEY, "sk-wrong-key-77")
                    + table("html", html.endpoint())
                    + table("other", other.endpoint())
                    + table("broken", broken.endpoint())
                    + table("poor", poor.endpoint())
                    + table("late", late.endpoint())
                    + table("mute", mute.endpoint())
                    + table("model", good.endpoint()).replace("fake-large", "fake-lagre"));
            assertThat(run.code()).as(run.out() + run.err()).isEqualTo(1);
            assertFound(run, "providers\\.refused at .*refused the connection", "Start the server");
            assertFound(run, "providers\\.nowhere at .*cannot be resolved", "Correct the host");
            assertFound(run, "providers\\.tls at .*TLS was not accepted", "http://");
            assertFound(run, "providers\\.key at ", "Set a valid api_key");
            assertFound(run, "providers\\.html at ", "does not speak the API of type 'openai'");
            assertFound(run, "providers\\.other at ", "Correct endpoint or type");
            assertFound(run, "providers\\.broken at ", "server's own state");
            assertFound(run, "providers\\.poor at ", "raise the limits");
            assertFound(run, "clock is 60 minutes ahead of .*providers\\.late", "Set the clock");
            assertFound(run, "providers\\.mute at ", "firewall");
            assertFound(run, "providers\\.model: .*Did you mean 'fake-large'", "fake-large, fake-small");
            assertFound(run, "providers\\.nowhere: its key goes to no-such-host.invalid unencrypted", "https://");
            assertThat(run.out()).contains("Found: 12").doesNotContain(FakeOpenAi.KEY, "sk-wrong-key-77");
        }
    }

    @Test
    void everyJarThatDoesNotServeIsFoundAndEveryTableThatNeedsOne() throws Exception {
        Path plugins = folder.resolve("inst/plugins");
        byte[] whole = Files.readAllBytes(plugins.resolve("provider-echo.jar"));
        Files.write(plugins.resolve("half.jar"), Arrays.copyOf(whole, whole.length / 2));
        Files.write(plugins.resolve("twin.jar"), whole);
        jar(plugins.resolve("plain.jar"), "Manifest-Version: 1.0\r\n\r\n");
        jar(
                plugins.resolve("lonely.jar"),
                "Manifest-Version: 1.0\r\nBundle-ManifestVersion: 2\r\n"
                        + "Bundle-SymbolicName: lonely\r\nImport-Package: com.example.missing\r\n\r\n");
        Command.Run run = doctor(SOUND + "[providers.opnai]\n[providers.openai]\n[routing]\nstrategy = \"my-own\"\n");
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(1);
        assertFound(run, "plugin half\\.jar does not serve", "Copy the jar again");
        assertFound(run, "plugin (twin|provider-echo)\\.jar does not serve", "one of a name is enough");
        assertFound(run, "plugin plain\\.jar does not serve: .*Bundle-SymbolicName", "built for this gateway");
        assertFound(run, "plugin lonely\\.jar does not serve: .*com\\.example\\.missing", "provides what is missing");
        assertFound(run, "providers\\.opnai\\.type 'opnai' is served by no jar.*'openai'", "Correct that line");
        assertFound(run, "providers\\.openai\\.api_key is missing.*OPENAI_API_KEY", "Correct that line");
        assertFound(run, "routing\\.strategy is in no jar", "Correct that line");
        assertThat(run.out()).contains("Found: 7").doesNotContain("\tat ");
        assertThat(run.err()).isEmpty();
    }

    private static void jar(Path path, String manifest) throws IOException {
        try (OutputStream file = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(manifest.getBytes());
        }
    }

    @Test
    void aTableWithoutAnEndpointAndModelsThatWereShutDownAreFoundOnce() throws Exception {
        Command.Run run = doctor(SOUND + """
                [providers.azure]
                api_key = "k"
                [providers.openai]
                endpoint = "http://127.0.0.1:1"
                [routing]
                load_balance = ["openai/gpt-4"]
                """);
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(1);
        assertFound(run, "providers\\.azure\\.endpoint is missing", "Correct that line");
        assertFound(run, "openai/gpt-4 \\(routing\\.load_balance\\) was shut down", "Name gpt-");
        assertThat(run.out()).containsOnlyOnce("providers.azure").containsOnlyOnce("openai/gpt-4 ");
    }

    @Test
    void aConfigurationWithMistakesIsAFindingAndNothingIsStarted() throws Exception {
        Command.Run run = doctor("[servre]\n");
        assertThat(run.code()).isEqualTo(1);
        assertFound(run, "thanos\\.toml:1:1: .*servre.*'server'", "Correct that line");
        assertThat(run.out()).contains("not looked at", "Found: 1");
    }

    @Test
    void anIncompleteInstallationIsFound() throws Exception {
        Path lib = folder.resolve("inst/lib");
        Path whole = lib.toRealPath();
        Files.delete(lib);
        Files.createDirectory(lib);
        try (Stream<Path> jars = Files.list(whole)) {
            for (Path jar :
                    jars.filter(path -> !path.toString().contains("felix.scr")).toList()) {
                Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar);
            }
        }
        Command.Run run = doctor(SOUND);
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(1);
        assertFound(run, "cannot start", "org\\.apache\\.felix\\.scr: unpack the distribution again");
    }

    @Test
    void aGatewayThatRunsIsNoFaultBesideIt() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        String file = SOUND.replaceFirst("127.0.0.1:0", "127.0.0.1:" + port);
        try (Gateway gateway = Gateway.with(file).start()) {
            Command.Run run = Command.run(
                    gateway.folder(),
                    "doctor",
                    "--config",
                    gateway.configuration().toString());
            assertThat(run.code()).as(run.out() + run.err()).isZero();
            assertThat(run.out()).contains("running: " + gateway.process().pid(), ":" + port);
        }
    }
}
