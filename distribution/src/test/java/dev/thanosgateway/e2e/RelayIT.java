package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** From an OpenAI client to an OpenAI upstream: nothing is lost, whatever way it is cut. */
class RelayIT {
    private static final String MODEL = "openai/fake-large";
    private static final String SAID = "👋🏽é";

    private static FakeOpenAi openai;
    private static FakeUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        openai = new FakeOpenAi();
        upstream = new FakeUpstream(openai);
        gateway = Gateway.with(Configurations.openai(upstream)).start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void speakOpenAi() {
        openai.sliceEvery(Integer.MAX_VALUE);
        upstream.script(openai);
    }

    @Test
    void aRequestGoesUpByteForByteButForItsModel() throws Exception {
        String request = "{ \"x_vendor\" : {\"a\":[1, 2.50, 1e2, 12345678901234567890]},\n\t\"model\":\"" + MODEL
                + "\", \"messages\":[{\"role\":\"user\",\"content\":\"h\\u00e9 \\ud83d\\ude00\",\"x\":null}],"
                + "\"temperature\":0.70 }";
        assertThat(gateway.post(Chats.PATH, request).statusCode()).isEqualTo(200);

        assertThat(upstream.take().text()).isEqualTo(request.replace(MODEL, "fake-large"));
    }

    @Test
    void anAnswerComesBackByteForByte() throws Exception {
        String body =
                "{ \"id\":\"c-1\",\"object\":\"chat.completion\",\"created\":1790000000,\"model\":\"fake-large-2026\",\n"
                        + " \"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"h\\u00e9\",\"x\":1.50},"
                        + "\"finish_reason\":\"stop\"}], \"x_not_yet_known\":{\"a\":1e2},\"usage\":{\"prompt_tokens\":1,"
                        + "\"completion_tokens\":1,\"total_tokens\":2}}";
        upstream.script(call -> call.json(200, body));

        assertThat(gateway.post(Chats.PATH, Chats.whole(MODEL, "hi")).body()).isEqualTo(body);
    }

