package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.proto.ChatRequest;
import dev.thanosgateway.proto.ChatResponse;
import dev.thanosgateway.proto.Message;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A small heap, requests and answers as large as they may be, sixteen at once in every language, and two hundred streams
 * beside them: what is too much is refused, in words, and nothing else suffers. With {@code -Dmemory.full=true} every
 * kind of body goes to every path.
 */
class MemoryIT {
    private static final int MEBIBYTE = 1 << 20;
    private static final int LARGEST = (int) (31.9 * MEBIBYTE);
    private static final int AT_ONCE = 16;
    private static final int STREAMS = 200;
    private static final boolean FULL = Boolean.getBoolean("memory.full");

    private static final MethodDescriptor<byte[], ChatResponse> CHAT =
            ThanosServiceGrpc.getChatCompletionMethod().toBuilder(
                            new Encoded(),
                            ThanosServiceGrpc.getChatCompletionMethod().getResponseMarshaller())
                    .build();

    private final FakeVendors vendors = new FakeVendors();
    private final FakeUpstream upstream = new FakeUpstream(vendors);
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<String>> streams = new ArrayList<>();
    private Gateway gateway;

    MemoryIT() throws Exception {}

    private void start(String heap) throws Exception {
        String root = "http://127.0.0.1:" + upstream.port();
        StringBuilder configuration = new StringBuilder(Gateway.ANY_PORT + "[providers.echo]\n");
        for (String id : List.of("openai", "anthropic", "gemini", "ollama")) {
            String key = id.equals("ollama") ? "" : "api_key = \"" + FakeOpenAi.KEY + "\"\n";
            configuration.append("[providers.%s]\nendpoint = \"%s\"\n%s".formatted(id, root, key));
        }
        gateway = Gateway.with(configuration.toString())
                .environment("THANOS_JAVA_OPTS", "-Xmx" + heap)
                .start();
        for (int i = 0; i < STREAMS; i++) {
            RawHttp client = new RawHttp(gateway.port(), 0, 120_000);
            String body = Chats.request("openai/m", "hi")
                    .put("stream", true)
                    .put("max_tokens", 9)
                    .toString();
            client.send(RawHttp.post(i % 2 == 0 ? Chats.PATH : "/v1/messages", body));
            streams.add(clients.submit(() -> {
                try (client) {
                    return client.response().text();
                }
            }));
        }
    }

    @AfterEach
    void stop() throws Exception {
        vendors.end();
        clients.shutdownNow();
        if (gateway != null) {
            gateway.close();
        }
        upstream.close();
    }

    /** Every stream came to its end, and nothing is held. */
    private void assertUnharmed() throws Exception {
        vendors.end();
        for (Future<String> stream : streams) {
            assertThat(stream.get(60, TimeUnit.SECONDS)).contains("tick").containsAnyOf("[DONE]", "message_stop");
        }
        Corpus.assertUnharmed(gateway);
    }

    private List<RawHttp.Response> atOnce(int count, String path, byte[] body) throws Exception {
        byte[] request = RawHttp.post(path, body, "Connection: close", "anthropic-version: 2023-06-01");
        List<RawHttp.Response> answers = all(count, () -> exchange(path, request));
        // The fake keeps what it was asked.
        upstream.script(vendors);
        return answers;
    }

    private RawHttp.Response exchange(String path, byte[] request) throws Exception {
        try {
            return RawHttp.exchange(gateway.port(), request);
        } catch (IOException e) {
            String said = gateway.output();
            throw new AssertionError(
                    path + " got no answer from a process that is "
                            + (gateway.process().isAlive() ? "alive" : "dead") + ":\n"
                            + said.substring(Math.max(0, said.length() - 2000)),
                    e);
        }
    }

