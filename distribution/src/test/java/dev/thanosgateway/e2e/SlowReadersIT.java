package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thousand clients that do not read, an upstream that writes as fast as it may: memory stays bounded. */
class SlowReadersIT {
    private static final int READERS = 1_000;
    private static final int LARGE_READERS = 200;
    private static final int FRAMES = 512;
    /** Of each wait, for a machine that does much else. */
    private static final Duration LIMIT = Duration.ofMinutes(3);
    /** A thousand connections to one upstream at once take their time, which is not what this is about. */
    private static final String PATIENT = "[timeouts]\nconnect_ms = 120000\n";

    private static final String TEXT = "x".repeat(8 << 10);
    private static final String CHUNK =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":%s}]}";

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void aThousandSlowReadersHoldUpstreamBackAndNobodyElse() throws Exception {
        AtomicLong written = new AtomicLong();
        String frame = CHUNK.formatted(TEXT, "null");
        try (FakeUpstream upstream = new FakeUpstream(call -> {
                    call.sse();
                    for (int i = 0; i < FRAMES; i++) {
                        call.frame(frame);
                        written.addAndGet(frame.length());
                    }
                    call.frame(CHUNK.formatted("", "\"stop\""));
                    call.endChunks();
                });
                Gateway gateway = Gateway.with(Configurations.openai(upstream) + PATIENT)
                        .environment("THANOS_JAVA_OPTS", "-Xmx256m")
                        .start()) {
            List<RawHttp> readers = new ArrayList<>();
            try {
                ask(gateway, readers, READERS);
                settled(upstream, READERS, written);
                long all = (long) READERS * FRAMES * frame.length();
                assertThat(written.get())
                        .as("bytes taken from upstream of " + all)
                        .isLessThan(all * 3 / 4);

                // The youngest, and first of all: one that takes nothing for 75 s may be cut.
                RawHttp one = readers.get(READERS - 1);
                RawHttp.Response answer = one.response();
                Sse stream = Sse.of(answer.text());
                assertThat(stream.text().length()).as(() -> told(answer)).isEqualTo(FRAMES * TEXT.length());
                assertThat(stream.done()).isTrue();

                for (int i = 0; i < 20; i++) {
                    assertThat(gateway.post(Chats.PATH, Chats.stream("echo/echo", "me too"))
                                    .statusCode())
                            .isEqualTo(200);
                }
                assertThat(residentMebibytes(gateway)).isLessThan(700);
                assertThat(gateway.process().isAlive()).isTrue();
            } finally {
                for (RawHttp reader : readers) {
                    reader.close();
                }
            }
            Eventually.within(
                    LIMIT,
                    "it serves when they have gone",
                    () -> gateway.post(Chats.PATH, Chats.whole("echo/echo", "hi"))
                                    .statusCode()
                            == 200);
        }
    }

    /** The sum of frames that are each allowed: 2 GB, of which a heap of 256 MiB holds what it has room for. */
    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void twoHundredFramesOfTenMebibytesForClientsThatDoNotReadEndNothing() throws Exception {
        AtomicLong written = new AtomicLong();
        String part = "x".repeat(64 << 10);
        String[] around = CHUNK.formatted("|", "null").split("\\|");
        try (FakeUpstream upstream = new FakeUpstream(call -> {
                    call.sse();
                    call.frame(CHUNK.formatted("a", "null"));
                    call.chunk("data: " + around[0]);
                    for (int i = 0; i < 160; i++) {
                        call.chunk(part);
                        written.addAndGet(part.length());
                    }
                    call.chunk(around[1] + "\n\n");
                    call.frame(CHUNK.formatted("", "\"stop\""));
                    call.endChunks();
                });
                Gateway gateway = Gateway.with(Configurations.openai(upstream) + PATIENT)
                        .environment("THANOS_JAVA_OPTS", "-Xmx256m")
                        .start()) {
            List<RawHttp> readers = new ArrayList<>();
            try {
                ask(gateway, readers, LARGE_READERS);
                settled(upstream, LARGE_READERS, written);
                assertThat(gateway.post(Chats.PATH, Chats.whole("echo/echo", "me too"))
                                .statusCode())
                        .isEqualTo(200);
                assertThat(residentMebibytes(gateway)).isLessThan(700);
                assertThat(gateway.get("/metrics").body()).contains("answer_budget");
            } finally {
                for (RawHttp reader : readers) {
                    reader.close();
                }
            }
            Eventually.within(
                    LIMIT,
                    "a large frame passes when they have gone",
                    () -> Sse.of(gateway.post(Chats.PATH, Chats.stream("openai/m", "hi"))
                                            .body())
                                    .text()
                                    .length()
                            == 1 + 160 * part.length());
        }
    }

    /** An answer as far as a person wants to read it. */
    private static String told(RawHttp.Response answer) {
        String all = answer.head() + "\n" + answer.text();
        return all.substring(0, Math.min(all.length(), 300)) + " … " + all.substring(Math.max(0, all.length() - 300));
    }

    private static void ask(Gateway gateway, List<RawHttp> readers, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            RawHttp reader = new RawHttp(gateway.port(), 4 << 10, (int) LIMIT.toMillis());
            readers.add(reader);
            reader.send(RawHttp.post(Chats.PATH, Chats.stream("openai/m", "hi")));
        }
    }

    /** Waits until every request is upstream and no more can be written: nothing taken between a hundred looks. */
    private static void settled(FakeUpstream upstream, int requests, AtomicLong written) throws Exception {
        Eventually.within(LIMIT, "every request is upstream", () -> upstream.untaken() == requests);
        long[] last = {-1, 0};
        Eventually.within(LIMIT, "upstream is held back", () -> {
            long now = written.get();
            last[1] = now == last[0] ? last[1] + 1 : 0;
            last[0] = now;
            return now > 0 && last[1] > 100;
        });
    }

    private static long residentMebibytes(Gateway gateway) throws Exception {
        Path status = Path.of("/proc/" + gateway.process().pid() + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
