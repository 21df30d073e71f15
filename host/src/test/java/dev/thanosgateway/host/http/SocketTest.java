package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WebSockets, frame by frame. */
final class SocketTest {
    private static final String PATH = "/toy/socket";

    private final Upstream a = new Upstream();
    private Rig rig;

    SocketTest() throws Exception {}

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

    private void serve(String model, String... texts) throws Exception {
        Upstream.Asked asked = a.next();
        assertThat(asked.body).isEqualTo(model);
        asked.begins();
        for (String text : texts) {
            asked.chunk(text + "\n");
        }
        asked.chunk(".\n").ends();
    }

    @Test
    void oneSocketHasManyAnswers() throws Exception {
        try (SocketClient client = open("")) {
            assertThat(client.status()).isEqualTo(101);
            assertThat(client.head).containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            for (int i = 0; i < 3; i++) {
                client.send("model=a/m" + i + " stream=1");
                serve("m" + i, "one", "two");
                assertThat(List.of(client.message(), client.message(), client.message()))
                        .containsExactly("one", "two", ".");
            }
            assertThat(client.send("past").message()).isEqualTo("past:onetwo");
        }
        rig.awaitIdle();
    }

    @Test
    void aRelayedAnswerGoesAlongToo() throws Exception {
        try (SocketClient client = open("")) {
            client.send("model=a/m stream=1 relay=1");
            serve("m", "one");
            assertThat(client.message()).isEqualTo("data: one\n\n");
            assertThat(client.message()).isEqualTo(".");
        }
        rig.awaitIdle();
    }

    @Test
    void messagesWaitForTheirTurnAndNotMoreThanEight() throws Exception {
        try (SocketClient client = open("")) {
            client.send("model=a/m0 stream=1");
            Upstream.Asked first = a.next().begins().chunk("one\n");
            assertThat(client.message()).isEqualTo("one");
            for (int i = 1; i <= 9; i++) {
                client.send("model=a/m" + i + " stream=1");
            }
            // The frames are read in their order: all messages have come.
            client.control(SocketClient.PING, bytes("all"));
            assertThat(client.frame().kind()).isEqualTo(SocketClient.PONG);
            assertThat(a.quiet()).isTrue();
            first.chunk(".\n").ends();
            assertThat(client.message()).isEqualTo(".");
            for (int i = 1; i <= 8; i++) {
                serve("m" + i, "x" + i);
                assertThat(client.message()).isEqualTo("x" + i);
                assertThat(client.message()).isEqualTo(".");
            }
            assertThat(client.message()).startsWith("error RATE_LIMITED");
        }
        rig.awaitIdle();
    }

    @Test
    void aFailureIsAMessageAndTheSocketGoesOn() throws Exception {
        try (SocketClient client = open("")) {
            assertThat(client.send("nonsense").message()).startsWith("error INVALID_REQUEST");
            client.send("model=a/m stream=1");
            a.next().answers(429, "retry-after: 7\r\n", "slow down");
            assertThat(client.message()).startsWith("error UPSTREAM_LIMITED").contains("retry-after=7");
            client.send("model=a/unwritable stream=1");
            a.next().begins().chunk("one\n.\n").ends();
            assertThat(client.message()).startsWith("error INTERNAL");
            client.send("model=a/m stream=1");
            serve("m", "one");
            assertThat(client.message()).isEqualTo("one");
            assertThat(client.message()).isEqualTo(".");
            assertThat(client.send("past").message()).isEqualTo("past:one");
        }
        rig.awaitIdle();
        assertThat(rig.metrics.statuses).contains(101, 400, 429, 500, 200);
    }

    @Test
    void aClientThatLeavesCancelsUpstream() throws Exception {
        for (boolean closes : List.of(true, false)) {
            try (SocketClient client = rig == null ? open("") : open()) {
                client.send("model=a/m stream=1");
                Upstream.Asked asked = a.next().begins().chunk("one\n");
                assertThat(client.message()).isEqualTo("one");
                if (closes) {
                    client.control(SocketClient.CLOSE, new byte[] {3, (byte) 0xE8});
                    assertThat(client.closed()).isEqualTo(1000);
                } else {
                    client.socket.close();
                }
                asked.awaitClosed(1_000);
            }
            rig.awaitIdle();
        }
    }

