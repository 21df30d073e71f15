package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call, and what is never seen. */
class AccessIT {
    private static final String EVERYWHERE = """
            [server]
            bind = "0.0.0.0:0"
            grpc = "127.0.0.1:0"
            [providers.echo]
            """;

    private static Gateway open;

    @BeforeAll
    static void start() throws Exception {
        open = Gateway.with(Gateway.ANY_PORT).start();
    }

    @AfterAll
    static void stop() throws Exception {
        open.close();
    }

    private static int status(Gateway gateway, String... headers) throws Exception {
        return RawHttp.exchange(gateway.port(), RawHttp.post(Chats.PATH, Chats.whole("echo/echo", "hi"), headers))
                .status();
    }

    @Test
    void aPublicBindMakesAKeyPrintsItOnceAndAsksForIt() throws Exception {
        try (Gateway first = Gateway.with(EVERYWHERE).start()) {
            String key = printedKey(first);
            assertThat(status(first)).isEqualTo(401);
            assertThat(status(first, "Authorization: Bearer wrong")).isEqualTo(401);
            assertThat(status(first, "Authorization: Bearer " + key)).isEqualTo(200);
            assertThat(status(first, "x-api-key: " + key)).isEqualTo(200);
            assertThat(RawHttp.exchange(first.port(), RawHttp.get("/health")).status())
                    .isEqualTo(200);
            for (String path : List.of("/v1/models", "/v1/providers", "/metrics")) {
                assertThat(RawHttp.exchange(first.port(), RawHttp.get(path)).status())
                        .as(path)
                        .isEqualTo(401);
            }

            assertThat(contains(first.folder().resolve("state"), key)).isFalse();
            try (Gateway second = Gateway.with(EVERYWHERE)
                    .environment("THANOS_STATE", first.folder().resolve("state").toString())
                    .start()) {
                assertThat(second.output()).doesNotContain(key);
                assertThat(status(second, "Authorization: Bearer " + key)).isEqualTo(200);
            }
        }
    }

    private static String printedKey(Gateway gateway) throws Exception {
        Pattern key = Pattern.compile("\\b(thanos_[A-Za-z0-9]{20,})");
        Matcher found = key.matcher(gateway.line(line -> key.matcher(line).find()));
        assertThat(found.find()).isTrue();
        assertThat(key.matcher(gateway.output())
                        .results()
                        .map(result -> result.group(1))
                        .distinct())
                .hasSize(1);
        return found.group(1);
    }

    private static boolean contains(Path folder, String text) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void configuredKeysAreAskedForOnLoopbackTooWhenAuthIsEnabled() throws Exception {
        try (Gateway gateway = Gateway.with(Gateway.ANY_PORT
                        + "[auth]\nenabled = true\napi_keys = [\"correct-horse-battery\"]\n[providers.echo]\n")
                .start()) {
            assertThat(status(gateway, "x-request-id: who-1")).isEqualTo(401);
            String key = "Authorization: Bearer correct-horse-battery";
            assertThat(status(gateway, key)).isEqualTo(200);
            assertThat(status(gateway)).isEqualTo(401);
            assertThat(Command.run(gateway.folder(), "explain").out()).contains("served by echo/echo");
            // Why, the operator is told, and nobody who calls.
            assertThat(Command.run(gateway.folder(), "explain", "who-1").out())
                    .contains("Request who-1", "from nobody known", "UNAUTHENTICATED: This gateway needs a key.");
            assertThat(RawHttp.exchange(gateway.port(), RawHttp.get("/v1/decisions/who-1", key))
                            .status())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example",
                "Host: localhost.evil.example",
                "Origin: http://evil.example",
                "Origin: null",
                "Sec-Fetch-Site: cross-site"
            })
    void noWebPageMaySpendTheOwnersCredits(String header) throws Exception {
        assertThat(status(open, header)).isEqualTo(403);
    }

