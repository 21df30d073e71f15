package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.proto.Empty;
import dev.thanosgateway.proto.ModelInfo;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The catalogue of models as it ships: short names, what models are told to be, and its jar coming and going. */
class CatalogIT {
    private static final Duration TAKEN_OVER = Duration.ofSeconds(3);
    private static final String SHORT = "anthropic/claude-3.7-sonnet";
    private static final String DATED = "claude-3-7-sonnet-20250219";

    private static FakeUpstream anthropic;
    private static FakeUpstream compatible;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        anthropic = new FakeUpstream(new FakeAnthropic());
        compatible = new FakeUpstream(new FakeOpenAi());
        gateway = Gateway.with(configuration("")).start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        anthropic.close();
        compatible.close();
    }

    private static String configuration(String more) {
        return Gateway.ANY_PORT
                + """
                [providers.anthropic]
                endpoint = "%s"
                api_key = "%s"
                model = "%s"
                """.formatted(anthropic.endpoint(), FakeAnthropic.KEY, DATED)
                + Configurations.provider("compatible", compatible, "").replace("fake-large", "gpt-4o")
                + more;
    }

    private static String served(String model) throws Exception {
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole(model, "hi"));
        return answer.statusCode() + " "
                + answer.headers().firstValue("x-thanos-model").orElse("");
    }

    private static JsonNode row(String id) throws Exception {
        return gateway.json("/v1/models/" + id);
    }

    private static ModelInfo overGrpc(String id) throws Exception {
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort())
                .usePlaintext()
                .build();
        try {
            return ThanosServiceGrpc.newBlockingStub(channel)
                    .listModels(Empty.getDefaultInstance())
                    .getModelsList()
                    .stream()
                    .filter(model -> model.getId().equals(id))
                    .findFirst()
                    .orElseThrow();
        } finally {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void theNameOfTheReadmesExampleReachesTheDatedModel() throws Exception {
        anthropic.script(new FakeAnthropic());
        assertThat(served(SHORT)).isEqualTo("200 " + DATED);
        FakeUpstream.Request sent = anthropic.take();
        while (!sent.line().startsWith("POST")) {
            sent = anthropic.take();
        }
        assertThat(sent.text()).contains("\"model\":\"" + DATED + "\"");
        assertThat(served("claude-3.7-sonnet")).isEqualTo("200 " + DATED);
        assertThat(served("anthropic/claude-opus-4.5")).isEqualTo("200 " + FakeAnthropic.MODEL);
        assertThat(served("anthropic/claude-not-yet-known")).isEqualTo("200 claude-not-yet-known");
    }

    @Test
    void modelsAreToldWithTheirFacts() throws Exception {
        JsonNode row = row(SHORT);
        assertThat(row.path("id").asString()).isEqualTo("anthropic/" + DATED);
        assertThat(row.path("name").asString()).isEqualTo("Claude Sonnet 3.7");
        assertThat(row.path("context_length").asInt()).isEqualTo(200_000);
        assertThat(row.path("max_output").asInt()).isEqualTo(64_000);
        assertThat(row.path("capabilities").toString()).contains("functions", "reasoning", "streaming", "vision");
        assertThat(row.path("pricing").path("cache_write").asDouble()).isEqualTo(3.75);
        // What the provider says of itself goes before what the catalogue does.
        assertThat(row("anthropic/" + FakeAnthropic.MODEL).path("name").asString())
                .isEqualTo("Claude");
        // Who only speaks a vendor's language may serve anything under its names.
        assertThat(row("compatible/gpt-4o").path("context_length").isNull()).isTrue();

        ModelInfo info = overGrpc("anthropic/" + DATED);
        assertThat(info.getContextLength()).isEqualTo(200_000);
        assertThat(info.getMaxOutput()).isEqualTo(64_000);
        assertThat(info.getSupportsStreaming()).isTrue();
        assertThat(info.getSupportsFunctions()).isTrue();
        assertThat(info.getSupportsVision()).isTrue();
        assertThat(info.getPricingMap()).containsEntry("input", 3.0);
    }

    @Test
    void theJarIsReplacedTakenAwayAndPutBackAndTheFileGoesBeforeIt() throws Exception {
        Path jar = gateway.plugins().resolve("catalog-models.jar");
        byte[] shipped = Files.readAllBytes(jar);
        put(withWindow(shipped), jar);
        Eventually.within(TAKEN_OVER, "the replaced one counts", () -> {
            return row(SHORT).path("context_length").asInt() == 123_456;
        });

        configure("[models.facts.\"" + SHORT + "\"]\nmax_output = 77\n");
        Eventually.within(TAKEN_OVER, "the file counts", () -> {
            return row(SHORT).path("max_output").asInt() == 77;
        });
        assertThat(row(SHORT).path("context_length").asInt()).isEqualTo(123_456);
        configure("");

        Files.delete(jar);
        Eventually.within(TAKEN_OVER, "no short name is known", () -> {
            return served(SHORT).equals("200 claude-3.7-sonnet");
        });
        assertThat(row("anthropic/" + DATED).path("context_length").isNull()).isTrue();

        put(shipped, jar);
        Eventually.within(TAKEN_OVER, "all is as it was", () -> {
            return row(SHORT).path("max_output").asInt() == 64_000;
        });
    }

    private static void configure(String more) throws Exception {
        put(configuration(more).getBytes(StandardCharsets.UTF_8), gateway.configuration());
    }

    private static void put(byte[] bytes, Path file) throws Exception {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, bytes);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The jar with another context length for the model, as somebody's newer list would be. */
    private static byte[] withWindow(byte[] jar) throws Exception {
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar));
                ZipOutputStream out = new ZipOutputStream(changed)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                byte[] bytes = in.readAllBytes();
                if (entry.getName().endsWith("models.txt")) {
                    String text = new String(bytes, StandardCharsets.UTF_8);
                    bytes = text.replaceFirst("(?m)^(" + DATED + " *\\|[^|]*\\|)[^|]*", "$1 123456 ")
                            .getBytes(StandardCharsets.UTF_8);
                }
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(bytes);
                out.closeEntry();
            }
        }
        return changed.toByteArray();
    }

    @Test
    void aRefreshedListIsInForceAtOnceAndAfterARestart() throws Exception {
        Gateway.Builder installation = Gateway.with(configuration(""));
        Path shipped = Gateway.INSTALLATION.resolve("plugins/catalog-models.jar");
        Path newer = installation.folder().resolve("newer.jar");
        Files.write(newer, withWindow(Files.readAllBytes(shipped)));
        String[] refresh = {"models", "refresh", "--from", newer.toString()};
        try (Gateway running = installation.start()) {
            Command.Run shown = Command.run(running.folder(), refresh);
            assertThat(shown.code()).as(shown.err()).isEqualTo(1);
            assertThat(shown.out()).contains("~ anthropic/" + DATED, "context: 200000 -> 123456");
            assertThat(window(running)).isEqualTo(200_000);

            Command.Run applied =
                    Command.run(running.folder(), "models", "refresh", "--from", newer.toString(), "--apply");
            assertThat(applied.code()).as(applied.out() + applied.err()).isZero();
            assertThat(applied.out()).contains("In force in the gateway ");
            assertThat(window(running)).isEqualTo(123_456);

            try (Gateway restarted = installation.start()) {
                assertThat(window(restarted)).isEqualTo(123_456);
                assertThat(Command.run(running.folder(), refresh).out()).startsWith("Nothing differs");
            }
        }
    }

    private static int window(Gateway gateway) throws Exception {
        return gateway.json("/v1/models/" + SHORT).path("context_length").asInt();
    }

    @Test
    void aConfiguredModelThatIsShutDownIsReportedAtTheStartAndByDoctor() throws Exception {
        String said = "anthropic/" + DATED + " \\(providers\\.anthropic\\.model\\) was shut down by its vendor on"
                + " 2026-02-19\\.";
        gateway.awaitOutput("(providers.anthropic.model) was shut down by its vendor");
        assertThat(gateway.output()).containsPattern("WARN .*" + said + " Name claude-sonnet-5-5 there");
        assertThat(Command.run(gateway.folder(), "reload").err()).containsPattern(said);
        Command.Run doctor = Command.run(
                gateway.folder(), "doctor", "--config", gateway.configuration().toString());
        assertThat(doctor.code()).isEqualTo(1);
        assertThat(doctor.out()).containsPattern("(?m)^! " + said + "\\R  Name claude-sonnet-5-5 there");
    }
}
