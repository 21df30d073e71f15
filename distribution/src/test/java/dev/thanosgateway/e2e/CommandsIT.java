package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The commands that ask a running gateway over its socket, and those that need none. */
class CommandsIT {
    private static FakeUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream(new FakeOpenAi());
        gateway = Gateway.with(Configurations.openai(upstream) + "[models.aliases]\nfast = \"openai/fake-small\"\n")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    private static Command.Run run(String... words) throws Exception {
        return Command.run(gateway.folder(), words);
    }

    private static Path socket(Gateway of) throws Exception {
        try (Stream<Path> all = Files.walk(of.folder().resolve("state/instances"), 2)) {
            return all.filter(path -> path.endsWith("admin.sock")).findFirst().orElseThrow();
        }
    }

    @Test
    void theSocketIsItsOwnersAloneAndGoesWithTheGateway() throws Exception {
        try (Gateway other = Gateway.with(Gateway.ANY_PORT).start()) {
            Path socket = socket(other);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
                    .isEqualTo("rwx------");
            other.terminate();
            assertThat(other.exit(Duration.ofSeconds(10))).isZero();
            assertThat(socket.getParent()).doesNotExist();
        }
    }

    @Test
    void modelsListsThemAsATableAndAsJson() throws Exception {
        Command.Run table = run("models");
        assertThat(table.code()).as(table.err()).isZero();
        assertThat(table.out().lines().findFirst().orElse("")).matches("MODEL +PROVIDER +CONTEXT +MAX OUTPUT");
        assertThat(table.out())
                .containsPattern("(?m)^echo/echo +echo +- +-$")
                .containsPattern("(?m)^openai/fake-large +openai")
                .containsPattern("(?m)^fast +openai");

        JsonNode json = Chats.read(run("models", "--json").out());
        assertThat(json.valueStream().map(model -> model.path("id").asString()))
                .contains("echo/echo", "openai/fake-large", "fast");
    }

    @Test
    void pluginsListsTheJarsAndSaysWhyOneDoesNotServe() throws Exception {
        Path bad = Files.writeString(gateway.plugins().resolve("bad.jar"), "no zip at all");
        try {
            Command.Run list = run("plugins", "list");
            assertThat(list.code()).isZero();
            assertThat(list.out()).containsPattern("(?m)^provider-echo\\.jar +\\S+ +1\\.0\\.0 +serving$");

            Command.Run serving = run("plugins", "why", "provider-echo");
            assertThat(serving.code()).isZero();
            assertThat(serving.out()).contains("serving");
            Eventually.within(
                    Duration.ofSeconds(10),
                    "it is seen",
                    () -> run("plugins", "why", "bad").out().contains("bad.jar"));
            Command.Run why = run("plugins", "why", "bad");
            assertThat(why.code()).isEqualTo(1);
            assertThat(why.out()).contains("it is not");
            assertThat(run("plugins", "why", "nothing").code()).isEqualTo(2);
        } finally {
            Files.delete(bad);
        }
    }

