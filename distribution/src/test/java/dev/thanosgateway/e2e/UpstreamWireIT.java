package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that do wrong below the words of their API: on the connection, in HTTP's framing, in bytes. */
class UpstreamWireIT {
    private static final String WHOLE =
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"fine\"},\"finish_reason\":\"stop\"}]}";
    private static final FakeUpstream.Script GOOD = call -> call.json(200, WHOLE);
    private static final String CHUNK =
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":%s}]}\n\n";

    private static FakeUpstream upstream;
    private static FakeUpstream other;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream(GOOD);
        other = new FakeUpstream(GOOD);
        String limits = """
                [providers.%s.timeouts]
                first_event_ms = 700
                whole_ms = 700
                idle_ms = 700
                """;
        gateway = Gateway.with(Gateway.ANY_PORT
                        + Configurations.provider("upstream", upstream, limits.formatted("upstream"))
                        + Configurations.provider("slow", upstream, "[providers.slow.timeouts]\ntotal_ms = 2000\n")
                        + Configurations.provider("other", other, "")
                        // It fails on purpose, and is asked each time.
                        + "[circuit_breaker]\nenabled = false\n"
                        + "[models.aliases]\neither = [\"upstream/m\", \"other/m\"]\n")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
        other.close();
    }

    private static Arguments fault(String name, FakeUpstream.Script script, int status) {
        return arguments(name, script, status);
    }

    /** Name, what it does, and the status that comes of it. */
    static List<Arguments> faults() {
        String chunk = Integer.toHexString(WHOLE.length()) + "\r\n" + WHOLE + "\r\n";
        List<Arguments> faults = new ArrayList<>(List.of(
                fault("a length too long", Wire.saysLength(WHOLE, WHOLE.length() + 10L), 502),
                fault("a length too short", Wire.saysLength(WHOLE, WHOLE.length() - 10L), 502),
                fault("a length of zero", Wire.saysLength(WHOLE, 0), 502),
                fault("a length below zero", Wire.saysLength(WHOLE, -1), 502),
                fault("two lengths", Wire.framed("content-length: 2\r\ncontent-length: 3", "{}"), 502),
                fault(
                        "a length and chunks",
                        Wire.framed("content-length: 5\r\ntransfer-encoding: chunked", chunk),
                        502),
                fault("a size that is no number", Wire.framed("transfer-encoding: chunked", "zz\r\n" + WHOLE), 502),
                fault("a size below zero", Wire.framed("transfer-encoding: chunked", "-1\r\n" + WHOLE), 502),
                fault("an enormous size", Wire.framed("transfer-encoding: chunked", "fffffffff\r\n" + WHOLE), 502),
                fault("no end of chunks", Wire.framed("transfer-encoding: chunked", chunk), 502),
                fault("half a chunk", Wire.framed("transfer-encoding: chunked", chunk.substring(0, 40)), 502),
                fault(
                        "a chunk too long",
                        Wire.framed("transfer-encoding: chunked", "5\r\n" + WHOLE + "\r\n0\r\n\r\n"),
                        502),
                fault("a head that drips", Wire.drippingHead(), 504),
                fault("half a head", Wire.halfHead(), 504),
                fault("nothing after the head", Wire.headOnly(), 504),
                fault("a head of 100 KiB", Wire.hugeHead(100 << 10), 502),
                fault("TLS", Wire.tlsAlert(), 502),
                fault("another protocol", call -> call.raw("220 mail ESMTP\r\n"), 502),
                fault("a version nobody knows", call -> call.raw("HTTP/9.9 200 OK\r\n\r\n"), 502),
                fault("no version", call -> call.raw(WHOLE + "\r\n\r\n"), 502),
                fault("a status that is none", call -> call.raw("HTTP/1.1 abc\r\ncontent-length: 0\r\n\r\n"), 502),
                fault("an upgrade", call -> call.raw("HTTP/1.1 101 Switching\r\nupgrade: h2c\r\n\r\n"), 502),
                fault("no content", call -> call.raw("HTTP/1.1 204 No Content\r\n\r\n"), 502),
                fault("interim answers and no more", Wire.interim(3, call -> call.awaitGone(10_000)), 504),
                fault("a flood of interim answers", Wire.interim(1_000, GOOD), 502),
                fault("a whole answer that never ends", Wire.endlessWhole(), 502)));
        for (String coding : List.of("gzip", "br", "deflate, gzip")) {
            faults.add(fault(
                    "compressed: " + coding,
                    call -> call.json(200, "\u001f\u008b\b", "content-encoding: " + coding),
                    502));
        }
        return faults;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void isAnErrorThatNamesTheProviderAndTheNextCallIsServed(String name, FakeUpstream.Script script, int status)
            throws Exception {
        for (String body : List.of(Chats.whole("upstream/m", "hi"), Chats.stream("upstream/m", "hi"))) {
            if (body.contains("stream") && name.equals("a whole answer that never ends")) {
                continue;
            }
            upstream.script(script);
            HttpResponse<String> answer = gateway.post(Chats.PATH, body);

            if (answer.statusCode() == 200) {
                // The stream's finish was there before what was wrong.
                assertThat(body).contains("\"stream\":true");
                assertThat(Sse.of(answer.body()).text()).isEqualTo("fine");
                continue;
            }
            assertThat(answer.statusCode())
                    .as(name + " " + body + answer.body())
                    .isEqualTo(status);
            assertThat(Chats.error(answer).path("message").asString()).contains("upstream");
            assertThat(answer.headers().firstValue("x-request-id")).isPresent();
            upstream.script(GOOD);
            assertThat(gateway.post(Chats.PATH, Chats.whole("upstream/m", "hi")).body())
                    .isEqualTo(WHOLE);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void anotherTargetIsAskedInstead(String name, FakeUpstream.Script script, int status) throws Exception {
        upstream.script(script);
        HttpResponse<String> answer =
                gateway.post(Chats.PATH, Chats.whole("either", "hi"), "x-request-id", "the-callers-own");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-thanos-provider")).contains("other");
        assertThat(answer.headers().firstValue("x-thanos-attempts")).contains("2");
        assertThat(answer.headers().firstValue("x-request-id")).contains("the-callers-own");
    }

    @Test
    void whatACompressedAnswerIsIsSaid() throws Exception {
        upstream.script(call -> call.json(200, "\u001f\u008b\b", "content-encoding: gzip"));
        assertThat(gateway.post(Chats.PATH, Chats.whole("upstream/m", "hi")).body())
                .contains("content-encoding: gzip");
        upstream.script(call -> call.json(503, "\u001f\u008b\b", "content-encoding: gzip"));
        HttpResponse<String> failed = gateway.post(Chats.PATH, Chats.whole("upstream/m", "hi"));
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(Chats.error(failed).path("message").asString()).isPrintable();
    }

    @ParameterizedTest
    @ValueSource(strings = {"endless line", "endless nothing"})
    void aStreamThatNeverSaysAnythingEnds(String kind) throws Exception {
        upstream.script(kind.equals("endless line") ? Wire.endlessLine() : Wire.endlessNothing());
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.stream("slow/m", "hi"));
        assertThat(answer.statusCode()).as(answer.body()).isIn(502, 504);
        upstream.script(GOOD);
    }

    @Test
    void aStreamWithoutAnEndIsEndedWithoutDoneAfterItsTotalTime() throws Exception {
        upstream.script(call -> {
            call.sse();
            while (true) {
                call.chunk(CHUNK.formatted("more ", "null"));
                LockSupport.parkNanos(5_000_000);
            }
        });
        try (RawHttp client = new RawHttp(gateway.port())) {
            client.send(RawHttp.post(Chats.PATH, Chats.stream("slow/m", "hi")));
            String body = client.until("\"error\"");
            assertThat(body).contains("more ").doesNotContain("[DONE]");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void interimAnswersAreNone(int count) throws Exception {
        upstream.script(Wire.interim(count, GOOD));
        assertThat(gateway.post(Chats.PATH, Chats.whole("upstream/m", "hi")).body())
                .isEqualTo(WHOLE);
    }

    @Test
    void aSecondAnswerIsNobodysNotEvenTheNextCallers() throws Exception {
        String stolen = WHOLE.replace("fine", "stolen");
        String answers = Stream.of(WHOLE, stolen)
                .map(body -> "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                        + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body)
                .collect(Collectors.joining());
        // In one packet: what comes after the next request was sent nobody can tell from its answer.
        upstream.script(call -> call.raw(answers));
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("upstream/m", "hi"));
            assertThat(answer.body()).doesNotContain("stolen");
        }
    }

    @Test
    void trailersEndABodyLikeAnyOther() throws Exception {
        upstream.script(call -> {
            call.raw(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n");
            call.chunk(WHOLE);
            call.raw("0\r\nx-sum: 1\r\n\r\n");
        });
        for (int i = 0; i < 3; i++) {
            assertThat(gateway.post(Chats.PATH, Chats.whole("upstream/m", "hi")).body())
                    .isEqualTo(WHOLE);
        }
    }

    @Test
    void aBodyThatEndsWithItsConnectionIsWhole() throws Exception {
        upstream.script(Wire.framed("connection: close", WHOLE));
        assertThat(gateway.post(Chats.PATH, Chats.whole("upstream/m", "hi")).body())
                .isEqualTo(WHOLE);
    }

    @Test
    void aStreamThatDripsByteByByteWithMixedLineEndsIsExact() throws Exception {
        String frames = (CHUNK.formatted("é👋", "null") + ": ping\r\n\r\n" + CHUNK.formatted("", "\"stop\""))
                        .replace("}\n\n", "}\r\n\n")
                + "data: [DONE]\r\r";
        upstream.script(call -> {
            call.sse();
            for (byte one : frames.getBytes(StandardCharsets.UTF_8)) {
                call.chunk(new byte[] {one});
            }
            call.endChunks();
        });
        Sse stream = Sse.of(
                gateway.post(Chats.PATH, Chats.stream("upstream/m", "hi")).body());
        assertThat(stream.text()).isEqualTo("é👋");
        assertThat(stream.done()).isTrue();
    }

    @Test
    void aStreamCutAtAnyHundredthByteNeverLooksWhole() throws Exception {
        String all = CHUNK.formatted("one ", "null").repeat(8) + CHUNK.formatted("", "\"stop\"");
        int finish = all.indexOf("\"stop\"");
        for (int at = 0; at < finish; at += 100) {
            String part = all.substring(0, at);
            upstream.script(call -> {
                call.sse();
                if (!part.isEmpty()) {
                    call.chunk(part);
                }
                call.reset();
            });
            HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.stream("upstream/m", "hi"));
            if (answer.statusCode() == 200) {
                assertThat(answer.body()).contains("\"error\"").doesNotContain("[DONE]");
            } else {
                Chats.error(answer);
            }
        }
    }

    @Test
    void whatIsNoUtf8InARelayedStreamGoesThroughUntouched() throws Exception {
        byte[] frame = CHUNK.formatted("a\u00ff", "\"stop\"").getBytes(StandardCharsets.ISO_8859_1);
        upstream.script(call -> {
            call.sse();
            call.chunk(frame);
            call.endChunks();
        });
        RawHttp.Response answer =
                RawHttp.exchange(gateway.port(), RawHttp.post(Chats.PATH, Chats.stream("upstream/m", "hi")));
        assertThat(new String(answer.bytes(), StandardCharsets.ISO_8859_1)).contains("a\u00ff");
    }

    @Test
    void theUpstreamsLimitsAndIdComeBackOnErrorsToo() throws Exception {
        upstream.script(call -> call.json(
                429,
                "{\"error\":{\"message\":\"slow down\",\"type\":\"t\"}}",
                "retry-after: 7",
                "x-ratelimit-remaining-requests: 0",
                "x-request-id: req_up"));
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("upstream/m", "hi"));

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("retry-after")).contains("7");
        assertThat(answer.headers().firstValue("x-ratelimit-remaining-requests"))
                .contains("0");
        assertThat(answer.headers().firstValue("x-upstream-request-id")).contains("req_up");
    }

    @Test
    void aWholeAnswerWithoutAFinishReasonHasStopped() throws Exception {
        upstream.script(call -> call.json(200, WHOLE.replace(",\"finish_reason\":\"stop\"", "")));
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("upstream/m", "hi"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"finish_reason\":\"stop\"");
    }
}
