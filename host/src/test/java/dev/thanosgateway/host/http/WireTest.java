package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client sees on the wire, beside the answer itself. */
final class WireTest {
    private final Upstream a = new Upstream();
    private Rig rig;

    private Client client(String toml) throws Exception {
        rig = new Rig(toml + Rig.table("a", a));
        return rig.client();
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        a.close();
    }

    @Test
    void aRequestThatWasPipelinedBehindAStreamIsAnsweredAfterIt() throws Exception {
        try (Client client = client("")) {
            client.post("model=a/m stream=1");
            Upstream.Asked first = a.next().begins().chunk("one\n");
            Client.Head head = client.head();
            assertThat(client.chunk()).isEqualTo("data: one\n\n");
            client.post("model=a/second");
            first.chunk("two\n.\n").ends();
            assertThat(client.body(head)).isEqualTo("data: two\n\ndata: [DONE]\n\n");
            Upstream.Asked second = a.next();
            assertThat(second.body).isEqualTo("second");
            second.answers(200, "", "three\n.\n");
            assertThat(client.body(client.head())).isEqualTo("three");
        }
        rig.awaitIdle();
    }

    @Test
    void repeatedSlashesAreOneAndEncodedOnesStay() throws Exception {
        for (String path : List.of("//toy", "///toy", "/toy")) {
            try (Client client = client("")) {
                client.postTo(path, "model=a/m");
                a.next().answers(200, "", "one\n.\n");
                assertThat(client.body(client.head())).as(path).isEqualTo("one");
            }
            rig.awaitIdle();
            rig.close();
        }
        try (Client client = client("")) {
            client.postTo("/%2Ftoy", "model=a/m");
            assertThat(client.head().status()).isEqualTo(404);
        }
    }

    @Test
    void twoRequestsInOnePacketAreAnsweredInTurn() throws Exception {
        try (Client client = client("")) {
            String post = "POST /toy HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nmodel=a/";
            client.send(post + "1" + post + "2");
            a.next().answers(200, "", "one\n.\n");
            assertThat(client.body(client.head())).isEqualTo("one");
            a.next().answers(200, "", "two\n.\n");
            assertThat(client.body(client.head())).isEqualTo("two");
        }
        rig.awaitIdle();
    }

