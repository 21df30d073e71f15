package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A thousand sockets while jars are replaced, and sockets that flood. */
class WebSocketLoadIT {
    private static final int SOCKETS = 1_000;
    private static final int WORDS = 5;
    private static final int PAUSE_MILLIS = 400;
    private static final int SAMPLES = 400;
    private static final int ROUNDS = 6;
    private static final int FLOODERS = 4;
    private static final double MOST_RATIO = 2;
    /** A scheduler's slice: below it a ratio says nothing about the gateway. */
    private static final double FREE_MILLIS = 5;

    private final Set<String> lost = ConcurrentHashMap.newKeySet();
    private final AtomicInteger complete = new AtomicInteger();

    private static FixturePlugin stamped(int version) {
        return FixturePlugin.of("stamped", "Stamped").version("1.0." + version).text("v" + version);
    }

    private static void dots(FakeUpstream.Call call) throws Exception {
        call.head(200, "text/plain", "connection: close");
        for (int i = 0; i < WORDS; i++) {
            call.chunk(".");
            if (call.awaitGone(PAUSE_MILLIS)) {
                return;
            }
        }
        call.endChunks();
    }

    @Test
    void noResponseOfAThousandSocketsIsLostWhileProviderAndDialectAreReplaced() throws Exception {
        try (FakeUpstream upstream = new FakeUpstream(WebSocketLoadIT::dots)) {
            Gateway.Builder builder = Gateway.with(
                    Gateway.ANY_PORT + "[providers.stamped]\nendpoint = \"" + upstream.endpoint() + "\"\n");
            Files.write(builder.plugins().resolve("stamped.jar"), stamped(0).bytes());
            try (Gateway gateway = builder.start()) {
                swapUnderLoad(gateway);
                Eventually.within(
                        Duration.ofSeconds(20),
                        "all sockets are closed",
                        () -> gateway.get("/metrics").body().contains("thanos_sockets_open 0.0"));
            }
        }
        System.out.println("sockets: " + complete + " responses complete, " + lost.size() + " lost");
        assertThat(lost).isEmpty();
        assertThat(complete.get()).isGreaterThanOrEqualTo(2 * SOCKETS);
    }

