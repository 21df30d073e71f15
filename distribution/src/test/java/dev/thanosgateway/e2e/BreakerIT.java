package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.proto.Empty;
import dev.thanosgateway.proto.HealthResponse;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Who fails by its own doing is set aside, tried again by one call at a time, and comes back; nobody else notices. */
class BreakerIT {
    private static final String ERROR = "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"param\":null,\"code\":null}}";
    private static final String CHUNK =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"half an\"},\"finish_reason\":null}]}";

    private static final FakeOpenAi USUAL = new FakeOpenAi();

    private static FakeUpstream a;
    private static FakeUpstream b;
    private static FakeUpstream alone;
    /** Asked by several tests, each for a model of its own. */
    private static FakeUpstream x;

    private static FakeUpstream y;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        a = new FakeUpstream(USUAL);
        b = new FakeUpstream(USUAL);
        alone = new FakeUpstream(USUAL);
        x = new FakeUpstream(USUAL);
        y = new FakeUpstream(USUAL);
        gateway = Gateway.with(Gateway.ANY_PORT
                        + Configurations.provider("a", a, "")
                        + Configurations.provider("b", b, "")
                        + Configurations.provider("alone", alone, "")
                        + Configurations.provider("x", x, "")
                        + Configurations.provider("y", y, "")
                        + """
                        [routing]
                        strategy = "fallback"
                        fallback_chain = ["a", "b"]
                        [circuit_breaker]
                        timeout = 2
                        [models.aliases]
                        loaded = ["x/loaded", "y/loaded"]
                        cut = ["x/cut", "y/cut"]
                        full = ["x/full", "y/full"]
                        back = ["x/back", "y/back"]
                        """)
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        for (FakeUpstream upstream : List.of(a, b, alone, x, y)) {
            upstream.close();
        }
    }

    private static HttpResponse<String> ask(String model, boolean stream) throws Exception {
        return gateway.post(Chats.PATH, stream ? Chats.stream(model, "hi") : Chats.whole(model, "hi"));
    }

    private static String provider(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("x-thanos-provider").orElse("");
    }

    private static List<String> metric(String name, String provider) throws Exception {
        String series = name + "{provider=\"" + provider + "\"} ";
        return gateway.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series))
                .map(line -> line.substring(series.length()))
                .toList();
    }

    private static void state(String number, String word) throws Exception {
        assertThat(metric("thanos_circuit_breaker_state", "a")).containsExactly(number);
        assertThat(metric("thanos_circuit_breaker_state", "b")).containsExactly("0.0");
        assertThat(gateway.provider("a").path("circuit_breaker").asString()).isEqualTo(word);
        assertThat(gateway.provider("b").path("circuit_breaker").asString()).isEqualTo("closed");
    }

    private static String health(String provider) throws Exception {
        return gateway.json("/health").at("/providers/" + provider + "/status").asString();
    }

    @Test
    void itOpensWithinTwentyCallsAndClosesOnRecovery() throws Exception {
        a.script(call -> call.json(500, ERROR));
        for (int i = 0; i < 20; i++) {
            assertThat(provider(ask("auto", i % 2 == 0))).isEqualTo("b");
        }
        assertThat(a.untaken()).isEqualTo(10);
        state("1.0", "open");
        assertThat(metric("thanos_circuit_breaker_failures_total", "a")).containsExactly("10.0");
        JsonNode health = gateway.json("/health");
        assertThat(health.path("status").asString()).isEqualTo("degraded");
        assertThat(health.at("/providers/a/status").asString()).isEqualTo("unhealthy");
        assertThat(health.at("/providers/a/set_aside/fake-large").asString()).startsWith("it failed 10 times in a row");
        assertThat(health.at("/providers/b/status").asString()).isEqualTo("healthy");
        assertThat(overGrpc()).contains("a unavailable", "b healthy");

        a.script(call -> call.json(503, ERROR));
        Eventually.within(Duration.ofSeconds(10), "b serves while a is tried and fails", () -> {
            assertThat(provider(ask("auto", true))).isEqualTo("b");
            return a.untaken() >= 2;
        });

        a.script(USUAL);
        Eventually.within(
                Duration.ofSeconds(10),
                "a serves again",
                () -> provider(ask("auto", true)).equals("a"));
        // The answer is whole a moment before it is counted.
        Eventually.within(
                Duration.ofSeconds(2), "all is well", () -> health("a").equals("healthy"));
        state("0.0", "closed");
    }

    private String overGrpc() {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort())
                .usePlaintext()
                .build();
        try {
            HealthResponse health = ThanosServiceGrpc.newBlockingStub(channel).health(Empty.getDefaultInstance());
            List<String> all = health.getProvidersList().stream()
                    .map(one -> one.getName() + " " + one.getStatus())
                    .toList();
            return String.join(", ", all);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void totalFailureOfOneUnderLoadIsTenthsOfLoadMoreAndHarmsNobody() throws Exception {
        x.script(FakeUpstream.Call::reset);
        y.script(USUAL);
        int calls = 600;
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<String>> all = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                boolean stream = i % 2 == 0;
                all.add(() -> provider(ask("loaded", stream)));
            }
            for (Future<String> one : threads.invokeAll(all)) {
                assertThat(one.get()).isEqualTo("y");
            }
        }
        // Each is served by the other one, once; a reset on a pooled connection is repeated, since it may be stale.
        assertThat(y.untaken()).isEqualTo(calls);
        assertThat(x.untaken()).isBetween(10, calls / 10);
    }

    /**
     * Callers that never stop: one upstream fails for all of them at once and recovers under the same load. It is asked by
     * one call at a time while it is down, by few at once when it is back, and then by all.
     */
    @Test
    void underConstantLoadItOpensAndClosesAgainAndNoCallerNotices() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicBoolean down = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        AtomicInteger mostWhileDown = new AtomicInteger();
        AtomicInteger byX = new AtomicInteger();
        x.script(call -> {
            if (down.get()) {
                asked.incrementAndGet();
                int together = now.incrementAndGet();
                mostWhileDown.accumulateAndGet(asked.get() > 20 ? together : 0, Math::max);
                call.json(500, ERROR);
                now.decrementAndGet();
            } else {
                USUAL.answer(call);
            }
        });
        y.script(USUAL);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Void>> callers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                boolean stream = i % 2 == 0;
                callers.add(threads.submit(() -> {
                    while (!over.get()) {
                        byX.addAndGet(provider(ask("back", stream)).equals("x") ? 1 : 0);
                        served.incrementAndGet();
                    }
                    return null;
                }));
            }
            try {
                Eventually.within(Duration.ofSeconds(10), "x serves all", () -> byX.get() > 50);
                down.set(true);
                Eventually.within(
                        Duration.ofSeconds(10),
                        "it opens",
                        () -> gateway.provider("x")
                                .at("/set_aside/back")
                                .asString("")
                                .startsWith("it failed"));
                // Those that were under way together may all fail; after that nobody is asked until its time is over.
                int opened = asked.get();
                assertThat(opened).isBetween(10, 20);
                int before = served.get();
                Eventually.within(Duration.ofSeconds(15), "it is tried again twice", () -> asked.get() >= opened + 2);
                assertThat(asked.get() - opened).isLessThanOrEqualTo((served.get() - before) / 10);
                assertThat(mostWhileDown.get()).isLessThanOrEqualTo(1);
                down.set(false);
                int back = byX.get();
                Eventually.within(Duration.ofSeconds(15), "x serves again", () -> byX.get() > back + 200);
                assertThat(gateway.provider("x").path("set_aside").path("back").isMissingNode())
                        .isTrue();
            } finally {
                over.set(true);
            }
            for (Future<Void> caller : callers) {
                caller.get();
            }
        }
    }

    @Test
    void streamsAreCountedAtTheirEnd() throws Exception {
        x.script(call -> {
            call.sse();
            call.frame(CHUNK);
            call.reset();
        });
        for (int i = 0; i < 10; i++) {
            HttpResponse<String> cut = ask("cut", true);
            assertThat(provider(cut)).isEqualTo("x");
            assertThat(cut.body()).contains("half an", "\"error\"").doesNotContain("[DONE]");
        }
        assertThat(provider(ask("cut", true))).isEqualTo("y");
    }

    @Test
    void aLoneTargetIsAskedWhileItIsSetAsideAndServesAtOnceWhenItCan() throws Exception {
        alone.script(call -> call.json(500, ERROR));
        for (int i = 0; i < 15; i++) {
            assertThat(ask("alone/fake-large", i % 2 == 0).statusCode()).isEqualTo(503);
        }
        assertThat(alone.untaken()).isEqualTo(15);
        assertThat(gateway.provider("alone").path("circuit_breaker").asString()).isEqualTo("open");
        alone.script(USUAL);
        assertThat(provider(ask("alone/fake-large", false))).isEqualTo("alone");
        Eventually.within(
                Duration.ofSeconds(2), "it is known", () -> health("alone").equals("healthy"));
    }

    @Test
    void aCallersErrorsOpenNothing() throws Exception {
        for (int i = 0; i < 30; i++) {
            assertThat(ask("y/picky", false).statusCode()).isEqualTo(400);
        }
        assertThat(gateway.provider("y").path("circuit_breaker").asString()).isEqualTo("closed");
        assertThat(gateway.provider("y").path("set_aside")).isEmpty();
    }

    @Test
    void whoLimitsUsIsNotAskedForAsLongAsItSays() throws Exception {
        x.script(call -> call.json(429, ERROR, "retry-after: 2"));
        assertThat(provider(ask("full", false))).isEqualTo("y");
        x.script(USUAL);
        long start = System.nanoTime();
        Eventually.within(
                Duration.ofSeconds(10),
                "x serves again",
                () -> provider(ask("full", false)).equals("x"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1_000));
        assertThat(x.untaken()).isEqualTo(1);
    }

    @Test
    void theDoctorTellsWhomARunningGatewayHasSetAside() throws Exception {
        x.script(call -> call.json(429, ERROR, "retry-after: 900"));
        assertThat(ask("x/limited", false).statusCode()).isEqualTo(429);
        assertThat(Command.run(gateway.folder(), "doctor").out())
                .contains("x/limited is set aside, since it takes no more calls for ");
    }
}