    @Test
    void aMessageMayComeInFragmentsWithPingsBetween() throws Exception {
        try (SocketClient client = open("")) {
            client.write(SocketClient.frame(SocketClient.TEXT, bytes("model=")));
            client.control(SocketClient.PING, bytes("there?"));
            client.write(SocketClient.frame(SocketClient.CONTINUATION, bytes("a/m stre")));
            SocketClient.Frame pong = client.frame();
            assertThat(pong.kind()).isEqualTo(SocketClient.PONG);
            assertThat(pong.text()).isEqualTo("there?");
            client.write(SocketClient.frame(0x80, bytes("am=1")));
            serve("m", "one");
            assertThat(client.message()).isEqualTo("one");
        }
        rig.awaitIdle();
    }

    @ParameterizedTest
    @CsvSource({
        "unmasked, 1002", "reserved bit, 1002", "unknown kind, 1002", "binary, 1003", "bad utf-8, 1007",
        "continuation first, 1002", "text in text, 1002", "long ping, 1002", "fragmented ping, 1002", "too large, 1009"
    })
    void whatIsNoRightFrameCloses(String kind, int code) throws Exception {
        try (SocketClient client = open("[server]\nmax_body_mb = 1\n")) {
            byte[] small = bytes("model=a/m");
            switch (kind) {
                case "unmasked" -> client.write(new byte[] {(byte) 0x81, 1, 'x'});
                case "reserved bit" -> client.write(SocketClient.frame(0xC1, small));
                case "unknown kind" -> client.write(SocketClient.frame(0x83, small));
                case "binary" -> client.write(SocketClient.frame(0x82, small));
                case "bad utf-8" -> client.write(SocketClient.frame(0x81, new byte[] {'a', (byte) 0xC3, '('}));
                case "continuation first" -> client.write(SocketClient.frame(0x80, small));
                case "text in text" -> {
                    client.write(SocketClient.frame(0x01, small));
                    client.write(SocketClient.frame(0x81, small));
                }
                case "long ping" -> client.write(SocketClient.frame(0x89, new byte[126]));
                case "fragmented ping" -> client.write(SocketClient.frame(0x09, small));
                default -> {
                    ByteArrayOutputStream large = new ByteArrayOutputStream();
                    for (int i = 0; i < 40; i++) {
                        large.writeBytes(SocketClient.frame(i == 0 ? 1 : 0, new byte[32 * 1024]));
                    }
                    client.write(large.toByteArray());
                }
            }
            assertThat(client.closed()).isEqualTo(code);
        }
        rig.awaitIdle();
    }

    @Test
    void aLargeMessageIsOneAndALargeAnswerToo() throws Exception {
        try (SocketClient client = open("")) {
            String text = "x".repeat(3 << 20);
            client.send("model=a/m stream=1 text=" + text);
            serve("m", text);
            assertThat(client.message()).isEqualTo(text);
            assertThat(client.message()).isEqualTo(".");
        }
        rig.awaitIdle();
    }

    @Test
    void aFloodOfFramesIsNotReadAndClosed() throws Exception {
        List<SocketClient> clients = new ArrayList<>();
        try {
            for (int kind : new int[] {9, 10, 0, 1}) {
                SocketClient client = open("");
                clients.add(client);
                ByteArrayOutputStream flood = new ByteArrayOutputStream();
                flood.writeBytes(SocketClient.frame(kind == 0 ? 1 : 0x80 | kind, new byte[0]));
                for (int i = 0; i < 5_000; i++) {
                    flood.writeBytes(SocketClient.frame(kind == 0 ? 0 : 0x80 | kind, new byte[0]));
                }
                Thread.ofVirtual().start(() -> {
                    try {
                        client.write(flood.toByteArray());
                    } catch (IOException e) {
                        // It is closed, as it should be.
                    }
                });
            }
            for (SocketClient client : clients) {
                assertThat(client.closed()).isIn(1008, -1);
            }
        } finally {
            for (SocketClient client : clients) {
                client.close();
            }
        }
        rig.awaitIdle();
    }