    private <T> List<T> all(int count, Callable<T> one) throws Exception {
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(clients.submit(one));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get(240, TimeUnit.SECONDS));
        }
        return results;
    }

    /** Sends bodies of one size; each is served, or refused with what to do. */
    private void assertServedOrRefused(LargeBodies.Path path, LargeBodies.Kind kind, String model, int size)
            throws Exception {
        byte[] body = LargeBodies.body(path, kind, model, size);
        assertServedOrRefused(AT_ONCE, path.of(model), body, path + " " + kind + " of " + size + " to " + model);
    }

    private void assertServedOrRefused(int count, String path, byte[] body, String which) throws Exception {
        List<RawHttp.Response> answers;
        try {
            answers = atOnce(count, path, body);
        } catch (Exception e) {
            throw new AssertionError(which, e);
        }
        for (RawHttp.Response answer : answers) {
            String what = which + ": " + answer.status() + " "
                    + answer.text().lines().findFirst().orElse("");
            switch (answer.status()) {
                case 200 -> {}
                case 400 -> assertThat(what).contains("error");
                case 413 -> assertThat(what).contains("MiB of memory").contains("-Xmx in THANOS_JAVA_OPTS");
                case 503, 529 -> {
                    assertThat(what).contains("hold all the memory");
                    assertThat(answer.header("retry-after")).as(what).isEqualTo("1");
                }
                default -> throw new AssertionError(what);
            }
        }
        assertThat(gateway.process().isAlive()).as("after " + which).isTrue();
    }

    /** JSON of many values within strings, in a request to every provider and in a whole answer to every language. */
    private void trees(int request, int answer) throws Exception {
        for (String provider : List.of("openai", "anthropic", "gemini", "ollama")) {
            for (boolean result : new boolean[] {false, true}) {
                byte[] body = LargeBodies.tree(result, provider + "/m", request);
                assertServedOrRefused(2, Chats.PATH, body, (result ? "a result" : "arguments") + " to " + provider);
            }
        }
        for (LargeAnswers.Language language : LargeAnswers.Language.values()) {
            String model = "openai/large-tree-" + (answer >> 20);
            byte[] body = language.body(model, false);
            assertServedOrRefused(2, language.path(model, false), body, "an answer to " + language);
        }
    }

    /** Streams to every language whose clients read as fast as they can: each is whole, or says why it is not. */
    private void streams(int clientsOfEach) throws Exception {
        for (LargeAnswers.Language language : LargeAnswers.Language.values()) {
            for (String model : List.of("openai/large-text-60", "openai/large-tree-20")) {
                for (String end : all(clientsOfEach, () -> LargeAnswers.end(gateway.port(), language, model))) {
                    assertThat(end)
                            .as(language + " " + model)
                            .satisfiesAnyOf(
                                    whole -> assertThat(whole).contains(language.end()),
                                    cut -> assertThat(cut).contains("memory").contains("-Xmx in THANOS_JAVA_OPTS"));
                }
                assertThat(gateway.process().isAlive())
                        .as(language + " " + model)
                        .isTrue();
            }
        }
    }

    private static String target(LargeBodies.Path path, int turn) {
        List<String> able = switch (path) {
            case EMBEDDINGS, GEMINI_EMBED, OLLAMA_EMBED -> List.of("openai/m", "gemini/m", "ollama/m");
            default -> List.of("openai/m", "anthropic/m", "gemini/m", "ollama/m");
        };
        return able.get(turn % able.size());
    }

    /** One kind a path, and each path relayed or translated by turns; or all of them. */
    private void everyPath(int size, int turn) throws Exception {
        LargeBodies.Kind[] kinds = LargeBodies.Kind.values();
        int at = turn;
        for (LargeBodies.Path path : LargeBodies.Path.values()) {
            for (int i = 0; i < (FULL ? kinds.length : 1); i++) {
                assertServedOrRefused(path, kinds[at % kinds.length], target(path, at), size);
                at++;
            }
        }
    }

    @Test
    void aHeapOf128MiBRefusesWhatIsTooMuchAndLives() throws Exception {
        start("128m");
        everyPath(LARGEST, 0);
        everyPath(4 * MEBIBYTE, 1);
        assertThat(grpc(LARGEST)).isSubsetOf(Status.Code.RESOURCE_EXHAUSTED, Status.Code.UNAVAILABLE);
        assertThat(grpc(2 * MEBIBYTE)).isSubsetOf(Status.Code.OK, Status.Code.UNAVAILABLE);
        answers(60 * MEBIBYTE, Set.of(502, 503, 529));
        answers(4 * MEBIBYTE, Set.of(200, 503, 529));
        trees(8 * MEBIBYTE, 8 * MEBIBYTE);
        streams(FULL ? 4 : 2);
        assertUnharmed();
    }

    @Test
    void aHeapOf512MiBServesTheLargestOneAtATime() throws Exception {
        start("512m");
        for (LargeBodies.Kind kind : List.of(LargeBodies.Kind.ASCII, LargeBodies.Kind.CJK)) {
            assertServedOrRefused(LargeBodies.Path.CHAT, kind, "anthropic/m", LARGEST);
            assertServedOrRefused(LargeBodies.Path.MESSAGES, kind, "gemini/m", LARGEST);
        }
        byte[] alone = LargeBodies.body(LargeBodies.Path.CHAT, LargeBodies.Kind.CJK, "anthropic/m", LARGEST);
        assertThat(atOnce(1, Chats.PATH, alone))
                .extracting(RawHttp.Response::status)
                .containsExactly(200);
        answers(60 * MEBIBYTE, Set.of(200, 503, 529));
        if (FULL) {
            everyPath(LARGEST, 0);
            everyPath(16 * MEBIBYTE, 1);
        }
        assertUnharmed();
    }

    @Test
    void aHeapOf256MiBServesWhatFits() throws Exception {
        start("256m");
        assertServedOrRefused(LargeBodies.Path.RESPONSES, LargeBodies.Kind.ASCII, "anthropic/m", LARGEST);
        assertServedOrRefused(LargeBodies.Path.OLLAMA_CHAT, LargeBodies.Kind.CJK, "gemini/m", 8 * MEBIBYTE);
        assertServedOrRefused(LargeBodies.Path.CHAT, LargeBodies.Kind.ESCAPES, "gemini/m", LARGEST);
        assertServedOrRefused(LargeBodies.Path.CHAT, LargeBodies.Kind.EMOJI, "anthropic/m", LARGEST);
        if (FULL) {
            everyPath(LARGEST, 2);
            everyPath(8 * MEBIBYTE, 3);
        }
        answers(20 * MEBIBYTE, Set.of(200, 503, 529));
        trees(22 * MEBIBYTE, 8 * MEBIBYTE);
        if (FULL) {
            streams(4);
        }
        assertUnharmed();
    }

    /** Whole answers of one size, relayed and translated. */
    private void answers(int size, Set<Integer> expected) throws Exception {
        vendors.says("中" + "a".repeat(size));
        for (String path : List.of(Chats.PATH, "/v1/messages")) {
            for (String model : List.of("openai/m", "anthropic/m")) {
                byte[] body = Chats.request(model, "hi")
                        .put("max_tokens", 9)
                        .toString()
                        .getBytes(StandardCharsets.UTF_8);
                List<RawHttp.Response> answers = atOnce(4, path, body);
                for (RawHttp.Response answer : answers) {
                    assertThat(expected)
                            .as(path + " " + model + " " + answer.status() + " " + begin(answer))
                            .contains(answer.status());
                }
                assertThat(gateway.process().isAlive()).isTrue();
            }
        }
        vendors.says("ok");
    }

    private static String begin(RawHttp.Response answer) {
        byte[] body = answer.bytes();
        return new String(body, 0, Math.min(body.length, 300), StandardCharsets.UTF_8);
    }

    private List<Status.Code> grpc(int size) throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort())
                .usePlaintext()
                .build();
        byte[] request = ChatRequest.newBuilder()
                .setModel("openai/m")
                .addMessages(Message.newBuilder().setRole("user").setContent("中" + "a".repeat(size)))
                .build()
                .toByteArray();
        try {
            return all(AT_ONCE, () -> {
                try {
                    ClientCalls.blockingServerStreamingCall(channel, CHAT, CallOptions.DEFAULT, request)
                            .next();
                    return Status.Code.OK;
                } catch (StatusRuntimeException e) {
                    assertThat(e.getStatus().getDescription()).contains("memory");
                    return e.getStatus().getCode();
                }
            });
        } finally {
            channel.shutdownNow();
            upstream.script(vendors);
        }
    }

    /** Requests that were encoded once for all calls: sixteen of the largest need more memory than the tests have. */
    private static final class Encoded implements MethodDescriptor.Marshaller<byte[]> {
        private static final class Known extends ByteArrayInputStream implements KnownLength {
            Known(byte[] bytes) {
                super(bytes);
            }
        }

        @Override
        public InputStream stream(byte[] message) {
            return new Known(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("only requests are written");
        }
    }
}
