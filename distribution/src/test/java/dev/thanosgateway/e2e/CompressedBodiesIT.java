package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed requests in the languages of the paths; bombs at the smallest heap. */
class CompressedBodiesIT {
    private static final String CHAT =
            "{\"model\":\"echo/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"unpacked\"}]}";
    /** {@link #CHAT}, made by Node's zlib. */
    private static final String CHAT_BROTLI =
            "G0YAEJwHdgyZDoGA05vuq0X2yrY2i05Xn3BLkRcyj7Gxv+l6ir7JA67Ea8I4QzFMnxkK7XHpm/KAAsKp+24=";
    /** {@link #CHAT}, made by zstd's own library. */
    private static final String CHAT_ZSTD =
            "KLUv/QRY/QEAcsQOFaBXBxWkFnwRYmmbpJsADPrhoWoMAU1oLieQFLl8VnmVih5O3+Xzjyaz4LwfyO6Rh9XgATV4n8+LIrMA0mszrQ==";

    private final Gateway gateway = Gateway.with(Gateway.ANY_PORT + "[providers.echo]\n")
            .environment("THANOS_JAVA_OPTS", "-Xmx64m")
            .start();

    CompressedBodiesIT() throws Exception {}

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private RawHttp.Response post(String path, String coding, byte[] body) throws IOException {
        return RawHttp.exchange(
                gateway.port(), RawHttp.post(path, body, "Content-Encoding: " + coding, "Connection: close"));
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private static byte[] packed(String coding) throws IOException {
        return switch (coding) {
            case "br" -> Base64.getDecoder().decode(CHAT_BROTLI);
            case "zstd" -> Base64.getDecoder().decode(CHAT_ZSTD);
            default -> gzip(CHAT.getBytes(StandardCharsets.UTF_8));
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void whatOtherLibrariesPackIsRead(String coding) throws Exception {
        RawHttp.Response answer = post(Chats.PATH, coding, packed(coding));
        assertThat(answer.text()).contains("unpacked");
        assertThat(answer.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,unsupported_content_encoding",
        "/v1/responses,unsupported_content_encoding",
        "/v1/messages,invalid_request_error",
        "/v1beta/models/echo:generateContent,INVALID_ARGUMENT",
        "/api/chat,error"
    })
    void anotherCodingIsToldInTheShapeOfThePath(String path, String word) throws Exception {
        RawHttp.Response answer = post(path, "compress", packed("gzip"));
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.text()).contains(word).contains("content-encoding");
        assertThat(answer.header("accept-encoding")).isEqualTo("gzip, deflate, br, zstd");
    }

    @Test
    void bombsLeaveTheProcessAndItsOtherCallersAlone() throws Exception {
        byte[] bomb = gzip(new byte[128 << 20]);
        byte[] twice = gzip(bomb);
        List<Future<Integer>> bombs = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                boolean packed = i % 2 == 0;
                bombs.add(clients.submit(() -> post(Chats.PATH, packed ? "gzip" : "gzip, gzip", packed ? bomb : twice)
                        .status()));
            }
            for (int i = 0; i < 20; i++) {
                int status = post(Chats.PATH, "identity", CHAT.getBytes(StandardCharsets.UTF_8))
                        .status();
                // There may be no memory at the moment, and the answer says so.
                assertThat(status).isIn(200, 503);
            }
        }
        for (Future<Integer> one : bombs) {
            assertThat(one.get()).isIn(413, 503);
        }
        assertThat(post(Chats.PATH, "gzip", packed("gzip")).status()).isEqualTo(200);
        Corpus.assertUnharmed(gateway);
    }
}