    @Test
    void manyRequestsInOnePacketAreAnsweredInTurnHoweverTheirAnswersCome() throws Exception {
        int many = 200;
        try (Client client = client("")) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < many; i++) {
                String body = "model=a/" + i;
                // Every fourth asks nobody and is answered by a thread of another kind.
                all.append(
                        i % 4 == 3
                                ? "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                                : "POST /toy HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + body.length()
                                        + "\r\n\r\n" + body);
            }
            client.send(all.toString());
            for (int i = 0; i < many; i++) {
                if (i % 4 != 3) {
                    Upstream.Asked asked = a.next();
                    assertThat(asked.body).isEqualTo(String.valueOf(i));
                    asked.answers(200, "", "answer " + i + "\n.\n");
                    assertThat(client.body(client.head())).isEqualTo("answer " + i);
                } else {
                    assertThat(client.body(client.head())).contains("status");
                }
            }
        }
        rig.awaitIdle();
    }

    @Test
    void whatAnUpstreamSaysWronglyIsToldWithItsProvider() throws Exception {
        try (Client client = client("")) {
            client.post("model=a/m");
            a.next().answers(200, "", "<html>\n");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(502);
            assertThat(client.body(head)).contains("Provider 'a': That is a page.");
        }
    }

    @Test
    void aBodyOverTheLimitIsRefusedAndNotTakenForTheNextRequest() throws Exception {
        String limit = "[server]\nmax_body_mb = 1\n";
        String large = "x".repeat(1 << 20) + "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        try (Client client = client(limit)) {
            client.post(large);
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(413);
            assertThat(client.body(head)).startsWith("TOO_LARGE");
            if (!head.field("connection").equals("close")) {
                client.post("model=a/m");
                a.next().answers(200, "", "one\n.\n");
                assertThat(client.body(client.head())).isEqualTo("one");
            }
        }
        try (Client client = rig.client()) {
            client.send("POST /toy HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send(Integer.toHexString(large.length()) + "\r\n" + large);
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(413);
            client.body(head);
            client.send("\r\n0\r\n\r\n").post("model=a/m");
            a.next().answers(200, "", "one\n.\n");
            assertThat(client.body(client.head())).isEqualTo("one");
        }
        rig.awaitIdle();
    }

    @Test
    void aClientThatSendsAllBeforeItReadsLearnsWhyItWasRefused() throws Exception {
        String body = "x".repeat(24 << 20);
        String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        String length = "Content-Length: " + body.length() + "\r\n\r\n" + body;
        for (String framed : new String[] {length, "Transfer-Encoding: chunked\r\n\r\n" + chunk}) {
            try (Client client = rig == null ? client("[server]\nmax_body_mb = 1\n") : rig.client()) {
                client.send("POST /toy HTTP/1.1\r\nHost: 127.0.0.1\r\n" + framed);
                Client.Head head = client.head();
                assertThat(head.status()).isEqualTo(413);
                assertThat(client.body(head)).startsWith("TOO_LARGE");
            }
        }
        rig.awaitIdle();
    }

    @Test
    void aBodyThatIsNoHttpIsRefusedAndTheConnectionCloses() throws Exception {
        try (Client client = client("")) {
            client.send("POST /toy HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nno-size\r\n");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(400);
            client.body(head);
            assertThat(client.closed()).isTrue();
        }
        rig.awaitIdle();
    }

    @Test
    void everyAnswerHasTheCallersRequestId() throws Exception {
        String id = "x-request-id: mine-1\r\n";
        try (Client client = client("")) {
            for (String path : new String[] {"/nothing", "/toy", "/health"}) {
                Client.Head head = client.get(path, id).head();
                client.body(head);
                assertThat(head.field("x-request-id")).as(path).isEqualTo("mine-1");
            }
            client.send("GET /%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n" + id + "\r\n");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(400);
            assertThat(head.field("x-request-id")).startsWith("req_");
        }
        rig.awaitIdle();
    }

    @Test
    void aWrongMethodIsToldWhichOnesAreRight() throws Exception {
        try (Client client = client("")) {
            Client.Head head = client.get("/toy", "").head();
            assertThat(head.status()).isEqualTo(405);
            assertThat(head.field("allow")).isEqualTo("POST");
            assertThat(client.body(head)).startsWith("METHOD_NOT_ALLOWED");
        }
    }

    @Test
    void headIsAnsweredAsGetWithoutABody() throws Exception {
        try (Client client = client("")) {
            client.send("HEAD /toy/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            a.next().answers(200, "", "m1");
            assertThat(client.head().status()).isEqualTo(200);
            assertThat(client.body(client.get("/toy/models/a%2Fm1", "").head())).isEqualTo("a/m1");
        }
    }

    @Test
    void http10IsServedAndClosed() throws Exception {
        try (Client client = client("")) {
            client.send("POST /toy HTTP/1.0\r\nContent-Length: 18\r\n\r\nmodel=a/m stream=1");
            a.next().begins().chunk("one\n.\n").ends();
            Client.Head head = client.head();
            assertThat(head.field("transfer-encoding")).isEmpty();
            assertThat(client.body(head)).isEqualTo("data: one\n\ndata: [DONE]\n\n");
        }
        rig.awaitIdle();
    }

    @Test
    void whoExpectsAContinueGetsOne() throws Exception {
        try (Client client = client("")) {
            client.send("POST /toy HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
            assertThat(client.head().status()).isEqualTo(100);
            client.send("model=a/m");
            a.next().answers(200, "", "one\n.\n");
            assertThat(client.body(client.head())).isEqualTo("one");
        }
        rig.awaitIdle();
    }

    @Test
    void pagesOfConfiguredOriginsMayCallAndAskFirstWithoutAKey() throws Exception {
        String toml = "[server]\nallowed_origins = [\"https://app.example\"]\n[auth]\nenabled = true\n"
                + "api_keys = [\"k-1\"]\n";
        String origin = "Origin: https://app.example\r\n";
        try (Client client = client(toml)) {
            client.send("OPTIONS /toy HTTP/1.1\r\nHost: 127.0.0.1\r\n" + origin
                    + "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n\r\n");
            Client.Head asked = client.head();
            assertThat(asked.status()).isEqualTo(204);
            assertThat(asked.field("access-control-allow-origin")).isEqualTo("https://app.example");
            assertThat(asked.field("access-control-allow-headers")).isEqualTo("authorization");
            assertThat(asked.field("vary")).isEqualTo("Origin");
            client.post(origin + "Authorization: Bearer k-1\r\n", "model=a/m");
            Upstream.Asked upstream = a.next();
            assertThat(upstream.head).contains("Bearer secret-of-a").doesNotContain("k-1");
            upstream.answers(200, "", "one\n.\n");
            Client.Head head = client.head();
            assertThat(client.body(head)).isEqualTo("one");
            assertThat(head.field("access-control-allow-origin")).isEqualTo("https://app.example");
            client.post(origin, "model=a/m");
            assertThat(client.head().status()).isEqualTo(401);
        }
    }

    @Test
    void noPathLeadsRoundTheKey() throws Exception {
        client("[auth]\nenabled = true\napi_keys = [\"k-1\"]\n").close();
        for (String path : new String[] {"/health/../metrics", "/health/./../v1/providers", "/health/x", "/metrics"}) {
            try (Client client = rig.client()) {
                assertThat(client.get(path, "").head().status()).as(path).isIn(400, 401);
            }
        }
        try (Client client = rig.client()) {
            assertThat(client.get("/health", "").head().status()).isEqualTo(200);
        }
    }

    @Test
    void aCallersKeyGoesNoFurtherWhateverTheDialectForwards() throws Exception {
        try (Client client = client("")) {
            for (String relayed : new String[] {"", " relay=1"}) {
                client.post("x-toy: 1\r\nx-api-key: k-1\r\ncookie: c\r\ntraceparent: t\r\n", "model=a/m" + relayed);
                Upstream.Asked asked = a.next();
                String head = asked.head.toLowerCase(java.util.Locale.ROOT);
                assertThat(head).contains("traceparent: t").doesNotContain("k-1", "cookie");
                assertThat(head.contains("x-toy: 1"))
                        .as("what is written for a relayed request goes with no other")
                        .isEqualTo(!relayed.isEmpty());
                asked.answers(200, "", "one\n.\n");
                client.body(client.head());
            }
        }
    }

    @Test
    void aClientThatDoesNotReadStopsTheUpstreamFromSending() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
                Selector selector = Selector.open()) {
            int port = server.socket().getLocalPort();
            rig = new Rig("[providers.a]\ntype = \"toy\"\nendpoint = \"http://127.0.0.1:" + port + "\"\n");
            try (Client client = rig.client();
                    SocketChannel upstream = asked(client, server)) {
                upstream.configureBlocking(false);
                upstream.register(selector, SelectionKey.OP_WRITE);
                byte[] line = Toy.bytes("x".repeat(16 * 1024 - 1) + "\n");
                ByteBuffer chunk = ByteBuffer.allocate(line.length + 8);
                chunk.put(Toy.bytes("4000\r\n"))
                        .put(line)
                        .put(Toy.bytes("\r\n"))
                        .flip();
                ByteBuffer sending = chunk.duplicate();
                long sent = 0;
                // Not writable for half a second: nobody reads any more.
                while (selector.select(500) > 0) {
                    selector.selectedKeys().clear();
                    sent += upstream.write(sending);
                    if (!sending.hasRemaining()) {
                        sending = chunk.duplicate();
                    }
                    assertThat(sent).isLessThan(64L << 20);
                }
                client.head();
                for (long read = 0; read < sent / 2; ) {
                    read += client.chunk().length();
                }
                assertThat(selector.select(5_000)).isEqualTo(1);
            }
            rig.awaitIdle();
        }
    }

    private static SocketChannel asked(Client client, ServerSocketChannel server) throws Exception {
        client.post("model=a/m stream=1");
        SocketChannel upstream = server.accept();
        upstream.read(ByteBuffer.allocate(8192));
        upstream.write(ByteBuffer.wrap(Toy.bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")));
        return upstream;
    }

    @Test
    void whileDrainingStreamsFinishAndNewCallsAreSentAway() throws Exception {
        try (Client streaming = client("");
                Client late = rig.client()) {
            streaming.post("model=a/m stream=1");
            Upstream.Asked asked = a.next().begins().chunk("one\n");
            Client.Head head = streaming.head();
            rig.service.drain();
            late.post("model=a/m");
            Client.Head refused = late.head();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.field("retry-after")).isEqualTo("1");
            assertThat(late.body(refused)).startsWith("DRAINING");
            asked.chunk(".\n").ends();
            assertThat(streaming.body(head)).endsWith("data: [DONE]\n\n");
            rig.service.finish(0);
        }
        rig.awaitIdle();
    }

    @Test
    void whatIsLeftAfterTheDrainIsToldSo() throws Exception {
        try (Client streaming = client("")) {
            streaming.post("model=a/m stream=1");
            Upstream.Asked asked = a.next().begins().chunk("one\n");
            Client.Head head = streaming.head();
            rig.service.drain();
            rig.service.finish(0);
            assertThat(streaming.body(head)).contains("error: DRAINING").doesNotContain("[DONE]");
            asked.awaitClosed(1_000);
        }
        rig.awaitIdle();
    }
}
