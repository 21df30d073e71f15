package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** SIGTERM: what is in flight finishes, within limits; nothing ends half. */
class StopIT {
    private static final String ONE_SECOND = "one two three four five six seven eight nine ten";

    /** Less than a JVM takes that is asked to halt: it waits 300 ms for threads that are in native code. */
    private static final Duration AT_ONCE = Duration.ofMillis(280);

    private static Gateway gateway(int drainMillis) throws Exception {
        return Gateway.with(Gateway.ANY_PORT + "drain_ms = " + drainMillis + "\n[providers.echo]\n")
                .start();
    }

    @Test
    void aStreamFinishesWithinTheDrainTimeAndTheExitCodeIsZero() throws Exception {
        try (Gateway gateway = gateway(20_000);
                RawHttp client = new RawHttp(gateway.port());
                RawHttp probe = new RawHttp(gateway.port())) {
            client.send(RawHttp.post(Chats.PATH, Chats.paced(ONE_SECOND, 100)));
            RawHttp.Head head = client.head();
            String first = new String(client.chunk(), StandardCharsets.UTF_8);
            gateway.terminate();
            notReady(probe);
            Sse stream = Sse.of(first + new String(client.body(head), StandardCharsets.UTF_8));

            assertThat(stream.text()).isEqualTo(ONE_SECOND);
            assertThat(stream.finishes()).containsExactly("stop");
            assertThat(stream.done()).isTrue();
            assertThat(gateway.exit(Duration.ofSeconds(10))).isZero();
        }
    }

    /** On a connection that stands already, until it is closed: never ready again once it was told to stop. */
    private static void notReady(RawHttp probe) throws Exception {
        Eventually.within(Duration.ofSeconds(10), "readiness is off", () -> {
            try {
                probe.send(RawHttp.get("/health/ready"));
                return probe.response().status() == 503;
            } catch (IOException e) {
                return true;
            }
        });
    }

    @Test
    void aStreamBeyondTheDrainTimeGetsATerminalErrorEvent() throws Exception {
        try (Gateway gateway = gateway(300);
                RawHttp client = new RawHttp(gateway.port())) {
            client.send(RawHttp.post(Chats.PATH, Chats.paced(ONE_SECOND, 20_000)));
            RawHttp.Head head = client.head();
            String first = new String(client.chunk(), StandardCharsets.UTF_8);
            gateway.terminate();
            Sse stream = Sse.of(first + new String(client.body(head), StandardCharsets.UTF_8));

            assertThat(stream.errors()).hasSize(1);
            assertThat(stream.done()).isFalse();
            assertThat(gateway.exit(Duration.ofSeconds(10))).isZero();
        }
    }

    @Test
    void withNothingInFlightItStopsAtOnceAndLeavesNothingBehind() throws Exception {
        try (Gateway gateway = gateway(20_000)) {
            gateway.post(Chats.PATH, Chats.whole("echo/echo", "hi"));
            gateway.terminate();

            assertThat(gateway.exit(Duration.ofSeconds(15))).isZero();
            assertThat(gateway.output()).as("threads that were waited for").doesNotContain("Couldn't stop");
            assertThat(gateway.folder().resolve("state/instances"))
                    .isDirectoryNotContaining(path -> path.toFile().isDirectory());
        }
    }

    @Test
    void aProbeByHeadIsToldTheSameAsOneByGet() throws Exception {
        try (Gateway gateway =
                        Gateway.with(Gateway.ANY_PORT + "[providers.future]\n").start();
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(503);
            HttpRequest head = HttpRequest.newBuilder(gateway.http().resolve("/health/ready"))
                    .HEAD()
                    .build();
            assertThat(client.send(head, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(503);
        }
    }

    @Test
    void aPooledUpstreamConnectionDoesNotHoldItUp() throws Exception {
        try (FakeUpstream upstream = new FakeUpstream(new FakeOpenAi());
                Gateway gateway = Gateway.with(Configurations.openai(upstream)).start()) {
            assertThat(gateway.post(Chats.PATH, Chats.whole("openai/fake-large", "hi"))
                            .statusCode())
                    .isEqualTo(200);
            gateway.terminate();

            assertThat(gateway.exit(Duration.ofSeconds(20))).isZero();
            assertThat(gateway.output()).as("threads that were waited for").doesNotContain("Couldn't stop");
        }
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        try (Gateway gateway = gateway(60_000);
                RawHttp client = new RawHttp(gateway.port())) {
            client.send(RawHttp.post(Chats.PATH, Chats.paced(ONE_SECOND, 20_000)));
            client.head();
            client.chunk();
            CompletableFuture<Process> end = gateway.process().onExit();
            gateway.terminate();
            try (RawHttp probe = new RawHttp(gateway.port())) {
                notReady(probe);
            } catch (IOException e) {
                // The listener is closed: it is stopping.
            }
            assertThat(end).isNotDone();
            // Process.destroy() sends nothing more once it was asked for the end of a process.
            new ProcessBuilder("kill", "-TERM", String.valueOf(gateway.process().pid()))
                    .start()
                    .waitFor();
            long signalled = System.nanoTime();

            assertThat(end.get(5, TimeUnit.SECONDS).exitValue()).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - signalled)).isLessThan(AT_ONCE);
        }
    }

    @Test
    void whatAKilledProcessLeftIsClearedAwayByTheNext() throws Exception {
        String state;
        try (Gateway killed = gateway(1_000)) {
            killed.process().destroyForcibly().waitFor();
            try (Gateway next = Gateway.with(Gateway.ANY_PORT)
                    .environment(
                            "THANOS_STATE", killed.folder().resolve("state").toString())
                    .start()) {
                state = killed.folder().resolve("state/instances").toString();
                assertThat(Path.of(state).toFile().listFiles(File::isDirectory)).hasSize(1);
                assertThat(next.get("/health").statusCode()).isEqualTo(200);
            }
        }
    }
}