    private void swapUnderLoad(Gateway gateway) throws Exception {
        AtomicBoolean go = new AtomicBoolean(true);
        CountDownLatch begun = new CountDownLatch(SOCKETS);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < SOCKETS; i++) {
                running.add(clients.submit(() -> chat(gateway, go, begun)));
            }
            try {
                assertThat(begun.await(60, TimeUnit.SECONDS))
                        .as(lost.toString())
                        .isTrue();
                for (int version = 1; version <= 2; version++) {
                    stamped(version).into(gateway.plugins().resolve("stamped.jar"));
                    String now = "1.0." + version;
                    Eventually.within(
                            Duration.ofSeconds(30),
                            now + " serves",
                            () -> now.equals(
                                    gateway.provider("stamped").path("version").asString()));
                }
                restamp(gateway.plugins().resolve("dialect-openai.jar"));
                Eventually.within(
                        Duration.ofSeconds(30),
                        "the other dialect serves",
                        () -> gateway.errors().stream()
                                .anyMatch(line -> line.contains("dialect") && line.contains("1.0.1")));
                CountDownLatch more = new CountDownLatch(SOCKETS);
                int before = complete.get();
                Eventually.within(
                        Duration.ofSeconds(60),
                        "all have one more response",
                        () -> complete.get() >= before + 2 * more.getCount());
            } finally {
                go.set(false);
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    /** Response after response, each built on the last: what is remembered outlives its dialect's bundle. */
    private void chat(Gateway gateway, AtomicBoolean go, CountDownLatch begun) {
        try (Sock sock = new Sock(gateway.port())) {
            String previous = null;
            do {
                ObjectNode request = Sock.create("stamped/m", "hi").put("previous_response_id", previous);
                sock.send(request);
                begun.countDown();
                List<JsonNode> events = sock.response();
                JsonNode last = Sock.last(events);
                if (!last.path("type").asString().equals("response.completed")
                        || Sock.text(events).split(" ").length != WORDS) {
                    lost.add(last.toString());
                    return;
                }
                previous = last.at("/response/id").asString();
                complete.incrementAndGet();
            } while (go.get());
        } catch (Exception | AssertionError e) {
            lost.add(e.toString());
            begun.countDown();
        }
    }

    /** The same bundle with a higher version. */
    private static void restamp(Path jar) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(Files.readAllBytes(jar)))) {
            Manifest manifest = in.getManifest();
            manifest.getMainAttributes().putValue("Bundle-Version", "1.0.1");
            try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
                for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    in.transferTo(out);
                    out.closeEntry();
                }
            }
        }
        Path part = jar.resolveSibling("dialect-openai.jar.part");
        Files.write(part, bytes.toByteArray());
        Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void socketsThatFloodLeaveOthersAlone() throws Exception {
        try (Gateway gateway =
                Gateway.with(Gateway.ANY_PORT + "[providers.echo]\n").start()) {
            sample(gateway, new ArrayList<>());
            List<Long> quiet = new ArrayList<>();
            List<Long> flooded = new ArrayList<>();
            // In turns, so that what else the machine does slows both alike.
            for (int round = 0; round < ROUNDS; round++) {
                sample(gateway, quiet);
                floodedRound(gateway, flooded);
            }
            double before = p99(quiet);
            double under = p99(flooded);
            System.out.printf("p99 of others: %.2f ms, under a flood %.2f ms%n", before, under);
            assertThat(under).isLessThan(Math.max(FREE_MILLIS, MOST_RATIO * before));
            Corpus.assertUnharmed(gateway);
        }
    }

    private static void floodedRound(Gateway gateway, List<Long> nanos) throws Exception {
        List<Flooder> flooders = new ArrayList<>();
        for (int i = 0; i < FLOODERS; i++) {
            flooders.add(new Flooder(gateway.port(), i % 2 == 0 ? 0x89 : 0x81));
        }
        try {
            sample(gateway, nanos);
        } finally {
            for (Flooder flooder : flooders) {
                flooder.close();
            }
        }
        assertThat(flooders).as("flooded").allMatch(flooder -> flooder.sent >= Flooder.FRAMES);
    }

    private static void sample(Gateway gateway, List<Long> nanos) throws Exception {
        byte[] request = RawHttp.post(Chats.PATH, Chats.whole("echo/echo", "hi"));
        try (RawHttp client = new RawHttp(gateway.port())) {
            for (int i = 0; i < SAMPLES; i++) {
                long start = System.nanoTime();
                client.send(request);
                assertThat(client.response().status()).isEqualTo(200);
                nanos.add(System.nanoTime() - start);
            }
        }
    }

    private static double p99(List<Long> nanos) {
        nanos.sort(null);
        return nanos.get(nanos.size() * 99 / 100) / 1e6;
    }

    /** Sends empty frames as fast as they go, on a new socket when the one before is closed. */
    private static final class Flooder implements AutoCloseable {
        static final int FRAMES = 1_000;

        private final int port;
        private final byte[] frames = new byte[6 * FRAMES];
        private final Thread thread;
        private volatile boolean stopped;
        private volatile Socket socket = new Socket();
        private volatile int sent;

        Flooder(int port, int kind) {
            this.port = port;
            for (int at = 0; at < frames.length; at += 6) {
                frames[at] = (byte) kind;
                frames[at + 1] = (byte) 0x80;
            }
            this.thread = Thread.ofPlatform().start(this::run);
        }

        private void run() {
            while (!stopped) {
                try (Socket next = new Socket("127.0.0.1", port)) {
                    socket = next;
                    next.getOutputStream()
                            .write(("GET /v1/responses HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                                            + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                            + "Sec-WebSocket-Version: 13\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                    while (!stopped) {
                        next.getOutputStream().write(frames);
                        sent += FRAMES;
                    }
                } catch (IOException e) {
                    // It was closed; the next one begins.
                }
            }
        }

        @Override
        public void close() throws Exception {
            stopped = true;
            while (!thread.join(Duration.ofMillis(50))) {
                socket.close();
            }
        }
    }
}
