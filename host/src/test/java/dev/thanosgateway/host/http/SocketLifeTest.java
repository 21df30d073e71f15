package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a WebSocket lives, and what becomes of its messages when it or the gateway ends. */
final class SocketLifeTest {
    private static final String PATH = "/toy/socket";

    private final Upstream a = new Upstream();
    private Rig rig;

    SocketLifeTest() throws Exception {}

    private SocketClient open(String toml) throws Exception {
        rig = new Rig(toml + Rig.table("a", a));
        return open();
    }

    private SocketClient open() throws IOException {
        return new SocketClient(rig.port, PATH, "");
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        a.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void serve(String model, String text) throws Exception {
        Upstream.Asked asked = a.next();
        assertThat(asked.body).isEqualTo(model);
        asked.begins().chunk(text + "\n.\n").ends();
    }

    @Test
    void aStoppingGatewayAnswersWhatWaitsAndRefusesWhatComesLater() throws Exception {
        try (SocketClient client = open("")) {
            client.send("model=a/m0 stream=1");
            Upstream.Asked first = a.next().begins();
            client.send("model=a/m1 stream=1").send("model=a/m2 stream=1");
            client.control(SocketClient.PING, bytes("taken"));
            assertThat(client.frame().kind()).isEqualTo(SocketClient.PONG);
            rig.service.drain();
            rig.http.drain();
            client.send("model=a/late stream=1").control(SocketClient.PING, bytes("taken"));
            assertThat(client.frame().kind()).isEqualTo(SocketClient.PONG);
            Thread finish = Thread.ofVirtual().start(() -> rig.service.finish(60_000));
            first.chunk(".\n").ends();
            assertThat(client.message()).isEqualTo(".");
            for (int i = 1; i <= 2; i++) {
                serve("m" + i, "x" + i);
                assertThat(List.of(client.message(), client.message())).containsExactly("x" + i, ".");
            }
            assertThat(client.message()).startsWith("error DRAINING");
            assertThat(client.closed()).isEqualTo(1001);
            finish.join();
        }
        rig.awaitIdle();
    }

    @Test
    void whatWaitsAtTheEndOfTheDrainIsToldSo() throws Exception {
        try (SocketClient client = open("")) {
            client.send("model=a/m0 stream=1");
            a.next().begins();
            client.send("model=a/m1 stream=1").send("model=a/m2 stream=1");
            client.control(SocketClient.PING, bytes("taken"));
            assertThat(client.frame().kind()).isEqualTo(SocketClient.PONG);
            rig.service.drain();
            rig.http.drain();
            rig.service.finish(0);
            for (int i = 0; i < 3; i++) {
                assertThat(client.message()).startsWith("error DRAINING");
            }
            assertThat(client.closed()).isEqualTo(1001);
        }
        assertThat(a.quiet()).isTrue();
        rig.awaitIdle();
    }

    @Test
    void aSocketIsNotIdleWhileAMessageArrives() throws Exception {
        try (SocketClient client = open("[server.websocket]\nping_ms = 1000\nidle_ms = 1000\n")) {
            client.write(SocketClient.frame(SocketClient.TEXT, bytes("model=")));
            // Each comes after a second in which nothing else came.
            for (int i = 0; i < 2; i++) {
                assertThat(client.frame().kind()).isEqualTo(SocketClient.PING);
                client.control(SocketClient.PONG, new byte[0]);
            }
            client.write(SocketClient.frame(0x80, bytes("a/m stream=1")));
            serve("m", "one");
            assertThat(client.message()).isEqualTo("one");
        }
        rig.awaitIdle();
    }

    @Test
    void aClientThatTakesNothingIsGoneWhateverItSends() throws Exception {
        try (SocketClient client = open("[server.websocket]\nping_ms = 1000\n")) {
            client.socket.setReceiveBufferSize(4 * 1024);
            client.send("model=a/m stream=1");
            Upstream.Asked asked = a.next().begins();
            Thread writer = Thread.ofVirtual().start(() -> {
                String text = "x".repeat(1 << 20) + "\n";
                try {
                    for (int i = 0; i < 64; i++) {
                        asked.chunk(text);
                    }
                } catch (UncheckedIOException e) {
                    // The call was cancelled, as it should be.
                }
            });
            int beats = 0;
            while (!writer.join(Duration.ofMillis(200)) && beats < 75) {
                beats++;
                try {
                    client.control(SocketClient.PONG, new byte[0]);
                } catch (IOException e) {
                    break;
                }
            }
            assertThat(beats).isLessThan(75);
            asked.awaitClosed(1_000);
        }
        rig.awaitIdle();
    }

    @Test
    void aClientThatTakesOneLargeMessageSlowlyStays() throws Exception {
        int size = 16 << 20;
        try (SocketClient client = open("[server.websocket]\nping_ms = 2000\n");
                SocketClient other = open()) {
            client.socket.setReceiveBufferSize(64 * 1024);
            client.send("model=a/m stream=1");
            Upstream.Asked asked = a.next().begins();
            Thread.ofVirtual()
                    .start(() -> asked.chunk("x".repeat(size) + "\n.\n").ends());
            int taken = 0;
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 40; j++) {
                    taken += client.frame().payload().length;
                }
                // Two seconds and more have passed since the last: longer than two pings in all.
                assertThat(other.frame().kind()).isEqualTo(SocketClient.PING);
                other.control(SocketClient.PONG, new byte[0]);
            }
            while (taken < size) {
                taken += client.frame().payload().length;
            }
            assertThat(client.message()).isEqualTo(".");
        }
        rig.awaitIdle();
    }

    @Test
    void anErrorThatCannotBeWrittenClosesTheSocket() throws Exception {
        try (SocketClient client = open("")) {
            client.send("model=a/m stream=1");
            a.next().answers(429, "", "unspeakable");
            assertThat(client.closed()).isEqualTo(1011);
        }
        rig.awaitIdle();
    }

    @Test
    void theDialectStaysLeasedWhileAStepOfAnEndedAnswerRuns() throws Exception {
        rig = new Rig("");
        assertThat(rig.language.acquire()).isTrue();
        SocketLane lane = new SocketLane(rig.language, failure -> {});
        AtomicInteger steps = new AtomicInteger();
        lane.execute(() -> {
            steps.incrementAndGet();
            lane.close();
            assertThat(rig.language.leases.get()).isEqualTo(1);
        });
        assertThat(rig.language.leases.get()).isZero();
        lane.execute(steps::incrementAndGet);
        assertThat(steps.get()).isEqualTo(1);
    }
}