    @Test
    void aPlainGetIsToldToUpgrade() throws Exception {
        open("").close();
        try (Client client = rig.client()) {
            client.get(PATH, "");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(426);
            assertThat(head.field("upgrade")).isEqualTo("websocket");
            assertThat(head.field("connection")).isEqualToIgnoringCase("upgrade");
            assertThat(head.field("sec-websocket-version")).isEqualTo("13");
            assertThat(client.body(head)).startsWith("UPGRADE_REQUIRED");
            client.get(
                    PATH,
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n");
            assertThat(client.head().status()).isEqualTo(400);
        }
        // What a proxy sends that passes the one header on and not the other; it is ignored, and the connection goes
        // on.
        try (Client client = rig.client()) {
            for (String connection : List.of("", "Connection: keep-alive\r\n")) {
                client.get(
                        PATH,
                        connection + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key:"
                                + " dGhlIHNhbXBsZSBub25jZQ==\r\n");
                Client.Head head = client.head();
                assertThat(head.status()).isEqualTo(426);
                assertThat(client.body(head)).startsWith("UPGRADE_REQUIRED");
            }
            client.get(
                    PATH,
                    "Upgrade: h2c, WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
            assertThat(client.head().status()).isEqualTo(101);
        }
        try (Client client = rig.client()) {
            client.get(
                    PATH,
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key:"
                            + " dGhlIHNhbXBsZSBub25jZQ==\r\n");
            assertThat(client.head().status()).isEqualTo(426);
        }
        rig.awaitIdle();
    }

    @Test
    void theKeyIsCheckedAtTheHandshakeAndForeignPagesAreRefused() throws Exception {
        rig = new Rig("[auth]\nenabled = true\napi_keys = [\"a-key-of-the-test\"]\n" + Rig.table("a", a));
        try (SocketClient none = open();
                SocketClient known = new SocketClient(rig.port, PATH, "Authorization: Bearer a-key-of-the-test\r\n")) {
            assertThat(none.status()).isEqualTo(401);
            assertThat(known.status()).isEqualTo(101);
            known.send("model=a/m stream=1");
            serve("m", "one");
            assertThat(known.message()).isEqualTo("one");
        }
        rig.close();
        rig = new Rig(Rig.table("a", a));
        try (SocketClient page = new SocketClient(rig.port, PATH, "Origin: http://elsewhere.example\r\n")) {
            assertThat(page.status()).isEqualTo(403);
        }
    }

    @Test
    void theTimeOfAMessageBeginsWithItsTurn() throws Exception {
        Upstream slow = new Upstream();
        rig = new Rig(Rig.table("slow", slow) + Rig.table("a", a) + "[providers.a.timeouts]\ntotal_ms = 1000\n");
        try (SocketClient client = open();
                SocketClient other = open()) {
            client.send("model=slow/m0 stream=1").send("model=a/m1 stream=1");
            Upstream.Asked first = slow.next().begins();
            other.send("model=a/late stream=1");
            Upstream.Asked late = a.next();
            assertThat(late.body).isEqualTo("late");
            // It came after the message that waits, and its time is over.
            assertThat(other.message()).startsWith("error ");
            first.chunk("one\n.\n").ends();
            assertThat(List.of(client.message(), client.message())).containsExactly("one", ".");
            serve("m1", "two");
            assertThat(List.of(client.message(), client.message())).containsExactly("two", ".");
        }
        rig.awaitIdle();
        slow.close();
    }

    @Test
    void whatIsRememberedCountsOnlyForAMessageThatBuildsOnIt() throws Exception {
        String large = "x".repeat(600 * 1024);
        try (SocketClient client = open("[server]\nmax_body_mb = 1\n")) {
            client.send("model=a/m stream=1");
            serve("m", large);
            assertThat(client.message()).isEqualTo(large);
            assertThat(client.message()).isEqualTo(".");
            client.send("model=a/m stream=1 note=" + large);
            serve("m", "two");
            assertThat(client.message()).isEqualTo("two");
        }
        rig.awaitIdle();
    }

    @Test
    void anAnswerThatKeepsMoreThanThereIsFailsAndIsNotSentOn() throws Exception {
        try (SocketClient client = open("")) {
            String text = "x".repeat(8 << 20);
            long room = rig.service.held().memory().limit();
            client.send("model=a/m stream=1 keeps=" + (room - (6 << 20)));
            serve("m", text);
            assertThat(client.message().substring(0, 16)).isEqualTo("error OVERLOADED");
            client.send("model=a/m stream=1 keeps=" + (room / 2));
            serve("m", text);
            assertThat(client.message()).hasSize(text.length());
        }
        rig.awaitIdle();
    }

    @Test
    void eachMessageIsARequestOfItsCaller() throws Exception {
        try (SocketClient client = open("[rate_limiting]\nenabled = true\nrequests_per_minute = 2\n")) {
            for (int i = 0; i < 2; i++) {
                client.send("model=a/m stream=1");
                serve("m", "one");
                client.message();
                assertThat(client.message()).isEqualTo(".");
            }
            assertThat(client.send("model=a/m stream=1").message())
                    .startsWith("error RATE_LIMITED")
                    .contains("retry-after=");
        }
        rig.awaitIdle();
    }

    @Test
    void anOpenSocketReservesWhatItHoldsWithItsHeaders() throws Exception {
        rig = new Rig(Rig.table("a", a));
        try (SocketClient client = new SocketClient(rig.port, PATH, "X-Long: " + "x".repeat(10_000) + "\r\n")) {
            assertThat(client.status()).isEqualTo(101);
            assertThat(rig.service.held().memory().used()).isBetween(18_000L, 20_000L);
        }
        rig.awaitIdle();
    }

    @Test
    void thereAreNotMoreThanMayBe() throws Exception {
        List<SocketClient> open = new ArrayList<>();
        open.add(open("[server.websocket]\nmax_sockets = 2\n"));
        open.add(open());
        try (SocketClient third = open()) {
            assertThat(third.status()).isEqualTo(503);
        }
        for (SocketClient client : open) {
            assertThat(client.status()).isEqualTo(101);
            client.close();
        }
        rig.awaitIdle();
    }

    @Test
    void aSilentOneIsPingedAndOneThatIsGoneIsClosed() throws Exception {
        try (SocketClient client = open("[server.websocket]\nping_ms = 2000\nidle_ms = 6000\n")) {
            assertThat(client.frame().kind()).isEqualTo(SocketClient.PING);
            // It never answers.
            long start = System.nanoTime();
            assertThat(client.closed()).isEqualTo(-1);
            assertThat(System.nanoTime() - start).isLessThan(4_000_000_000L);
        }
        try (SocketClient client = open()) {
            assertThatThrownBy(client::message).hasMessageContaining("closed: 1001 idle");
        }
        rig.awaitIdle();
    }

    @Test
    void aStoppingGatewayLetsAnswersEnd() throws Exception {
        try (SocketClient rests = open("");
                SocketClient runs = open()) {
            runs.send("model=a/m stream=1");
            Upstream.Asked asked = a.next().begins().chunk("one\n");
            assertThat(runs.message()).isEqualTo("one");
            rig.http.drain();
            assertThat(rests.closed()).isEqualTo(1001);
            asked.chunk("two\n.\n").ends();
            assertThat(runs.message()).isEqualTo("two");
            assertThat(runs.message()).isEqualTo(".");
            assertThat(runs.closed()).isEqualTo(1001);
            try (SocketClient late = open()) {
                assertThat(late.status()).isEqualTo(503);
            }
        }
        rig.awaitIdle();
    }

    @Test
    void aSlowReaderSlowsTheUpstream() throws Exception {
        try (SocketClient client = open("")) {
            client.socket.setReceiveBufferSize(16 * 1024);
            client.send("model=a/m stream=1");
            Upstream.Asked asked = a.next().begins();
            asked.socket.setSoTimeout(1_000);
            String text = "x".repeat(1 << 20) + "\n";
            Thread writer = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 64; i++) {
                    asked.chunk(text);
                }
                asked.chunk(".\n").ends();
            });
            writer.join(500);
            assertThat(writer.isAlive()).as("64 MiB have gone nowhere").isTrue();
            for (int i = 0; i < 64; i++) {
                assertThat(client.message()).hasSize(1 << 20);
            }
            assertThat(client.message()).isEqualTo(".");
        }
        rig.awaitIdle();
    }
}
