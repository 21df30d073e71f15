package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.inbound.Packed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies with content codings, on real sockets. */
final class CompressedBodyTest {
    private static final int MEBIBYTE = 1 << 20;

    private final Upstream a = new Upstream();
    private final Rig rig = new Rig("[server]\nmax_body_mb = 8\n" + Rig.table("a", a));

    CompressedBodyTest() throws Exception {}

    @AfterEach
    void stop() throws Exception {
        rig.close();
        a.close();
    }

    private static byte[] packed(String codings, byte[] plain) throws IOException {
        byte[] bytes = plain;
        for (String coding : codings.split(",")) {
            bytes = switch (coding.strip()) {
                case "gzip", "x-gzip", "GZIP" -> Packed.gzip(bytes);
                case "deflate" -> Packed.zlib(bytes);
                case "raw" -> Packed.deflate(bytes);
                case "zstd" -> Packed.zstd(bytes);
                case "br" -> Packed.BROTLI.clone();
                default -> bytes;
            };
        }
        return bytes;
    }

    private static void send(Client client, String coding, boolean chunked, byte[] body) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        String head = "POST /toy HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Encoding: " + coding + "\r\n";
        if (!chunked) {
            request.writeBytes(
                    (head + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            request.writeBytes(body);
        } else {
            request.writeBytes((head + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            for (int at = 0; at < body.length; at += 1000) {
                int size = Math.min(1000, body.length - at);
                request.writeBytes((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                request.write(body, at, size);
                request.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            request.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        client.socket.getOutputStream().write(request.toByteArray());
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({
        "gzip,gzip",
        "x-gzip,gzip",
        "GZIP,gzip",
        "deflate,deflate",
        "deflate,raw",
        "br,br",
        "zstd,zstd",
        "identity,identity",
        "'gzip, zstd','gzip,zstd'",
        "'deflate, gzip','deflate,gzip'",
        "'identity, gzip',gzip",
        "'br\r\nContent-Encoding: gzip','br,gzip'"
    })
    void aCompressedBodyIsReadAsIfItWerePlain(String header, String codings) throws Exception {
        for (boolean chunked : List.of(false, true)) {
            try (Client client = rig.client()) {
                for (int i = 0; i < 3; i++) {
                    send(client, header, chunked, packed(codings, text(Packed.BROTLI_TEXT)));
                    Upstream.Asked asked = a.next();
                    assertThat(asked.body).isEqualTo("compressed");
                    assertThat(asked.head).doesNotContainIgnoringCase("content-encoding");
                    asked.answers(200, "", "one\n.\n");
                    Client.Head head = client.head();
                    assertThat(client.body(head)).isEqualTo("one");
                    assertThat(head.status()).isEqualTo(200);
                }
            }
            rig.awaitIdle();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rot13", "compress", "gzip, gzip, gzip", "aws-chunked"})
    void anotherCodingIs415AndNamesThoseThatAreRead(String coding) throws Exception {
        try (Client client = rig.client()) {
            send(client, coding, false, text("model=a/m"));
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(415);
            assertThat(head.field("accept-encoding")).isEqualTo("gzip, deflate, br, zstd");
            assertThat(client.body(head)).startsWith("UNSUPPORTED_CODING");
        }
        rig.awaitIdle();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd", "gzip, zstd"})
    void badAndCutDataIs400(String coding) throws Exception {
        byte[] good = packed(coding.replace(" ", ""), text(Packed.BROTLI_TEXT));
        byte[] cut = java.util.Arrays.copyOf(good, good.length - 3);
        for (byte[] bad : List.of(cut, text("this is no such data, whatever the header says"))) {
            try (Client client = rig.client()) {
                send(client, coding, false, bad);
                Client.Head head = client.head();
                assertThat(client.body(head)).startsWith("INVALID_REQUEST").contains("content-encoding");
                assertThat(head.status()).isEqualTo(400);
                // The body was read: the connection goes on.
                client.post("model=a/m");
                a.next().answers(200, "", "one\n.\n");
                assertThat(client.head().status()).isEqualTo(200);
            }
        }
        rig.awaitIdle();
    }

    @Test
    void theLimitCountsWhatComesOut() throws Exception {
        byte[] noise = new byte[9 * MEBIBYTE];
        new java.util.Random(1).nextBytes(noise);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) ('a' + (noise[i] & 7));
        }
        byte[] packed = Packed.gzip(noise);
        assertThat(packed.length).isBetween(1, 7 * MEBIBYTE);
        try (Client client = rig.client()) {
            send(client, "gzip", false, packed);
            Client.Head head = client.head();
            assertThat(client.body(head)).startsWith("TOO_LARGE").contains("max_body_mb");
            assertThat(head.status()).isEqualTo(413);
        }
        rig.awaitIdle();
    }

    private static byte[] bomb(String coding) throws IOException {
        byte[] zeros = new byte[64 * MEBIBYTE];
        return switch (coding) {
            case "br" -> Packed.brotliBomb();
            case "zstd" -> Packed.zstdZeros(23, 100_000);
            case "gzip, gzip" -> Packed.gzip(Packed.gzip(zeros));
            case "deflate" -> Packed.zlib(zeros);
            default -> Packed.gzip(zeros);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd", "gzip, gzip"})
    void aBombIsRefusedAndNothingIsHeld(String coding) throws Exception {
        byte[] bomb = bomb(coding);
        List<Future<Integer>> all = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < 64; i++) {
                all.add(clients.submit(() -> {
                    try (Client client = rig.client()) {
                        client.socket.setSoTimeout(30_000);
                        send(client, coding, false, bomb);
                        Client.Head head = client.head();
                        client.body(head);
                        return head.status();
                    }
                }));
            }
        }
        for (Future<Integer> one : all) {
            assertThat(one.get()).isIn(413, 503);
        }
        rig.awaitIdle();
    }

    /** A stage may make much of little, and the next one nothing of that. */
    @Test
    void whatLiesBetweenTwoCodingsCountsToo() throws Exception {
        byte[] nothing = new byte[32 * MEBIBYTE];
        for (int at = 0; at < nothing.length; at += 5) {
            // Empty stored blocks of deflate.
            nothing[Math.min(nothing.length - 1, at + 3)] = (byte) 0xFF;
            nothing[Math.min(nothing.length - 1, at + 4)] = (byte) 0xFF;
        }
        try (Client client = rig.client()) {
            send(client, "deflate, gzip", false, Packed.gzip(nothing));
            assertThat(client.head().status()).isEqualTo(413);
        }
        rig.awaitIdle();
    }
}
