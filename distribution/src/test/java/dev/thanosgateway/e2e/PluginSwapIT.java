package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;

/** A jar is replaced again and again while it is in use by streams that each outlast a swap. */
class PluginSwapIT {
    private static final int STREAMS = 200;
    private static final int SWAPS = 20;
    private static final int WORDS = 20;
    private static final int PAUSE_MILLIS = 100;

    private final Set<String> wrong = ConcurrentHashMap.newKeySet();
    private final Set<String> texts = ConcurrentHashMap.newKeySet();
    private final AtomicInteger complete = new AtomicInteger();

    private static FixturePlugin stamped(int version) {
        return FixturePlugin.of("stamped", "Stamped").version("1.0." + version).text("v" + version);
    }

    @Test
    void twentyReplacementsUnderTwoHundredStreamsFailNoneAndMixNone() throws Exception {
        List<byte[]> versions = new ArrayList<>();
        for (int i = 0; i <= SWAPS; i++) {
            versions.add(stamped(i).bytes());
        }
        try (FakeUpstream upstream = new FakeUpstream(PluginSwapIT::dots)) {
            Gateway.Builder builder = Gateway.with(
                    Gateway.ANY_PORT + "[providers.stamped]\nendpoint = \"" + upstream.endpoint() + "\"\n");
            Files.write(builder.plugins().resolve("stamped.jar"), versions.get(0));
            try (Gateway gateway = builder.start()) {
                swapUnderLoad(gateway, versions);
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(complete.get()).isGreaterThanOrEqualTo(STREAMS + SWAPS);
        assertThat(texts)
                .hasSize(SWAPS + 1)
                .allSatisfy(text -> assertThat(text).isEqualTo((text.split(" ", 2)[0] + " ").repeat(WORDS)));
    }

    /** A dot at a time. */
    private static void dots(FakeUpstream.Call call) throws Exception {
        call.head(200, "text/plain", "connection: close");
        call.chunk(".");
        for (int i = 1; i < WORDS; i++) {
            if (call.awaitGone(PAUSE_MILLIS)) {
                return;
            }
            call.chunk(".");
        }
        call.endChunks();
    }

    private void swapUnderLoad(Gateway gateway, List<byte[]> versions) throws Exception {
        AtomicBoolean go = new AtomicBoolean(true);
        CountDownLatch begun = new CountDownLatch(STREAMS);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                running.add(clients.submit(() -> {
                    do {
                        stream(gateway, begun);
                    } while (go.get());
                }));
            }
            try {
                assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
                for (int i = 1; i <= SWAPS; i++) {
                    replace(gateway, versions.get(i));
                    String version = "1.0." + i;
                    Eventually.within(
                            Duration.ofSeconds(5),
                            version + " serves",
                            () -> version.equals(
                                    gateway.provider("stamped").path("version").asString()));
                    // The others begin when their last one ends: this one is sure to be of this version.
                    running.add(clients.submit(() -> stream(gateway, begun)));
                }
            } finally {
                go.set(false);
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private static void replace(Gateway gateway, byte[] bytes) throws Exception {
        Path part = gateway.plugins().resolve("stamped.jar.part");
        Files.write(part, bytes);
        Files.move(part, gateway.plugins().resolve("stamped.jar"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** One stream to its end. */
    private void stream(Gateway gateway, CountDownLatch begun) {
        try (RawHttp client = new RawHttp(gateway.port())) {
            client.send(RawHttp.post(Chats.PATH, Chats.stream("stamped/m", "hi")));
            RawHttp.Head head = client.head();
            begun.countDown();
            RawHttp.Response answer = new RawHttp.Response(head, client.body(head));
            Sse stream = Sse.of(answer.text());
            if (answer.status() == 200 && stream.done() && stream.finishes().equals(List.of("stop"))) {
                texts.add(stream.text());
                complete.incrementAndGet();
            } else {
                wrong.add(answer.status() + " " + answer.text());
            }
        } catch (Exception e) {
            wrong.add(e.toString());
        }
    }
}