    @Test
    void unknownFieldsOfChunksComeBack() throws Exception {
        Sse stream = Sse.of(gateway.post(Chats.PATH, Chats.stream(MODEL, SAID)).body());

        assertThat(stream.chunks())
                .allSatisfy(chunk ->
                        assertThat(chunk.path("x_not_yet_known").asString()).isEqualTo("kept"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 4096})
    void aStreamSlicedInEqualPiecesIsExact(int slice) throws Exception {
        openai.sliceEvery(slice);

        assertExact(gateway.post(Chats.PATH, Chats.stream(MODEL, SAID)));
    }

    @Test
    void aStreamCutInTwoAtAnyByteIsExact() throws Exception {
        int length = gateway.post(Chats.PATH, Chats.stream(MODEL, SAID)).body().getBytes(StandardCharsets.UTF_8).length;
        for (int at = 0; at <= length; at++) {
            openai.cutAt(at);
            assertExact(gateway.post(Chats.PATH, Chats.stream(MODEL, SAID)));
        }
    }

    private static void assertExact(HttpResponse<String> answer) {
        Sse stream = Sse.of(answer.body());
        assertThat(stream.text()).isEqualTo(FakeOpenAi.reply(SAID));
        assertThat(stream.finishes()).containsExactly("stop");
        assertThat(stream.done()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\r", "\n"})
    void everyLineEndCommentsAndALastFrameWithoutItsBlankLineAreRead(String end) throws Exception {
        String chunk =
                "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"delta\":{\"content\":\"%s\"},\"finish_reason\":%s}]}";
        upstream.script(call -> {
            call.sse();
            call.chunk(": ping" + end + end + "event: message" + end + "data:" + chunk.formatted("é👋", "null") + end
                    + end);
            call.chunk("id: 7" + end + "data: " + chunk.formatted("", "\"stop\""));
            call.endChunks();
        });

        Sse stream = Sse.of(gateway.post(Chats.PATH, Chats.stream(MODEL, SAID)).body());
        assertThat(stream.text()).isEqualTo("é👋");
        assertThat(stream.done()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void usageEndsAStreamOnceIfAskedForAndNeverIfNot(boolean asked) throws Exception {
        String head = "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",";
        String usage = "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}";
        upstream.script(call -> {
            call.sse();
            call.frame(head + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}");
            call.frame(head + "\"choices\":[]," + usage);
            call.frame("[DONE]");
            call.endChunks();
        });
        ObjectNode request = Chats.request(MODEL, "hi").put("stream", true);
        if (asked) {
            request.putObject("stream_options").put("include_usage", true);
        }

        Sse stream = Sse.of(gateway.post(Chats.PATH, request.toString()).body());
        assertThat(stream.usages()).hasSize(asked ? 1 : 0);
        assertThat(stream.text()).isEqualTo("hi");
        assertThat(stream.done()).isTrue();
    }

    @Test
    void theProvidersKeyGoesUpAndNothingThatIsTheClients() throws Exception {
        HttpResponse<String> answer = gateway.post(
                Chats.PATH,
                Chats.whole(MODEL, "hi"),
                "authorization",
                "Bearer the-clients-own",
                "cookie",
                "session=1",
                "x-forwarded-for",
                "10.1.2.3",
                "openai-beta",
                "assistants=v2",
                "traceparent",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        FakeUpstream.Request request = upstream.take();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(request.header("authorization")).isEqualTo("Bearer " + FakeOpenAi.KEY);
        assertThat(request.header("cookie")).isNull();
        assertThat(request.header("x-forwarded-for")).isNull();
        assertThat(request.header("openai-beta")).isEqualTo("assistants=v2");
        assertThat(request.header("traceparent")).isNotNull();
        assertThat(request.header("host")).isEqualTo("127.0.0.1:" + upstream.port());
        assertThat(answer.headers().firstValue("x-ratelimit-limit-requests")).contains("500");
    }

    @Test
    void aPooledConnectionThatHasGoneStaleIsNoFailure() throws Exception {
        upstream.script(call -> {
            openai.answer(call);
            call.close();
        });
        for (int i = 0; i < 20; i++) {
            assertThat(gateway.post(Chats.PATH, Chats.whole(MODEL, "hi")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void connectionsAreKept() throws Exception {
        int before = upstream.connections();
        for (int i = 0; i < 20; i++) {
            gateway.post(Chats.PATH, Chats.stream(MODEL, "hi"));
        }
        // A caller may ask again before the connection of its last answer has been given back.
        assertThat(upstream.connections() - before).isLessThan(10);
    }

    @Test
    void aClientThatLeavesAWholeAnswerCancelsUpstreamWithinASecond() throws Exception {
        upstream.script(call -> call.awaitGone(10_000));
        RawHttp client = new RawHttp(gateway.port());
        client.send(RawHttp.post(Chats.PATH, Chats.whole(MODEL, "hi")));
        upstream.take();
        client.close();

        assertThat(upstream.clientGoneWithin(1_000)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatLeavesAStreamCancelsUpstreamWithinASecond(boolean byReset) throws Exception {
        upstream.script(call -> {
            call.sse();
            call.frame(
                    "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                            + "\"delta\":{\"role\":\"assistant\",\"content\":\"one\"},\"finish_reason\":null}]}");
            call.awaitGone(10_000);
        });
        RawHttp client = new RawHttp(gateway.port());
        client.send(RawHttp.post(Chats.PATH, Chats.stream(MODEL, "hi")));
        client.until("one");
        if (byReset) {
            client.reset();
        } else {
            client.close();
        }

        assertThat(upstream.clientGoneWithin(1_000)).isTrue();
    }

    @Test
    void aClientThatLeavesBeforeTheFirstEventCancelsUpstreamWithinASecond() throws Exception {
        upstream.script(call -> {
            call.sse();
            call.awaitGone(10_000);
        });
        RawHttp client = new RawHttp(gateway.port());
        client.send(RawHttp.post(Chats.PATH, Chats.stream(MODEL, "hi")));
        upstream.take();
        client.close();

        assertThat(upstream.clientGoneWithin(1_000)).isTrue();
    }
}
