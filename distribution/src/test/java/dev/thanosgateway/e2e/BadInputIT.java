package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Requests that cannot be: refused at once, in the path's shape, naming the field. */
class BadInputIT {
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String MODEL = "\"model\":\"echo/echo\"";

    private static FakeUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream(new FakeOpenAi());
        gateway = Gateway.with(Configurations.openai(upstream)).start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    /** Body, and what the answer must name. */
    static List<Arguments> malformed() {
        return List.of(
                arguments("", ""),
                arguments("{", "JSON"),
                arguments("hello", "JSON"),
                arguments("[]", ""),
                arguments("\"text\"", ""),
                arguments("{" + MODEL + "," + MESSAGES + "} x", "JSON"),
                arguments("{\"model\":5," + MESSAGES + "}", "model"),
                arguments("{\"model\":\"\"," + MESSAGES + "}", "model"),
                arguments("{" + MODEL + "}", "messages"),
                arguments("{" + MODEL + ",\"messages\":\"hi\"}", "messages"),
                arguments("{" + MODEL + ",\"messages\":[]}", "messages"),
                arguments("{" + MODEL + ",\"messages\":[5]}", "messages"),
                arguments("{" + MODEL + ",\"messages\":[{\"role\":\"user\",\"content\":5}]}", "content"),
                arguments("{" + MODEL + ",\"messages\":[{\"role\":\"wizard\",\"content\":\"hi\"}]}", "role"),
                arguments("{" + MODEL + "," + MESSAGES + ",\"stream\":\"yes\"}", "stream"),
                arguments("{" + MODEL + "," + MESSAGES + ",\"temperature\":\"hot\"}", "temperature"),
                arguments("{" + MODEL + "," + MESSAGES + ",\"tools\":{}}", "tools"),
                arguments("{" + MODEL + "," + MODEL + "," + MESSAGES + "}", "model"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatIsMalformedIsRefusedNamingTheField(String body, String named) throws Exception {
        for (String path : List.of(Chats.PATH, "/v1/chat")) {
            HttpResponse<String> answer = gateway.post(path, body);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            JsonNode error = Chats.error(answer);
            assertThat(error.path("type").asString()).isEqualTo("invalid_request_error");
            assertThat(error.path("param").asString("") + " "
                            + error.path("message").asString())
                    .contains(named);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void aBody100000DeepIsRefusedWithinMilliseconds(String open) throws Exception {
        String body = "{" + MODEL + "," + MESSAGES + ",\"x\":" + open.repeat(100_000);
        gateway.post(Chats.PATH, body);
        long start = System.nanoTime();
        HttpResponse<String> answer = gateway.post(Chats.PATH, body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
    }

    /** Bytes no UTF-8 text has: overlong forms, a surrogate, a lone continuation, a cut character, beyond Unicode. */
    static List<byte[]> notUtf8() {
        return List.of(
                bytes(0xC0, 0xAF),
                bytes(0xE0, 0x80, 0xAF),
                bytes(0xF0, 0x80, 0x80, 0xAF),
                bytes(0xED, 0xA0, 0x80),
                bytes(0x80),
                bytes(0xE4, 0xB8),
                bytes(0xF4, 0x90, 0x80, 0x80));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("notUtf8")
    void whatIsNoUtf8IsRefusedAndNeverSentOn(byte[] wrong) throws Exception {
        upstream.script(new FakeOpenAi());
        for (String model : List.of("echo/echo", "openai/fake-large")) {
            byte[] head = ("{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"")
                    .getBytes(StandardCharsets.UTF_8);
            byte[] tail = "\"}]}".getBytes(StandardCharsets.UTF_8);
            byte[] body = new byte[head.length + wrong.length + tail.length];
            System.arraycopy(head, 0, body, 0, head.length);
            System.arraycopy(wrong, 0, body, head.length, wrong.length);
            System.arraycopy(tail, 0, body, head.length + wrong.length, tail.length);
            RawHttp.Response answer = RawHttp.exchange(gateway.port(), RawHttp.post(Chats.PATH, body));

            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
            Chats.error(answer.text());
        }
        assertThat(upstream.untaken()).isZero();
    }

    @Test
    void aBodyOverTheLimitIsRefusedBeforeItIsSent() throws Exception {
        try (RawHttp client = new RawHttp(gateway.port())) {
            client.send(("POST " + Chats.PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40000000\r\n\r\n{")
                    .getBytes(StandardCharsets.ISO_8859_1));
            RawHttp.Response answer = client.response();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(Chats.error(answer.text()).path("message").asString()).contains("32");
        }
    }

    @Test
    void aChunkedBodyOverTheLimitIsRefusedOnItsWay() throws Exception {
        try (RawHttp client = new RawHttp(gateway.port())) {
            client.send(("POST " + Chats.PATH + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            byte[] mebibyte = new byte[1 << 20];
            Arrays.fill(mebibyte, (byte) ' ');
            try {
                for (int i = 0; i < 40; i++) {
                    client.send("100000\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    client.send(mebibyte);
                    client.send("\r\n".getBytes(StandardCharsets.ISO_8859_1));
                }
            } catch (SocketException e) {
                // It closed while we were still sending: the answer may be lost with it.
                return;
            }
            assertThat(client.head().status()).isEqualTo(413);
        }
    }

    @Test
    void anImageSizedBodyIsServed() throws Exception {
        String large = "x".repeat(20 << 20);
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("openai/fake-large", large));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).hasSizeGreaterThan(20 << 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody/has-this", "nobody-has-this", "echo/other"})
    void anUnknownModelOrProviderIsNotFoundAndToldWhatThereIs(String model) throws Exception {
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole(model, "hi"));

        assertThat(answer.statusCode()).isEqualTo(404);
        JsonNode error = Chats.error(answer);
        assertThat(error.path("code").asString("")).isEqualTo("model_not_found");
        assertThat(error.path("message").asString()).contains("echo");
    }

    @Test
    void anUnknownModelInTheListIsNotFound() throws Exception {
        HttpResponse<String> answer = gateway.get("/v1/models/nobody/has-this");
        assertThat(answer.statusCode()).isEqualTo(404);
        Chats.error(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n",
                "hello\r\n\r\n"
            })
    void requestsTwoServersCouldReadDifferentlyAreRefused(String request) throws Exception {
        RawHttp.Response answer = RawHttp.exchange(gateway.port(), request.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(answer.status()).isBetween(400, 499);
    }
}
