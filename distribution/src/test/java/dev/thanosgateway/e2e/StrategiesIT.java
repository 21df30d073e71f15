package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Strategies choose by what is known of their targets, measured on real calls. */
class StrategiesIT {
    private static final Duration TAKEN_OVER = Duration.ofSeconds(2);
    private static final List<String> IDS = List.of("a", "b", "c");
    private static final String SESSION = "x-claude-code-session-id";

    private static final List<FakeUpstream> UPSTREAMS = new ArrayList<>();
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        for (int i = 0; i < 3; i++) {
            UPSTREAMS.add(new FakeUpstream(new FakeOpenAi()));
        }
        gateway = Gateway.with(file("strategy = \"preferred\"\n", "")).start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        for (FakeUpstream upstream : UPSTREAMS) {
            upstream.close();
        }
    }

    @BeforeEach
    void calm() {
        UPSTREAMS.forEach(upstream -> upstream.script(new FakeOpenAi()));
    }

    private static String file(String routing, String more) {
        StringBuilder file = new StringBuilder(Gateway.ANY_PORT);
        for (int i = 0; i < IDS.size(); i++) {
            file.append(Configurations.provider(IDS.get(i), UPSTREAMS.get(i), ""));
        }
        return file + "[routing]\n" + routing + "[circuit_breaker]\ntimeout = 1\n" + more;
    }

    /** @param probe an alias, by which the new file is known to be in force */
    private void save(String routing, String probe) throws Exception {
        save(routing, probe, "");
    }

    private void save(String routing, String probe, String more) throws Exception {
        Path next = gateway.configuration().resolveSibling("thanos.toml.next");
        Files.writeString(next, file(routing, "[models.aliases]\n\"" + probe + "\" = \"a/fake-small\"\n" + more));
        Files.move(next, gateway.configuration(), StandardCopyOption.ATOMIC_MOVE);
        Eventually.within(
                TAKEN_OVER,
                probe + " is in force",
                () -> gateway.get("/v1/models/" + probe).statusCode() == 200);
    }

    private static FakeUpstream upstream(String provider) {
        return UPSTREAMS.get(IDS.indexOf(provider));
    }

    private String auto(String said, String... headers) throws Exception {
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("auto", said), headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("x-thanos-provider").orElse("");
    }

    /** How often each provider serves. */
    private Map<String, Integer> served(int calls, int atOnce) throws Exception {
        Map<String, Integer> served = new TreeMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            List<Callable<String>> all = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                all.add(() -> auto("hi"));
            }
            for (Future<String> one : threads.invokeAll(all)) {
                served.merge(one.get(), 1, Integer::sum);
            }
        }
        return served;
    }

    /** An upstream that takes its time before it says anything; the wait ends with the connection. */
    private static FakeUpstream.Script slow(int millis) {
        FakeOpenAi usual = new FakeOpenAi();
        CountDownLatch never = new CountDownLatch(1);
        return call -> {
            boolean said = never.await(millis, TimeUnit.MILLISECONDS);
            assertThat(said).isFalse();
            usual.answer(call);
        };
    }

    @Test
    void theStrategyOfAnAliasChangesWhileItIsCalled() throws Exception {
        String alias = "[models.aliases.mine]\ntargets = [\"a/fake-small\", \"b/fake-small\", \"c/fake-small\"]\n";
        save("strategy = \"preferred\"\n", "alias-0", alias);
        assertThat(mine()).isEqualTo("a");
        save("strategy = \"preferred\"\n", "alias-1", alias + "strategy = \"preferred\"\npreferred = \"c\"\n");
        assertThat(mine()).isEqualTo("c");
        save("strategy = \"preferred\"\n", "alias-2", alias + "strategy = \"preferred\"\npreferred = \"b\"\n");
        assertThat(mine()).isEqualTo("b");
        save("strategy = \"preferred\"\n", "alias-3", alias + "strategy = \"round-robin\"\n");
        assertThat(Set.of(mine(), mine(), mine())).containsExactlyInAnyOrder("a", "b", "c");
    }

    private static String mine() throws Exception {
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("mine", "hi"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("x-thanos-provider").orElse("");
    }

    @Test
    void sharesAreThoseOfTheWeights() throws Exception {
        save("strategy = \"weighted\"\n[routing.weights]\na = 5\nb = 3.5\nc = 1.5\n", "weighted");
        Map<String, Integer> served = served(2_000, 8);
        // Four standard deviations.
        assertThat(served.get("a")).isBetween(910, 1_090);
        assertThat(served.get("b")).isBetween(615, 785);
        assertThat(served.get("c")).isBetween(236, 364);
    }

    @Test
    void whoSlowsDownIsLeftWithinTwentyRequestsAndAskedAgainWhenItIsFastAgain() throws Exception {
        upstream("b").script(slow(40));
        upstream("c").script(slow(40));
        save("strategy = \"least-latency\"\n", "least-latency");
        Eventually.within(
                Duration.ofSeconds(10),
                "a is found to be the fastest",
                () -> served(20, 1).getOrDefault("a", 0) >= 18);
        upstream("a").script(slow(400));
        served(20, 1);
        assertThat(served(20, 1).getOrDefault("a", 0)).isLessThanOrEqualTo(1);
        upstream("a").script(new FakeOpenAi());
        Eventually.within(
                Duration.ofSeconds(30), "a is asked again", () -> served(20, 4).getOrDefault("a", 0) >= 15);
    }

    @Test
    void whoIsBusyIsNotAskedWhileOthersAreIdle() throws Exception {
        save("strategy = \"least-busy\"\n", "least-busy");
        Set<String> together = new HashSet<>();
        upstream("a").script(slow(1_000));
        upstream("b").script(slow(1_000));
        upstream("c").script(slow(1_000));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> calls = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                calls.add(threads.submit(() -> auto("hi")));
                int asked = i + 1;
                Eventually.within(TAKEN_OVER, "it is asked", () -> {
                    int untaken =
                            UPSTREAMS.stream().mapToInt(FakeUpstream::untaken).sum();
                    return untaken == asked;
                });
            }
            for (Future<String> call : calls) {
                together.add(call.get());
            }
        }
        assertThat(together).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void theCheapestForTheRequestsSizeIsAsked() throws Exception {
        save("""
                strategy = "cheapest"
                [routing.cheapest]
                a = { input = 10, output = 10 }
                "b/fake-large" = { input = 0.1, output = 20 }
                c = { input = 5, output = 1.5 }
                """, "cheapest");
        assertThat(auto("hi")).isEqualTo("c");
        assertThat(auto("word ".repeat(20_000))).isEqualTo("b");
    }

    @Test
    void aSessionStaysWhereItIsThroughAReloadAndMovesOnlyWhileItsTargetFails() throws Exception {
        save("strategy = \"sticky\"\n", "sticky");
        Map<String, String> homes = new TreeMap<>();
        for (int i = 0; i < 30; i++) {
            homes.put("session-" + i, auto("question " + i, SESSION, "session-" + i));
        }
        assertThat(new HashSet<>(homes.values())).containsExactlyInAnyOrder("a", "b", "c");
        save("strategy = \"sticky\"\npreferred = \"a\"\n", "sticky-again");
        stayAt(homes);

        upstream("a").script(FakeUpstream.Call::reset);
        for (int round = 0; round < 2; round++) {
            for (Map.Entry<String, String> home : homes.entrySet()) {
                String now = auto("more", SESSION, home.getKey());
                if (home.getValue().equals("a")) {
                    assertThat(now).isIn("b", "c");
                } else {
                    assertThat(now).isEqualTo(home.getValue());
                }
            }
        }
        upstream("a").script(new FakeOpenAi());
        Eventually.within(Duration.ofSeconds(10), "a is asked again", () -> {
            for (Map.Entry<String, String> home : homes.entrySet()) {
                if (!auto("more", SESSION, home.getKey()).equals(home.getValue())) {
                    return false;
                }
            }
            return true;
        });
    }

    private void stayAt(Map<String, String> homes) throws Exception {
        for (Map.Entry<String, String> home : homes.entrySet()) {
            assertThat(auto("something else", SESSION, home.getKey())).isEqualTo(home.getValue());
        }
    }
}
