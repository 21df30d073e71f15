package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What someone sees who has just unpacked it: no key, no providers, no network. */
class FirstStartIT {
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = Gateway.with(Gateway.ANY_PORT).start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    @Test
    void withoutAnyFileItListensOnItsUsualPortsAndAnswers() throws Exception {
        for (int port : new int[] {8080, 50051}) {
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
                assertThat(probe.isBound()).isTrue();
            } catch (IOException e) {
                System.out.println("SKIPPED, the start without a file is not tested: port " + port + " is taken here");
                abort("port " + port + " is taken");
            }
        }
        try (Gateway bare = Gateway.bare().start()) {
            assertThat(bare.http()).hasToString("http://127.0.0.1:8080");
            assertThat(bare.grpcPort()).isEqualTo(50051);
            assertThat(bare.line(line -> line.startsWith("thanos "))).contains("defaults");
            assertThat(bare.post(Chats.PATH, Chats.whole("echo/echo", "hello")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void theCurlOfTheBannerAnswersAStreamedChat() throws Exception {
        gateway.line(line -> line.contains("curl "));
        Process curl =
                new ProcessBuilder("sh", "-c", curl()).redirectErrorStream(true).start();
        String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(curl.waitFor()).as(answer).isZero();
        assertThat(answer).contains("data: {").contains("chat.completion.chunk").contains("data: [DONE]");
    }

    /** The command, with the lines it continues on. */
    private static String curl() {
        StringBuilder command = new StringBuilder();
        for (String line : gateway.output().lines().toList()) {
            if (command.isEmpty() ? line.strip().startsWith("curl ") : true) {
                String text = line.strip();
                command.append(text.endsWith("\\") ? text.substring(0, text.length() - 1) : text)
                        .append(' ');
                if (!text.endsWith("\\")) {
                    break;
                }
            }
        }
        return command.toString();
    }

    @Test
    void aStreamGivesTheMessageBackAndEndsAsOpenAisDo() throws Exception {
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.stream("echo/echo", "Grüße, 世界 👩‍👩‍👧 !"));
        Sse stream = Sse.of(answer.body());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
        assertThat(stream.text()).isEqualTo("Grüße, 世界 👩‍👩‍👧 !");
        assertThat(stream.finishes()).containsExactly("stop");
        assertThat(stream.done()).isTrue();
        assertThat(stream.usages()).isEmpty();
        assertThat(stream.chunks()).hasSizeGreaterThan(3);
        assertThat(stream.chunks().get(0).at("/choices/0/delta/role").asString())
                .isEqualTo("assistant");
        assertThat(stream.chunks().stream()
                        .map(chunk -> chunk.path("id").asString())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void everyAnswerSaysWhoServedIt() throws Exception {
        HttpResponse<String> answer =
                gateway.post(Chats.PATH, Chats.whole("echo/echo", "hello"), "x-request-id", "mine-7");

        assertThat(answer.headers().firstValue("x-request-id")).contains("mine-7");
        assertThat(answer.headers().firstValue("x-thanos-provider")).contains("echo");
        assertThat(answer.headers().firstValue("x-thanos-model")).contains("echo");
        assertThat(answer.headers().firstValue("x-thanos-attempts")).contains("1");
        assertThat(answer.headers().firstValue("x-thanos-overhead-ms")).isPresent();
    }

    @Test
    void theOriginalsPathAddsProviderContentAndDone() throws Exception {
        JsonNode answer = Chats.read(gateway.post("/v1/chat", Chats.whole("echo/echo", "hello world"))
                .body());

        assertThat(answer.path("provider").asString()).isEqualTo("echo");
        assertThat(answer.path("content").asString()).isEqualTo("hello world");
        assertThat(answer.path("done").asBoolean()).isTrue();
        assertThat(answer.at("/choices/0/message/content").asString()).isEqualTo("hello world");
        assertThat(answer.at("/usage/total_tokens").asInt()).isPositive();
    }

    @Test
    void aBodyWithoutContentTypeAndHttp10AreServed() throws Exception {
        String body = Chats.whole("echo/echo", "old");
        byte[] request = ("POST /v1/chat HTTP/1.0\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body)
                .getBytes(StandardCharsets.UTF_8);

        RawHttp.Response answer = RawHttp.exchange(gateway.port(), request);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).contains("old");
    }

    @Test
    void anUpgradeToH2cIsIgnored() throws Exception {
        byte[] request = RawHttp.post(
                Chats.PATH,
                Chats.whole("echo/echo", "hello"),
                "Connection: Upgrade, HTTP2-Settings",
                "Upgrade: h2c",
                "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA");

        assertThat(RawHttp.exchange(gateway.port(), request).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models/echo/echo", "/v1/models/echo%2Fecho"})
    void oneModelIsFoundWithPlainAndEncodedSlash(String path) throws Exception {
        JsonNode model = gateway.json(path);

        assertThat(model.path("id").asString()).isEqualTo("echo/echo");
        assertThat(model.path("object").asString()).isEqualTo("model");
        assertThat(model.path("created").isIntegralNumber()).isTrue();
        assertThat(model.path("provider").asString()).isEqualTo("echo");
    }

    @Test
    void theListsNameEcho() throws Exception {
        JsonNode models = gateway.json("/v1/models");
        assertThat(models.path("object").asString()).isEqualTo("list");
        assertThat(models.path("data")
                        .valueStream()
                        .map(model -> model.path("id").asString()))
                .contains("echo/echo");

        JsonNode echo = gateway.provider("echo");
        assertThat(echo).isNotNull();
        assertThat(echo.path("state").asString()).isEqualTo("active");
        assertThat(echo.path("bundle").asString()).isEqualTo("dev.thanosgateway.provider.echo");
        assertThat(echo.path("version").asString()).startsWith("1.");
    }

    @Test
    void healthLivenessAndReadinessAreGood() throws Exception {
        JsonNode health = gateway.json("/health");
        assertThat(health.path("status").asString()).isEqualTo("healthy");
        assertThat(health.at("/providers/echo/status").asString()).isEqualTo("healthy");
        assertThat(health.path("uptime").isNumber()).isTrue();
        assertThat(gateway.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void theMetricsArePrometheusText() throws Exception {
        gateway.post(Chats.PATH, Chats.stream("echo/echo", "count me"));
        HttpResponse<String> answer = gateway.get("/metrics");

        assertThat(answer.headers().firstValue("content-type").orElseThrow()).contains("text/plain", "version=");
        assertThat(answer.body()).contains("# TYPE thanos_").contains("provider=\"echo\"");
    }

    @ParameterizedTest
    @CsvSource({"GET, /nowhere, 404", "GET, /v1/nowhere, 404", "GET, /v1/chat/completions, 405", "POST, /v1/models, 405"
    })
    void anUnknownPathOrMethodIsAnErrorInTheFamilysShape(String method, String path, int status) throws Exception {
        HttpResponse<String> answer = method.equals("GET") ? gateway.get(path) : gateway.post(path, "{}");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(Chats.error(answer).path("message").asString()).contains(path);
    }

    @Test
    void anyNumberOfInstancesRunFromOneInstallationAndOneStateFolder() throws Exception {
        String state = gateway.folder().resolve("state").toString();
        try (Gateway second = Gateway.with(Gateway.ANY_PORT)
                .environment("THANOS_STATE", state)
                .start()) {
            assertThat(second.post(Chats.PATH, Chats.whole("echo/echo", "two")).statusCode())
                    .isEqualTo(200);
            second.terminate();
            assertThat(second.exit(Duration.ofSeconds(10))).isZero();
        }
        assertThat(gateway.post(Chats.PATH, Chats.whole("echo/echo", "one")).statusCode())
                .isEqualTo(200);
    }
}