    @Test
    void reloadTakesTheFileAndTheFolderOverAndSaysWhatHasChanged() throws Exception {
        try (Gateway other = Gateway.with(Configurations.openai(upstream)).start()) {
            assertThat(Command.run(other.folder(), "reload").out()).contains("nothing has changed");

            Files.writeString(
                    other.configuration(),
                    Gateway.ANY_PORT
                            + Configurations.provider("openai", upstream, "")
                                    .replace("fake-large", "fake-small")
                                    .replace(FakeOpenAi.KEY, "sk-another-secret")
                            + Configurations.provider("second", upstream, "")
                            + "[timeouts]\nidle_ms = 50000\n[models.aliases]\nfast = \"openai\"\n");
            Files.delete(other.plugins().resolve("provider-echo.jar"));
            Command.Run reload = Command.run(other.folder(), "reload");
            assertThat(reload.code()).as(reload.err()).isZero();
            assertThat(reload.out())
                    .contains("thanos.toml: in force", "provider second: added", "provider echo: removed")
                    .containsPattern("provider openai: changed \\(api_key, model.*\\)")
                    .contains("[timeouts]: changed", "[models.aliases]: changed")
                    .doesNotContain("sk-", FakeOpenAi.KEY);
            assertThat(other.provider("second")).isNotNull();
            assertThat(other.provider("echo")).isNull();

            String before = Files.readString(other.configuration());
            Files.writeString(other.configuration(), before + "[servre]\n");
            Command.Run refused = Command.run(other.folder(), "reload");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).containsPattern("thanos\\.toml:\\d+:1: .*servre.*server");
            assertThat(other.provider("second")).isNotNull();
        }
    }

    @Test
    void ofSeveralGatewaysOneMustBeNamed() throws Exception {
        String file = Gateway.ANY_PORT + "[providers.echo]\n";
        String shared = gateway.folder().resolve("state").toString();
        try (Gateway other =
                Gateway.with(file).environment("THANOS_STATE", shared).start()) {
            Command.Run which = run("models");
            assertThat(which.code()).isEqualTo(2);
            assertThat(which.err())
                    .contains("--instance", ":" + gateway.port(), ":" + other.port())
                    .contains(String.valueOf(gateway.process().pid()));
            assertThat(run("models", "--instance", String.valueOf(other.port())).out())
                    .doesNotContain("fake-large");
            assertThat(run(
                                    "models",
                                    "--instance",
                                    String.valueOf(gateway.process().pid()))
                            .out())
                    .contains("fake-large");
            assertThat(run("models", "--instance", "1").code()).isEqualTo(2);

            // What a killed one leaves is nobody's, and gone with the next start.
            Path left = socketOf(other.process().pid());
            other.process().destroyForcibly().waitFor();
            assertThat(left).exists();
            assertThat(run("models").out()).contains("fake-large");
            try (Gateway next =
                    Gateway.with(file).environment("THANOS_STATE", shared).start()) {
                assertThat(next.process().isAlive()).isTrue();
                assertThat(left).doesNotExist();
            }
        }
    }

    private static Path socketOf(long pid) throws Exception {
        try (Stream<Path> all = Files.list(gateway.folder().resolve("state/instances"))) {
            return all.filter(path -> path.getFileName().toString().startsWith(pid + "-"))
                    .findFirst()
                    .orElseThrow()
                    .resolve("admin.sock");
        }
    }

    @Test
    void aGatewayUnderALongPathIsReachedAllTheSame() throws Exception {
        Gateway.Builder builder = Gateway.with(Gateway.ANY_PORT + "[providers.echo]\n");
        Path state = builder.folder().resolve("s".repeat(90));
        try (Gateway deep =
                builder.environment("THANOS_STATE", state.toString()).start()) {
            Command.Run models = Command.run(deep.folder(), Map.of("THANOS_STATE", state.toString()), "", "models");
            assertThat(models.code()).as(models.err()).isZero();
            assertThat(models.out()).contains("echo/echo");
        }
    }

    @Test
    void withoutAGatewayItIsSaidHowToStartOne() throws Exception {
        Map<String, String> elsewhere =
                Map.of("THANOS_STATE", gateway.folder().resolve("nowhere").toString());
        for (List<String> words : List.of(List.of("models"), List.of("reload"), List.of("chat", "auto", "hi"))) {
            Command.Run run = Command.run(gateway.folder(), elsewhere, "", words.toArray(new String[0]));
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("No gateway is running", "thanos").doesNotContain("\tat ");
            assertThat(run.out()).isEmpty();
        }
    }

    @Test
    void helpAndVersionArePrintedAndNonsenseIsRefused() throws Exception {
        Command.Run help = run("--help");
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("config check", "doctor", "models", "reload", "chat", "serve");
        assertThat(run("--version").out()).matches("thanos \\d+\\.\\d+\\.\\d+\\R");

        Command.Run wrong = run("docter");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("docter", "'doctor'");
    }
}
