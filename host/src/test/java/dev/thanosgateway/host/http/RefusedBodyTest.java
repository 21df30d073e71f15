package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
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

/** A client that writes its whole body before it reads gets the answer that refuses it. */
final class RefusedBodyTest {
    private static final String HOST = " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    private static final int LARGE = 3 << 20;

    private Rig rig;

    private void start(String toml) throws Exception {
        rig = new Rig("[server]\nmax_body_mb = 1\n" + toml);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private static byte[] chunked(int size) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[16 * 1024];
        for (int sent = 0; sent < size; sent += chunk.length) {
            all.writeBytes("4000\r\n".getBytes(StandardCharsets.US_ASCII));
            all.writeBytes(chunk);
            all.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        all.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return all.toByteArray();
    }

    /** Sends everything, then reads. @return the status */
    private int status(String head, byte[] body) throws Exception {
        try (Client client = rig.client()) {
            client.send(head);
            client.socket.getOutputStream().write(body);
            Client.Head answer = client.head();
            while (answer.status() == 100) {
                // The gateway asked for a body that was on its way.
                answer = client.head();
            }
            assertThat(client.body(answer)).isNotEmpty();
            return answer.status();
        }
    }

    private int refused(String line, String headers, boolean chunked, int size) throws Exception {
        String framing = chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: " + size + "\r\n\r\n";
        return status(line + HOST + headers + framing, chunked ? chunked(size) : new byte[size]);
    }

    @ParameterizedTest
    @CsvSource({
        "POST /nowhere,'',404",
        "POST /health,'',405",
        "PUT /toy,'',405",
        "POST /toy,'',413",
        "POST /toy,'Content-Encoding: rot13\r\n',415",
        "POST /toy,'Origin: http://elsewhere.example\r\n',403",
        "POST /toy,'Expect: 100-continue\r\n',413",
        "POST /nowhere,'Expect: 100-continue\r\n',404",
        "POST /a%zz,'',400",
        "POST /toy,'No Header: 1\r\n',400"
    })
    void everyRefusalArrives(String line, String headers, int status) throws Exception {
        start("");
        for (boolean chunked : List.of(true, false)) {
            for (int size : List.of(64 << 10, 512 << 10, LARGE)) {
                boolean small = status == 413 && size <= 1 << 20;
                assertThat(refused(line, headers, chunked, size))
                        .as("%s %s chunked %s of %s", line, headers, chunked, size)
                        .isEqualTo(small ? 400 : status);
            }
        }
        rig.awaitIdle();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5\r\nhello\r\nno chunk\r\n", "-1\r\n"})
    void aBodyWithBrokenFramingIsToldSo(String begin) throws Exception {
        start("");
        String head = "POST /toy" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + begin;
        assertThat(status(head, new byte[LARGE])).isEqualTo(400);
        rig.awaitIdle();
    }

    @Test
    void aThousandOfAThousandArrive() throws Exception {
        start("[auth]\nenabled = true\napi_keys = [\"a-key-of-the-test\"]\n");
        List<Future<Integer>> all = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < 1_000; i++) {
                boolean known = i % 2 == 0;
                String key = known ? "x-api-key: a-key-of-the-test\r\n" : "";
                all.add(clients.submit(
                        () -> refused("POST /nowhere", key, true, 1 << 20) == (known ? 404 : 401) ? 1 : 0));
            }
        }
        int arrived = 0;
        for (Future<Integer> one : all) {
            arrived += one.get();
        }
        assertThat(arrived).isEqualTo(1_000);
        rig.awaitIdle();
    }

    @Test
    void theConnectionGoesOnAfterASmallOne() throws Exception {
        start("");
        try (Client client = rig.client()) {
            for (int i = 0; i < 3; i++) {
                // In one piece, so that the body is there when the refusal is written.
                ByteArrayOutputStream request = new ByteArrayOutputStream();
                request.writeBytes(("POST /health" + HOST + "Transfer-Encoding: chunked\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                request.writeBytes(chunked(16 << 10));
                client.socket.getOutputStream().write(request.toByteArray());
                Client.Head answer = client.head();
                assertThat(answer.status()).isEqualTo(405);
                client.body(answer);
            }
        }
    }
}