    @Test
    void noWayOfWritingAPathGetsPastTheKey() throws Exception {
        try (Gateway gateway = Gateway.with(Gateway.ANY_PORT
                        + "[auth]\nenabled = true\napi_keys = [\"correct-horse-battery\"]\n[providers.echo]\n")
                .start()) {
            List<String> targets = new ArrayList<>();
            for (String path : List.of("/v1/models", "/v1/providers", "/metrics", "/v1/models/echo%2Fecho")) {
                for (String before : List.of(
                        "",
                        "/",
                        "//",
                        "/.",
                        "/health/..",
                        "/health//..",
                        "//health/..",
                        "/health/%2e%2e",
                        "/health/..;",
                        "/health;x",
                        "/health/ready/../..",
                        "http://localhost",
                        "http://localhost/health/..",
                        "/%2f",
                        "/health%00",
                        "/health?",
                        "/health#")) {
                    targets.add(before + path);
                }
                targets.add(path + "/../../health");
                targets.add(path + ";/health");
                targets.add(path + "/%2e%2e/health");
                targets.add(path.toUpperCase(Locale.ROOT));
                targets.add(path.replace("m", "%6d").replace("p", "%70"));
            }
            for (String target : targets) {
                for (String host : List.of("localhost", "a/health", "localhost/health?", "")) {
                    byte[] request = ("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8);
                    RawHttp.Response answer = RawHttp.exchange(gateway.port(), request);
                    // What may be seen without a key is that the gateway lives, wherever it is asked from.
                    if (answer.status() < 400) {
                        assertThat(answer.text())
                                .as(target)
                                .contains("\"status\"")
                                .doesNotContain("echo/echo")
                                .doesNotContain("dev.thanosgateway");
                    }
                }
            }
        }
    }

    @Test
    void anOpenGatewayServesItsOwnMachineAndIgnoresAKey() throws Exception {
        assertThat(status(open, "Host: 127.0.0.1:" + open.port())).isEqualTo(200);
        assertThat(status(open, "Host: [::1]:" + open.port())).isEqualTo(200);
        assertThat(status(open, "Authorization: Bearer ignored")).isEqualTo(200);
    }

    @Test
    void noSecretIsEverSeen() throws Exception {
        String canary = "canary-7f3a9c51e2";
        try (FakeUpstream upstream = new FakeUpstream(call -> call.json(
                        401,
                        "{\"error\":{\"message\":\"Incorrect API key " + "provided: " + canary
                                + ".\",\"type\":\"t\",\"param\":null,\"code\":null}}"));
                Gateway gateway = Gateway.with(Gateway.ANY_PORT
                                + """
                                [providers.openai]
                                api_key = "${CANARY}"
                                endpoint = "%s"
                                [providers.other]
                                type = "openai"
                                api_key = "%s"
                                endpoint = "%s"
                                [providers.other.headers]
                                x-secret = "%s"
                                """.formatted(upstream.endpoint(), canary, upstream.endpoint(), canary))
                        .environment("CANARY", canary)
                        .environment("THANOS_LOG", "debug")
                        .start()) {
            StringBuilder seen = new StringBuilder();
            for (String model : List.of("openai/m", "other/m")) {
                seen.append(gateway.post(Chats.PATH, Chats.whole(model, "hi")).body());
                seen.append(gateway.post(Chats.PATH, Chats.stream(model, "hi")).body());
            }
            for (String path :
                    List.of("/v1/providers", "/v1/models", "/health", "/metrics", "/nowhere?key=" + canary)) {
                seen.append(gateway.get(path).body().replace("/nowhere?key=" + canary, ""));
            }

            assertThat(upstream.take().headers()).anyMatch(line -> line.contains(canary));
            assertThat(seen.toString()).doesNotContain(canary);
            assertThat(gateway.output()).doesNotContain(canary);
            assertThat(contains(gateway.folder().resolve("state"), canary)).isFalse();
        }
    }
}
