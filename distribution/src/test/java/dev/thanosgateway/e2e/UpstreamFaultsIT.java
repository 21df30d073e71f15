package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever an upstream does wrong, the caller gets the table's status and never a half answer that looks whole. */
class UpstreamFaultsIT {
    private static final String CHUNK =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}";
    private static final String ROLE = CHUNK.formatted("{\"role\":\"assistant\",\"content\":\"\"}", "null");
    private static final String TEXT = CHUNK.formatted("{\"content\":\"half an\"}", "null");
    private static final String STOP = CHUNK.formatted("{}", "\"stop\"");

    private static FakeUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream(new FakeOpenAi());
        String limits = """
                [providers.upstream.timeouts]
                first_event_ms = 500
                idle_ms = 500
                """;
        gateway = Gateway.with(Gateway.ANY_PORT
                        + Configurations.provider("upstream", upstream, limits)
                        + """
                        [providers.nobody]
                        type = "openai"
                        endpoint = "http://127.0.0.1:%d/v1"
                        [providers.nowhere]
                        type = "openai"
                        endpoint = "http://no-such-host.invalid/v1"
                        """.formatted(closedPort()))
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static final String OPENAI_ERROR =
            "{\"error\":{\"message\":\"upstream says why\",\"type\":\"t\",\"param\":null,\"code\":null}}";

    /** Name, what the upstream does, the status and the OpenAI type or code that come out of it. */
    static List<Arguments> beforeTheFirstEvent() {
        List<Arguments> faults = new ArrayList<>(List.of(
                fault("reset before the head", FakeUpstream.Call::reset, 503, null),
                fault("closed before the head", FakeUpstream.Call::close, 503, null),
                fault("silence", call -> call.awaitGone(10_000), 504, "timeout"),
                fault("a web page", call -> call.whole(200, "text/html", "<html>login</html>"), 502, "upstream_error"),
                fault("an empty body", call -> call.json(200, ""), 502, "upstream_error"),
                fault("another shape", call -> call.json(200, "{\"hello\":1}"), 502, "upstream_error"),
                fault("not JSON", call -> call.json(200, "{\"choices\":["), 502, "upstream_error"),
                fault(
                        "a redirect",
                        call -> call.whole(302, "text/plain", "", "location: http://127.0.0.1:1/"),
                        502,
                        null),
                fault("nonsense instead of HTTP", call -> call.raw("EHLO you\r\n\r\n"), 502, null)));
        int[][] statuses = {
            {400, 400}, {401, 502}, {403, 502}, {404, 404}, {429, 429}, {500, 503}, {503, 503}, {529, 503}
        };
        for (int[] pair : statuses) {
            faults.add(fault("status " + pair[0], call -> call.json(pair[0], OPENAI_ERROR), pair[1], null));
        }
        return faults;
    }

    private static Arguments fault(String name, FakeUpstream.Script script, int status, @Nullable String code) {
        return arguments(name, script, status, code);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("beforeTheFirstEvent")
    void aWholeAnswerFailsAs(String name, FakeUpstream.Script script, int status, @Nullable String code)
            throws Exception {
        upstream.script(script);
        assertFails(gateway.post(Chats.PATH, Chats.whole("upstream/m", "hi")), status, code);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("beforeTheFirstEvent")
    void aStreamFailsBeforeItBeginsAs(String name, FakeUpstream.Script script, int status, @Nullable String code)
            throws Exception {
        upstream.script(script);
        assertFails(gateway.post(Chats.PATH, Chats.stream("upstream/m", "hi")), status, code);
    }

    private static void assertFails(HttpResponse<String> answer, int status, @Nullable String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = Chats.error(answer);
        if (code != null) {
            assertThat(List.of(error.path("type").asString(), error.path("code").asString("")))
                    .contains(code);
        }
        if (status >= 500) {
            assertThat(error.path("message").asString()).contains("upstream");
        }
        assertThat(answer.body()).doesNotContain(FakeOpenAi.KEY);
    }

    @Test
    void aRefusedConnectionIsUnavailableAtOnce() throws Exception {
        long start = System.nanoTime();
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.stream("nobody/m", "hi"));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(Chats.error(answer).path("message").asString()).contains("nobody");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aNameThatDoesNotResolveIsUnavailable() throws Exception {
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("nowhere/m", "hi"));

        assertThat(answer.statusCode()).as(answer.body()).isIn(503, 504);
        assertThat(Chats.error(answer).path("message").asString()).contains("nowhere");
    }

    @Test
    void theUpstreamsOwnWordsAndRetryAfterReachTheCaller() throws Exception {
        upstream.script(call -> call.json(429, OPENAI_ERROR, "retry-after: 13"));
        HttpResponse<String> limited = gateway.post(Chats.PATH, Chats.whole("upstream/m", "hi"));
        assertThat(limited.headers().firstValue("retry-after")).contains("13");
        assertThat(limited.body()).contains("upstream says why");
    }

    @Test
    void aRefusedKeyOfOursIsNotTheCallers401() throws Exception {
        upstream.script(call -> call.json(401, OPENAI_ERROR));
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("upstream/m", "hi"));
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(List.of(
                        Chats.error(answer).path("type").asString(),
                        Chats.error(answer).path("code").asString("")))
                .contains("upstream_auth");
    }

    @Test
    void silenceIsATimeoutAfterTheLimitNotLater() throws Exception {
        upstream.script(call -> {
            call.sse();
            call.frame(ROLE);
            call.awaitGone(10_000);
        });
        long start = System.nanoTime();
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.stream("upstream/m", "hi"));

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(400), Duration.ofMillis(2_000));
        assertThat(upstream.clientGoneWithin(1_000)).isTrue();
    }

    @Test
    void dripsThatNeverBecomeAnEventAreATimeoutToo() throws Exception {
        upstream.script(call -> {
            call.sse();
            // A pause of 100 ms: longer than nothing, shorter than the idle limit.
            for (int i = 0; i < 100 && !call.awaitGone(100); i++) {
                call.chunk(":");
            }
        });
        assertThat(gateway.post(Chats.PATH, Chats.stream("upstream/m", "hi")).statusCode())
                .isEqualTo(504);
    }

    @Test
    void anErrorInThePacketOfTheFirstTextComesAfterItAndNobodyElseIsAsked() throws Exception {
        upstream.script(call -> {
            call.sse();
            call.chunk("data: " + TEXT + "\n\ndata: {\"error\":{\"message\":\"broke\",\"type\":\"server_error\"}}\n\n");
            call.endChunks();
        });
        ObjectNode request = Chats.request("upstream/m", "hi").put("stream", true);
        request.putArray("fallbacks").add("upstream/other");
        HttpResponse<String> answer = gateway.post(Chats.PATH, request.toString());
        Sse stream = Sse.of(answer.body());

        assertThat(answer.headers().firstValue("x-thanos-attempts")).contains("1");
        assertThat(stream.text()).isEqualTo("half an");
        assertThat(stream.errors()).hasSize(1);
        assertThat(stream.done()).isFalse();
    }

    @Test
    void aNameNobodyListsIsNotSentToWhoCannotBeReached() throws Exception {
        upstream.script(new FakeOpenAi());
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("no-such-model", "hi"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
        assertThat(Chats.error(answer).path("message").asString()).contains("upstream/");
    }

    @Test
    void aStreamCutBeforeTheFirstEventIsAnError() throws Exception {
        upstream.script(call -> {
            call.sse();
            call.frame(ROLE);
            call.endChunks();
        });
        assertThat(gateway.post(Chats.PATH, Chats.stream("upstream/m", "hi")).statusCode())
                .isEqualTo(502);
    }

    @Test
    void aWholeAnswerThatIsCutIsAnError() throws Exception {
        upstream.script(call -> {
            call.raw("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{\"choices\":[");
            call.close();
        });
        assertThat(gateway.post(Chats.PATH, Chats.whole("upstream/m", "hi")).statusCode())
                .isEqualTo(502);
    }

    /** How a stream ends that had begun, without a finish reason. */
    static List<Arguments> afterTheFirstEvent() {
        return List.of(
                arguments("ended in order", (FakeUpstream.Script) FakeUpstream.Call::endChunks),
                arguments("closed", (FakeUpstream.Script) FakeUpstream.Call::close),
                arguments("reset", (FakeUpstream.Script) FakeUpstream.Call::reset),
                arguments("half a chunk", (FakeUpstream.Script) call -> {
                    call.raw("ff\r\ndata: {\"id\"");
                    call.close();
                }),
                arguments("half a frame", (FakeUpstream.Script) call -> {
                    call.chunk("data: {\"id\":\"c\",\"cho");
                    call.endChunks();
                }),
                arguments("not JSON", (FakeUpstream.Script) call -> {
                    call.frame("<html>");
                    call.endChunks();
                }),
                arguments("an error frame", (FakeUpstream.Script) call -> {
                    call.frame(OPENAI_ERROR);
                    call.endChunks();
                }),
                arguments("silence", (FakeUpstream.Script) call -> call.awaitGone(10_000)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("afterTheFirstEvent")
    void aStreamThatFailsOnItsWayEndsWithOneErrorAndWithoutDone(String name, FakeUpstream.Script ending)
            throws Exception {
        upstream.script(call -> {
            call.sse();
            call.frame(ROLE);
            call.frame(TEXT);
            ending.answer(call);
        });
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.stream("upstream/m", "hi"));
        Sse stream = Sse.of(answer.body());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(stream.text()).isEqualTo("half an");
        assertThat(stream.errors()).as(answer.body()).hasSize(1);
        assertThat(stream.finishes()).isEmpty();
        assertThat(stream.done()).isFalse();
        assertThat(stream.data().get(stream.data().size() - 1)).contains("\"error\"");
    }

    static List<Arguments> afterTheFinish() {
        return List.of(
                arguments("ended without done", (FakeUpstream.Script) FakeUpstream.Call::endChunks),
                arguments("reset", (FakeUpstream.Script) FakeUpstream.Call::reset),
                arguments("done without a line end", (FakeUpstream.Script) call -> {
                    call.chunk("data: [DONE]");
                    call.endChunks();
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("afterTheFinish")
    void aStreamIsCompleteOnceItsFinishWasSeen(String name, FakeUpstream.Script ending) throws Exception {
        upstream.script(call -> {
            call.sse();
            call.frame(TEXT);
            call.frame(STOP);
            ending.answer(call);
        });
        Sse stream = Sse.of(
                gateway.post(Chats.PATH, Chats.stream("upstream/m", "hi")).body());

        assertThat(stream.text()).isEqualTo("half an");
        assertThat(stream.finishes()).containsExactly("stop");
        assertThat(stream.errors()).isEmpty();
        assertThat(stream.done()).isTrue();
    }

    @Test
    void anErrorFrameAsTheFirstEventIsAnHttpError() throws Exception {
        upstream.script(call -> {
            call.sse();
            call.frame(OPENAI_ERROR);
            call.endChunks();
        });
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.stream("upstream/m", "hi"));

        assertThat(answer.statusCode()).isGreaterThanOrEqualTo(500);
        assertThat(answer.body()).contains("upstream says why");
    }

    @Test
    void aFailedCallIsNotRepeatedOnALoneTarget() throws Exception {
        upstream.script(call -> call.json(500, OPENAI_ERROR));
        gateway.post(Chats.PATH, Chats.whole("upstream/m", "hi"));
        upstream.take();

        assertThat(upstream.untaken()).isZero();
    }
}
