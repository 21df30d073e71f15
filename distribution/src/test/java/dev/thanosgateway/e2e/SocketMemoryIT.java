package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** WebSockets on a small heap: what they hold is reserved, whether they rest or wait for an upstream. */
class SocketMemoryIT {
    private static final int RESTING = 3_500;
    private static final int ASKING = 45;
    private static final int KILOBYTE = 1_000;
    private static final long HANG_MILLIS = 60_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String HANDSHAKE = "GET /v1/responses HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Client> open = new ArrayList<>();
    private final AtomicInteger refused = new AtomicInteger();

    /** A socket without an object for each that a WebSocket client of a library has. */
    private static final class Client implements AutoCloseable {
        final Socket socket;
        final String head;

        Client(int port) throws IOException {
            socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream().write(HANDSHAKE.getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    break;
                }
                answer.append((char) next);
            }
            head = answer.toString();
        }

        int status() {
            return Integer.parseInt(head.split(" ")[1]);
        }

        /** A text message in one frame, masked with zeros. */
        void send(String json) throws IOException {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            ByteBuffer frame = ByteBuffer.allocate(bytes.length + 14);
            frame.put((byte) 0x81)
                    .put((byte) 0xFF)
                    .putLong(bytes.length)
                    .putInt(0)
                    .put(bytes);
            socket.getOutputStream().write(frame.array());
        }

        /** The first frame that comes. */
        String message() throws IOException {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readUnsignedByte();
            int size = in.readUnsignedByte();
            int length = size == 126 ? in.readUnsignedShort() : size == 127 ? (int) in.readLong() : size;
            return new String(in.readNBytes(length), StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Until the test is over, or the client has gone. */
    private void hang(FakeUpstream.Call call) throws Exception {
        if (over.await(HANG_MILLIS, TimeUnit.MILLISECONDS)) {
            new FakeResponses().answer(call);
        }
    }

    private static double metric(Gateway gateway, String name) throws Exception {
        return gateway.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    /** Bytes of the heap that are in use after a full collection. */
    private static double live(Gateway gateway) throws Exception {
        String java = gateway.process().info().command().orElseThrow();
        Process collection = new ProcessBuilder(
                        Path.of(java).resolveSibling("jcmd").toString(),
                        Long.toString(gateway.process().pid()),
                        "GC.run")
                .redirectErrorStream(true)
                .start();
        String said = new String(collection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(collection.waitFor()).as(said).isZero();
        return metric(gateway, "jvm_memory_used_bytes{area=\"heap\"}");
    }

    private Client open(Gateway gateway) throws IOException {
        Client client = new Client(gateway.port());
        open.add(client);
        return client;
    }

    private void ask(Gateway gateway, String text) throws IOException {
        Client client = open(gateway);
        client.send(
                "{\"type\":\"response.create\",\"model\":\"own/m\",\"store\":false,\"input\":[{\"type\":\"message\","
                        + "\"role\":\"user\",\"content\":\"" + text + "\"}]}");
        Thread.ofVirtual().start(() -> {
            try {
                String first = client.message();
                if (over.getCount() > 0 && first.contains("hold all the memory")) {
                    refused.incrementAndGet();
                }
            } catch (IOException e) {
                // The end of the test.
            }
        });
    }

    @Test
    void whatSocketsHoldIsReserved() throws Exception {
        String table = "[providers.own]\ntype = \"openai\"\nresponses = true\nendpoint = \"%s\"\napi_key = \"%s\"\n";
        try (FakeUpstream upstream = new FakeUpstream(this::hang);
                Gateway gateway = Gateway.with(Gateway.ANY_PORT
                                + "[providers.echo]\n"
                                + table.formatted(upstream.endpoint(), FakeOpenAi.KEY))
                        .environment("THANOS_JAVA_OPTS", "-Xmx128m")
                        .start()) {
            gateway.post(Chats.PATH, Chats.whole("echo/echo", "hello"));
            double base = live(gateway);
            for (int i = 0; i < RESTING; i++) {
                assertThat(open(gateway).status()).isEqualTo(101);
            }
            double resting = live(gateway) - base;
            double reserved = metric(gateway, "thanos_memory_reserved_bytes");
            assertThat(resting).as("live of resting sockets").isLessThan(reserved);
            for (int i = 0; i < ASKING; i++) {
                ask(gateway, i % 2 == 0 ? "\\u0041".repeat(175 * KILOBYTE) : "\\u20ac".repeat(88 * KILOBYTE));
            }
            Eventually.within(
                    LIMIT,
                    "each waits for the upstream or was refused",
                    () -> upstream.untaken() + refused.get() == ASKING);
            assertThat(upstream.untaken()).isPositive();
            double live = live(gateway) - base;
            double all = metric(gateway, "thanos_memory_reserved_bytes");
            System.out.printf(
                    "resting: live %.1f of %.1f MB reserved; with %d calls: %.1f of %.1f MB%n",
                    resting / 1e6, reserved / 1e6, upstream.untaken(), live / 1e6, all / 1e6);
            assertThat(live).as("live with calls").isLessThan(all);
            assertThat(metric(gateway, "thanos_sockets_open")).isEqualTo(RESTING + ASKING);
            assertRefusesWhatTheHeapHasNoRoomFor(gateway);
            over.countDown();
            for (Client client : open) {
                client.close();
            }
            Corpus.assertUnharmed(gateway);
        }
    }

    private void assertRefusesWhatTheHeapHasNoRoomFor(Gateway gateway) throws IOException {
        Client last = open(gateway);
        while (last.status() == 101 && open.size() < 10_000) {
            last = open(gateway);
        }
        assertThat(last.head)
                .startsWith("HTTP/1.1 503")
                .containsIgnoringCase("retry-after: ")
                .containsIgnoringCase("x-request-id: ");
    }
}
