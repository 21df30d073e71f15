package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;

import dev.thanosgateway.proto.ChatRequest;
import dev.thanosgateway.proto.ChatResponse;
import dev.thanosgateway.proto.Message;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every fault of an upstream, through every strategy, whole and streamed, over HTTP and gRPC: the strategy asks the one
 * that fails first, and the other one answers, unless the first event has been sent. One gateway, in which each strategy
 * has two providers of its own and each case an alias; a model's name says which fault its upstream has for it.
 */
class FailoverMatrixIT {
    private static final Map<String, FakeUpstream.Script> FAULTS = faults();
    private static final Set<String> IMMEDIATE = Set.of("401", "404", "429", "429-later", "500", "503", "529");
    /** Names no fault. */
    private static final String WELL = "well";
    /** A pooled connection that is reset may have been stale: the same target is asked once more on a fresh one. */
    private static final String RESET = "reset";

    private static final String AFTER = "after-";
    /** Of those that take turns, the others of many cases at once may take them all for a while. */
    private static final int TRIES = 40;

    private static final String ERROR = "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"param\":null,\"code\":null}}";
    private static final String CHUNK =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":null}]}";
    private static final String HALF = "{\"id\":\"c\",\"choices\":[{\"index\":0,\"mess";

    /** How a case asks. */
    enum Way {
        HTTP,
        HTTP_STREAM,
        GRPC,
        GRPC_STREAM;

        boolean stream() {
            return this == HTTP_STREAM || this == GRPC_STREAM;
        }
    }

    /** @param failed whether it ended with an error after its beginning */
    private record Seen(String provider, String attempts, String text, boolean failed) {}

    private static FakeUpstream bad;
    private static FakeUpstream good;
    private static Gateway gateway;
    private static ManagedChannel channel;
    /** Who was asked for which model, once for each time. */
    private static final Map<String, Integer> ASKED = new ConcurrentHashMap<>();
    /** When they were asked last, in {@code nanoTime}. */
    private static final Map<String, Long> ASKED_NANOS = new ConcurrentHashMap<>();

    private static Map<String, FakeUpstream.Script> faults() {
        Map<String, FakeUpstream.Script> all = new LinkedHashMap<>();
        for (int status : new int[] {401, 404, 429, 500, 503, 529}) {
            all.put(String.valueOf(status), call -> call.json(status, ERROR));
        }
        all.put("429-later", call -> call.json(429, ERROR, "retry-after: 30"));
        all.put(RESET, FakeUpstream.Call::reset);
        all.put("hang", call -> call.awaitGone(5_000));
        all.put("hang-after-head", call -> {
            begin(call, CHUNK.formatted("{\"role\":\"assistant\"}"));
            call.awaitGone(5_000);
        });
        all.put("garbage", call -> call.whole(200, "text/html", "<html>login</html>"));
        all.put("cut", call -> {
            begin(call, CHUNK.formatted("{\"role\":\"assistant\"}"));
            call.reset();
        });
        all.put(AFTER + "cut", call -> {
            begin(call, CHUNK.formatted("{\"content\":\"half an\"}"));
            call.reset();
        });
        all.put(AFTER + "hang", call -> {
            begin(call, CHUNK.formatted("{\"content\":\"half an\"}"));
            call.awaitGone(5_000);
        });
        return all;
    }

    /** The head, and the first frame of a stream or half of a whole answer. */
    private static void begin(FakeUpstream.Call call, String frame) throws Exception {
        if (Chats.read(call.request().text()).path("stream").asBoolean(false)) {
            call.sse();
            call.frame(frame);
        } else {
            call.head(200, "application/json");
            call.chunk(HALF);
        }
    }

    static List<String> strategies() {
        return List.of(
                "preferred",
                "fallback",
                "round-robin",
                "weighted",
                "least-latency",
                "least-busy",
                "cheapest",
                "sticky",
                "omen");
    }

    private static String model(String strategy, String fault, Way way) {
        return strategy + "." + fault + "." + way;
    }

