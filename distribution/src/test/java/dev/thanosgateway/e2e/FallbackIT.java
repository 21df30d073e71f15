package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.thanosgateway.proto.ChatRequest;
import dev.thanosgateway.proto.ChatResponse;
import dev.thanosgateway.proto.Message;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** Whatever one provider does wrong before its first event, the next one serves; after it nobody else is asked. */
class FallbackIT {
    private static final String CHUNK =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":null}]}";
    private static final String ROLE = CHUNK.formatted("{\"role\":\"assistant\",\"content\":\"\"}");
    private static final String TEXT = CHUNK.formatted("{\"content\":\"half an\"}");
    private static final String ERROR = "{\"error\":{\"message\":\"%s\",\"type\":\"t\",\"param\":null,\"code\":null}}";
    private static final String REPLY = FakeOpenAi.reply("hi");

    private static FakeUpstream bad;
    private static FakeUpstream good;
    private static FakeUpstream last;
    private static Gateway gateway;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() throws Exception {
        bad = new FakeUpstream(new FakeOpenAi());
        good = new FakeUpstream(new FakeOpenAi());
        last = new FakeUpstream(new FakeOpenAi());
        String limits = """
                [providers.%s.timeouts]
                first_event_ms = 400
                idle_ms = 400
                """;
        gateway = Gateway.with(Gateway.ANY_PORT
                        + Configurations.provider("bad", bad, limits.formatted("bad"))
                        + Configurations.provider("good", good, "")
                        + Configurations.provider("last", last, "")
                        + """
                        [routing]
                        strategy = "fallback"
                        fallback_chain = ["bad", "good/fake-small", "last"]
                        # It fails on purpose, and is asked each time.
                        [circuit_breaker]
                        enabled = false
                        """)
                .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort())
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        channel.shutdownNow();
        gateway.close();
        bad.close();
        good.close();
        last.close();
    }

    @BeforeEach
    void healthy() {
        good.script(new FakeOpenAi());
        last.script(new FakeOpenAi());
    }

    private static Arguments fault(String name, FakeUpstream.Script script) {
        return arguments(name, script);
    }

    private static Arguments status(int status) {
        return fault("status " + status, call -> call.json(status, ERROR.formatted("no")));
    }

    static List<Arguments> beforeTheFirstEvent() {
        return List.of(
                status(401),
                status(404),
                status(429),
                status(500),
                status(503),
                status(529),
                fault("an error page", call -> call.whole(502, "text/html", "<html>bad gateway</html>")),
                fault("a hang", call -> call.awaitGone(5_000)),
                fault("a reset", FakeUpstream.Call::reset),
                fault("closed without an answer", FakeUpstream.Call::close),
                fault("a web page", call -> call.whole(200, "text/html", "<html>login</html>")),
                fault("an empty body", call -> call.json(200, "")),
                fault("another shape", call -> call.json(200, "{\"hello\":1}")),
                fault("half of an answer", call -> call.json(200, "{\"choices\":[{\"index\":0,\"mess")),
                fault("no HTTP", call -> call.raw("EHLO you\r\n\r\n")));
    }

    static List<Arguments> beforeTheFirstEventOfAStream() {
        List<Arguments> all = new ArrayList<>(beforeTheFirstEvent());
        all.add(fault("a hang after the role", call -> {
            call.sse();
            call.frame(ROLE);
            call.awaitGone(5_000);
        }));
        all.add(fault("a reset after the role", call -> {
            call.sse();
            call.frame(ROLE);
            call.reset();
        }));
        all.add(fault("an error as the first frame", call -> {
            call.sse();
            call.frame(ERROR.formatted("overloaded"));
            call.endChunks();
        }));
        all.add(fault("nothing but the end", call -> {
            call.sse();
            call.frame("[DONE]");
            call.endChunks();
        }));
        return all;
    }

    private static ObjectNode asking(String model, String... fallbacks) {
        ObjectNode request = Chats.request(model, "hi");
        if (fallbacks.length > 0) {
            List.of(fallbacks).forEach(request.withArray("fallbacks")::add);
        }
        return request;
    }

    private static void assertServedBy(HttpResponse<String> answer, String provider, String model, int attempts) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-thanos-provider")).hasValue(provider);
        assertThat(answer.headers().firstValue("x-thanos-model").orElse("")).startsWith(model);
        assertThat(answer.headers().firstValue("x-thanos-attempts")).hasValue(String.valueOf(attempts));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("beforeTheFirstEvent")
    void aWholeAnswerComesFromTheNext(String name, FakeUpstream.Script script) throws Exception {
        bad.script(script);
        HttpResponse<String> answer = gateway.post(
                Chats.PATH,
                asking("bad/m", "good/fake-large", "last/fake-large").toString());

        assertServedBy(answer, "good", "fake-large", 2);
        assertThat(Chats.read(answer.body()).at("/choices/0/message/content").asString())
                .isEqualTo(REPLY);
        bad.take();
        good.take();
        assertThat(List.of(bad.untaken(), good.untaken(), last.untaken())).containsExactly(0, 0, 0);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("beforeTheFirstEventOfAStream")
    void aStreamComesFromTheNextWhole(String name, FakeUpstream.Script script) throws Exception {
        bad.script(script);
        HttpResponse<String> answer = gateway.post(
                Chats.PATH,
                asking("bad/m", "good/fake-large", "last/fake-large")
                        .put("stream", true)
                        .toString());

        assertServedBy(answer, "good", "fake-large", 2);
        Sse stream = Sse.of(answer.body());
        assertThat(stream.text()).isEqualTo(REPLY);
        assertThat(stream.finishes()).containsExactly("stop");
        assertThat(stream.errors()).isEmpty();
        assertThat(stream.done()).isTrue();
        bad.take();
        good.take();
        assertThat(List.of(bad.untaken(), good.untaken(), last.untaken())).containsExactly(0, 0, 0);
    }

    static List<Arguments> afterTheFirstEvent() {
        return List.of(
                fault("a reset", FakeUpstream.Call::reset),
                fault("an end", FakeUpstream.Call::endChunks),
                fault("a hang", call -> call.awaitGone(5_000)),
                fault("garbage", call -> call.chunk("data: <html>\n\n")),
                fault("an error frame", call -> call.frame(ERROR.formatted("overloaded"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("afterTheFirstEvent")
    void afterTheFirstEventAStreamFailsAndNobodyElseIsAsked(String name, FakeUpstream.Script ending) throws Exception {
        bad.script(call -> {
            call.sse();
            call.frame(TEXT);
            ending.answer(call);
        });
        HttpResponse<String> answer = gateway.post(
                Chats.PATH,
                asking("bad/m", "good/fake-large").put("stream", true).toString());

        assertServedBy(answer, "bad", "m", 1);
        Sse stream = Sse.of(answer.body());
        assertThat(stream.text()).isEqualTo("half an");
        assertThat(stream.errors()).as(answer.body()).hasSize(1);
        assertThat(stream.finishes()).isEmpty();
        assertThat(stream.done()).isFalse();
        assertThat(good.untaken()).isZero();
    }

    @Test
    void theCallersOwnMistakeIsToldAndNobodyElseIsAsked() throws Exception {
        bad.script(new FakeOpenAi());
        HttpResponse<String> answer =
                gateway.post(Chats.PATH, asking("bad/picky", "good/fake-large").toString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("x-thanos-attempts")).hasValue("1");
        assertThat(good.untaken()).isZero();
    }

    @Test
    void whereAllFailEveryAttemptIsListedAndTheMostTellingDecides() throws Exception {
        bad.script(FakeUpstream.Call::reset);
        good.script(call -> call.json(429, ERROR.formatted("slow down"), "retry-after: 9"));
        last.script(call -> call.json(500, ERROR.formatted("broken")));
        HttpResponse<String> answer = gateway.post(
                Chats.PATH,
                asking("bad/m", "good/limited", "last/m").put("stream", true).toString());

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("retry-after")).hasValue("9");
        assertThat(answer.headers().firstValue("x-thanos-attempts")).hasValue("3");
        assertThat(Chats.error(answer).path("message").asString())
                .contains("bad/m: ", "good/limited: ", "slow down", "last/m: ", "broken");
    }

    @Test
    void autoAsksTheChainInItsOrderEachWithItsModel() throws Exception {
        bad.script(call -> call.json(500, ERROR.formatted("broken")));
        assertServedBy(gateway.post(Chats.PATH, asking("auto").toString()), "good", "fake-small", 2);
        good.script(call -> call.json(500, ERROR.formatted("broken")));
        assertServedBy(gateway.post(Chats.PATH, asking("auto").toString()), "last", "fake-large", 3);
        bad.script(new FakeOpenAi());
        assertServedBy(gateway.post(Chats.PATH, asking("auto").toString()), "bad", "fake-large", 1);
    }

    @Test
    void aPinnedNameGoesOnWhereTheChainGoesOn() throws Exception {
        bad.script(call -> call.json(503, ERROR.formatted("broken")));
        assertServedBy(gateway.post(Chats.PATH, asking("bad/special").toString()), "good", "fake-small", 2);

        good.script(call -> call.json(503, ERROR.formatted("broken")));
        HttpResponse<String> elsewhere =
                gateway.post(Chats.PATH, asking("good/fake-large").toString());
        assertThat(elsewhere.statusCode()).isEqualTo(503);
        assertThat(elsewhere.headers().firstValue("x-thanos-attempts")).hasValue("1");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("beforeTheFirstEventOfAStream")
    void overGrpcToo(String name, FakeUpstream.Script script) throws Exception {
        for (boolean stream : new boolean[] {true, false}) {
            bad.script(script);
            AtomicReference<Metadata> headers = new AtomicReference<>();
            List<ChatResponse> all = chat("bad/m", stream, headers, "good/fake-large");

            assertThat(String.join(
                            "", all.stream().map(ChatResponse::getContent).toList()))
                    .isEqualTo(REPLY);
            assertThat(all).allMatch(message -> message.getProvider().equals("good"));
            assertThat(all.get(all.size() - 1).getDone()).isTrue();
            assertThat(attempts(headers.get())).isEqualTo("2");
        }
    }

    @Test
    void overGrpcNobodyElseIsAskedAfterTheFirstEvent() {
        bad.script(call -> {
            call.sse();
            call.frame(TEXT);
            call.reset();
        });
        assertThatThrownBy(() -> chat("bad/m", true, new AtomicReference<>(), "good/fake-large"))
                .isInstanceOf(StatusRuntimeException.class)
                .extracting(e -> ((StatusRuntimeException) e).getStatus().getCode())
                .isEqualTo(Status.Code.INTERNAL);
        assertThat(good.untaken()).isZero();
    }

    private static List<ChatResponse> chat(
            String model, boolean stream, AtomicReference<Metadata> headers, String... fallbacks) {
        ChatRequest request = ChatRequest.newBuilder()
                .setModel(model)
                .setStream(stream)
                .addMessages(Message.newBuilder().setRole("user").setContent("hi"))
                .addAllFallbacks(List.of(fallbacks))
                .build();
        List<ChatResponse> all = new ArrayList<>();
        ThanosServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
                .chatCompletion(request)
                .forEachRemaining(all::add);
        return all;
    }

    private static @Nullable String attempts(Metadata headers) {
        return headers.get(Metadata.Key.of("x-thanos-attempts", Metadata.ASCII_STRING_MARSHALLER));
    }
}
