package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that send a byte now and then hold a connection for seconds, not for ever, and nobody else up. */
class SlowClientsIT {
    private static final int OF_EACH = 200;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Duration MOST = Duration.ofSeconds(25);
    private static final String HEAD =
            "POST " + Chats.PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n";

    /** A preface and settings: a frame that never ends comes behind. */
    private static final String HTTP2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";

    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = Gateway.with(Gateway.ANY_PORT).start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Sends {@code first}, then a byte every two seconds until it is cut off. @return what it was told last */
    private static String drip(RawHttp client, String first, byte more) throws Exception {
        long start = System.nanoTime();
        client.send(bytes(first));
        try {
            while (System.nanoTime() - start < MOST.toNanos()) {
                LockSupport.parkNanos(PAUSE_NANOS);
                client.send(new byte[] {more});
            }
        } catch (IOException e) {
            return "cut";
        }
        throw new AssertionError("it may go on for ever");
    }

    @Test
    void headsAndBodiesThatDripAreCutAndOthersAreServedMeanwhile() throws Exception {
        List<RawHttp> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> dripping = new ArrayList<>();
            for (int i = 0; i < OF_EACH; i++) {
                for (String first : List.of(
                        "GET /health HTTP/1.1\r\nX: ",
                        "G",
                        HEAD,
                        HEAD + "{\"a\":\"" + "x".repeat(99),
                        HTTP2 + "\0\1\0\1\0\0\0\0\1",
                        HTTP2 + "\0\100\0\0\0\0\0\0\1")) {
                    RawHttp client = new RawHttp(gateway.port());
                    clients.add(client);
                    dripping.add(threads.submit(() -> drip(client, first, (byte) 'a')));
                }
            }
            for (int i = 0; i < 50; i++) {
                long start = System.nanoTime();
                assertThat(gateway.post(Chats.PATH, Chats.whole("echo/echo", "hello"))
                                .statusCode())
                        .isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
            }
            for (Future<String> one : dripping) {
                assertThat(one.get(MOST.toSeconds() + 5, TimeUnit.SECONDS)).isEqualTo("cut");
            }
        } finally {
            for (RawHttp client : clients) {
                client.close();
            }
        }
        Corpus.assertUnharmed(gateway);
    }

    @Test
    void whatBeginsAndSaysNoMoreIsCutAndWhoIsBetweenRequestsIsNot() throws Exception {
        String http2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n";
        List<Answers> silent = new ArrayList<>();
        try (RawHttp between = new RawHttp(gateway.port());
                RawHttp body = new RawHttp(gateway.port())) {
            between.send(RawHttp.post(Chats.PATH, Chats.whole("echo/echo", "hello")));
            assertThat(between.response().status()).isEqualTo(200);
            for (String begun : List.of("G", "POST / HTTP/1.1\r\nHost:", http2, http2 + "\r\n")) {
                Answers client = new Answers(gateway.port());
                silent.add(client);
                client.send(bytes(begun));
            }
            body.send(bytes(HEAD + "{"));

            RawHttp.Response answer = body.response();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(Chats.error(answer.text()).path("message").asString()).contains("too slowly");
            assertThat(body.some(1)).as("the connection's end").isEqualTo(-1);
            for (Answers client : silent) {
                assertThat(client.read((int) MOST.toMillis()))
                        .as("the connection's end")
                        .isTrue();
            }
            // By now longer than a head may take has passed.
            between.send(RawHttp.post(Chats.PATH, Chats.whole("echo/echo", "hello")));
            assertThat(between.response().status()).isEqualTo(200);
        } finally {
            for (Answers client : silent) {
                client.close();
            }
        }
    }
}