    @BeforeAll
    static void start() throws Exception {
        FakeOpenAi usual = new FakeOpenAi();
        bad = new FakeUpstream(call -> {
            if (call.request().line().startsWith("GET ")) {
                // An Omen that signals nothing.
                call.json(404, ERROR);
                return;
            }
            String model = asked("bad", call);
            FAULTS.getOrDefault(model.split("\\.")[1], usual).answer(call);
        });
        good = new FakeUpstream(call -> {
            asked("good", call);
            usual.answer(call);
        });
        StringBuilder file =
                new StringBuilder(Gateway.ANY_PORT + "[circuit_breaker]\nenabled = false\n[models.aliases]\n");
        for (String strategy : strategies()) {
            String first = Configurations.provider(
                    strategy + "-bad",
                    bad,
                    "[providers." + strategy + "-bad.timeouts]\nfirst_event_ms = 1000\nidle_ms = 1000\n");
            file.append(strategy.equals("omen") ? first.replace("\"openai\"", "\"omen\"") : first)
                    .append(Configurations.provider(strategy + "-good", good, ""));
            alias(file, strategy, WELL, Way.HTTP);
            for (String fault : FAULTS.keySet()) {
                for (Way way : Way.values()) {
                    alias(file, strategy, fault, way);
                }
            }
        }
        gateway = Gateway.with(file.toString()).start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort())
                .usePlaintext()
                .build();
    }

    private static String asked(String who, FakeUpstream.Call call) {
        JsonNode request = Chats.read(call.request().text());
        String model = request.path("model").asString();
        ASKED.merge(who + " " + model, 1, Integer::sum);
        ASKED_NANOS.put(who + " " + model, System.nanoTime());
        return model;
    }

    private static void alias(StringBuilder file, String strategy, String fault, Way way) {
        String model = model(strategy, fault, way);
        String bad = strategy + "-bad";
        String good = strategy + "-good";
        file.append("[models.aliases.\"" + model + "\"]\n")
                .append("targets = [\"" + bad + "/" + model + "\", \"" + good + "/" + model + "\"]\n")
                .append("strategy = \"" + strategy + "\"\n")
                .append("preferred = \"" + bad + "\"\n")
                .append("weights = { " + bad + " = 1000000, " + good + " = 1 }\n")
                .append("[models.aliases.\"" + model + "\".cheapest]\n")
                .append(bad + " = { input = 1, output = 1 }\n")
                .append(good + " = { input = 2, output = 2 }\n");
    }

    @AfterAll
    static void stop() throws Exception {
        channel.shutdownNow();
        gateway.close();
        bad.close();
        good.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strategies")
    void theOtherOneAnswersUnlessTheFirstEventIsOut(String strategy) throws Exception {
        String said = said(strategy);
        List<Callable<String>> cases = new ArrayList<>();
        for (String fault : FAULTS.keySet()) {
            for (Way way : Way.values()) {
                cases.add(() -> wrong(strategy, fault, way, said));
            }
        }
        List<String> wrong = new ArrayList<>();
        // Who is busy, and who is tried though not known yet, hangs on all calls at once: there, one after the other.
        boolean oneByOne = strategy.equals("least-busy") || strategy.equals("least-latency");
        try (ExecutorService threads = Executors.newFixedThreadPool(oneByOne ? 1 : 8)) {
            for (Future<String> one : threads.invokeAll(cases)) {
                wrong.add(one.get());
            }
        }
        assertThat(wrong).filteredOn(one -> !one.isEmpty()).isEmpty();
        // The fastest, since on a busy machine a call waits for its turn on the processor; a pause would be in each.
        assertThat(addedMillis(strategy).boxed().toList())
                .as("milliseconds from an immediate error to the next target")
                .hasSizeGreaterThan(IMMEDIATE.size())
                .first(LONG)
                .isLessThanOrEqualTo(50);
    }

    /** From the end that answers an error at once to the request at the other one, of all cases, in order. */
    private static LongStream addedMillis(String strategy) {
        return IMMEDIATE.stream()
                .flatMap(fault -> Stream.of(Way.values()).map(way -> model(strategy, fault, way)))
                .mapToLong(model -> ASKED_NANOS.get("good " + model) - ASKED_NANOS.get("bad " + model))
                .map(TimeUnit.NANOSECONDS::toMillis)
                .sorted();
    }

    /** Words for which the strategy asks the bad one first. */
    private static String said(String strategy) throws Exception {
        for (int i = 0; i < 100; i++) {
            String said = "question " + i;
            if (ask(model(strategy, WELL, Way.HTTP), Way.HTTP, said).provider().equals(strategy + "-bad")) {
                return said;
            }
        }
        throw new AssertionError(strategy + " never asks the one that comes first");
    }

    /** What is wrong with a case; empty = nothing. */
    private static String wrong(String strategy, String fault, Way way, String said) throws Exception {
        String model = model(strategy, fault, way);
        for (int tries = 0; tries < TRIES; tries++) {
            int badBefore = ASKED.getOrDefault("bad " + model, 0);
            int goodBefore = ASKED.getOrDefault("good " + model, 0);
            Seen seen = ask(model, way, said);
            int badTimes = ASKED.getOrDefault("bad " + model, 0) - badBefore;
            int goodTimes = ASKED.getOrDefault("good " + model, 0) - goodBefore;
            String all = model + ": " + seen + ", asked " + badTimes + " and " + goodTimes + " times";
            boolean once = badTimes == 1 || (fault.equals(RESET) && badTimes == 2);
            if (badTimes == 0) {
                // It was the other one's turn.
                if (!served(seen, strategy, "1", said) || goodTimes != 1) {
                    return all;
                }
            } else if (fault.startsWith(AFTER) && way.stream()) {
                boolean right = seen.provider().equals(strategy + "-bad") && seen.failed() && goodTimes == 0;
                return right && once && seen.text().equals("half an") ? "" : all;
            } else {
                return served(seen, strategy, "2", said) && once && goodTimes == 1 ? "" : all;
            }
        }
        return model + ": the one that fails was never asked first";
    }

    private static boolean served(Seen seen, String strategy, String attempts, String said) {
        return seen.provider().equals(strategy + "-good")
                && seen.attempts().equals(attempts)
                && seen.text().equals(FakeOpenAi.reply(said))
                && !seen.failed();
    }

    private static Seen ask(String model, Way way, String said) throws Exception {
        return way == Way.GRPC || way == Way.GRPC_STREAM
                ? overGrpc(model, way.stream(), said)
                : overHttp(model, way.stream(), said);
    }

    private static Seen overHttp(String model, boolean stream, String said) throws Exception {
        HttpResponse<String> answer =
                gateway.post(Chats.PATH, stream ? Chats.stream(model, said) : Chats.whole(model, said));
        HttpHeaders headers = answer.headers();
        boolean ok = answer.statusCode() == 200;
        Sse sse = Sse.of(ok && stream ? answer.body() : "");
        String text = !ok
                ? answer.body()
                : stream
                        ? sse.text()
                        : Chats.read(answer.body())
                                .at("/choices/0/message/content")
                                .asString();
        boolean failed = !ok || (stream && (!sse.done() || !sse.errors().isEmpty()));
        return new Seen(
                headers.firstValue("x-thanos-provider").orElse(""),
                headers.firstValue("x-thanos-attempts").orElse(""),
                text,
                failed);
    }

    private static Seen overGrpc(String model, boolean stream, String said) {
        ChatRequest request = ChatRequest.newBuilder()
                .setModel(model)
                .setStream(stream)
                .addMessages(Message.newBuilder().setRole("user").setContent(said))
                .build();
        AtomicReference<@Nullable Metadata> headers = new AtomicReference<>();
        String provider = "";
        StringBuilder text = new StringBuilder();
        boolean done = false;
        try {
            Iterator<ChatResponse> answer = ThanosServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
                    .chatCompletion(request);
            while (answer.hasNext()) {
                ChatResponse message = answer.next();
                provider = message.getProvider();
                text.append(message.getContent());
                done = message.getDone();
            }
        } catch (StatusRuntimeException e) {
            done = false;
            if (provider.isEmpty()) {
                text.append(e.getStatus());
            }
        }
        Metadata head = headers.get();
        String attempts = head == null
                ? "none"
                : head.get(Metadata.Key.of("x-thanos-attempts", Metadata.ASCII_STRING_MARSHALLER));
        return new Seen(provider, String.valueOf(attempts), text.toString(), !done);
    }
}
