package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Strategies choose exactly, are swapped while calls are under way, and do no harm when they are broken. */
class RoutingIT {
    private static final Duration TAKEN_OVER = Duration.ofSeconds(2);
    private static final int OPEN = 200;
    private static final String CHUNK =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}";

    private static final List<FakeUpstream> UPSTREAMS = new ArrayList<>();
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        for (int i = 0; i < 3; i++) {
            UPSTREAMS.add(new FakeUpstream(new FakeOpenAi()));
        }
        gateway = Gateway.with(file("")).start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        for (FakeUpstream upstream : UPSTREAMS) {
            upstream.close();
        }
    }

    @BeforeEach
    void calm() throws Exception {
        UPSTREAMS.forEach(upstream -> upstream.script(new FakeOpenAi()));
        is("strategy = \"preferred\"\npreferred = \"b\"\n", "b");
    }

    private static String file(String routing) {
        // A member that is dead on purpose is asked each time: turns are counted here.
        return Gateway.ANY_PORT
                + "[circuit_breaker]\nenabled = false\n"
                + Configurations.provider("a", UPSTREAMS.get(0), "")
                + Configurations.provider("b", UPSTREAMS.get(1), "")
                + Configurations.provider("c", UPSTREAMS.get(2), "")
                + "[routing]\n" + routing;
    }

    private void save(String routing) throws Exception {
        Path next = gateway.configuration().resolveSibling("thanos.toml.next");
        Files.writeString(next, file(routing));
        Files.move(next, gateway.configuration(), StandardCopyOption.ATOMIC_MOVE);
    }

    private HttpResponse<String> auto() throws Exception {
        return gateway.post(Chats.PATH, Chats.whole("auto", "hi"));
    }

    private static String provider(HttpResponse<String> answer) {
        return answer.statusCode() == 200
                ? answer.headers().firstValue("x-thanos-provider").orElse("")
                : answer.body();
    }

    /** How often each provider serves. */
    private Map<String, Integer> served(int calls, int atOnce) throws Exception {
        Map<String, Integer> served = new TreeMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            List<Callable<String>> all = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                all.add(() -> provider(auto()));
            }
            for (Future<String> one : threads.invokeAll(all)) {
                served.merge(one.get(), 1, Integer::sum);
            }
        }
        return served;
    }

    private void roundRobin(String more) throws Exception {
        save("strategy = \"round-robin\"\n" + more);
        Eventually.within(TAKEN_OVER, "turns are taken", () -> !provider(auto()).equals(provider(auto())));
    }

    @Test
    void turnsAreExactOneAfterTheOtherAndAtOnce() throws Exception {
        roundRobin("");
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            order.add(provider(auto()));
        }
        assertThat(order.subList(0, 3)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(order.subList(3, 6)).isEqualTo(order.subList(0, 3));
        assertThat(served(300, 16)).isEqualTo(Map.of("a", 100, "b", 100, "c", 100));
    }

    @Test
    void turnsAreExactThroughADeadMember() throws Exception {
        roundRobin("");
        UPSTREAMS.get(1).script(FakeUpstream.Call::reset);
        assertThat(served(300, 16)).isEqualTo(Map.of("a", 150, "c", 150));
    }

    @Test
    void turnsAreTakenByTheMembersThatAreNamed() throws Exception {
        roundRobin("load_balance = [\"c\", \"a/fake-small\"]\n");
        assertThat(served(100, 8)).isEqualTo(Map.of("a", 50, "c", 50));
    }

    @Test
    void aBareNameThatSeveralServeTakesItsTurns() throws Exception {
        roundRobin("");
        Map<String, Integer> served = new TreeMap<>();
        for (int i = 0; i < 30; i++) {
            // What is between them does not take their turns.
            auto();
            served.merge(provider(gateway.post(Chats.PATH, Chats.whole("fake-small", "hi"))), 1, Integer::sum);
        }
        assertThat(served).isEqualTo(Map.of("a", 10, "b", 10, "c", 10));
    }

    @Test
    void strategiesAreSwappedByEditsUnderLoadAndNoCallFails() throws Exception {
        underLoad(() -> {
            for (int i = 0; i < 3; i++) {
                is("strategy = \"preferred\"\npreferred = \"c\"\n", "c");
                is("strategy = \"fallback\"\nfallback_chain = [\"b\", \"a\"]\n", "b");
                roundRobin("");
                is("strategy = \"fallback\"\n", "a");
            }
            return null;
        });
    }

    private void is(String routing, String provider) throws Exception {
        save(routing);
        Eventually.within(
                TAKEN_OVER,
                provider + " is chosen",
                () -> provider(auto()).equals(provider) && provider(auto()).equals(provider));
    }

    @Test
    void strategiesAreSwappedByJarsUnderLoadAndNoCallFails() throws Exception {
        Path jar = gateway.plugins().resolve("picking.jar");
        FixturePlugin picking = FixturePlugin.strategy("picking", "Picking");
        picking.text("a").into(jar);
        save("strategy = \"picking\"\n");
        Eventually.within(
                Duration.ofSeconds(5), "it serves", () -> provider(auto()).equals("a"));
        underLoad(() -> {
            for (int i = 1; i <= 6; i++) {
                String pick = List.of("a", "b", "c").get(i % 3);
                picking.version("1.0." + i).text(pick).into(jar);
                Eventually.within(
                        Duration.ofSeconds(5),
                        pick + " is picked",
                        () -> provider(auto()).equals(pick));
            }
            return null;
        });
    }

    /** New calls all the time, and streams that are open from before the first swap until after the last. */
    private void underLoad(Callable<Void> swaps) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        UPSTREAMS.forEach(upstream -> upstream.script(held(release)));
        CountDownLatch begun = new CountDownLatch(OPEN);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> callers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                callers.add(threads.submit(() -> {
                    while (!over.get()) {
                        assertThat(provider(auto())).isIn("a", "b", "c");
                        calls.incrementAndGet();
                    }
                    return null;
                }));
            }
            for (int i = 0; i < OPEN; i++) {
                callers.add(threads.submit(() -> stream(begun)));
            }
            try {
                assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
                swaps.call();
            } finally {
                over.set(true);
                release.countDown();
            }
            for (Future<Void> caller : callers) {
                caller.get();
            }
        }
        assertThat(calls.get()).isGreaterThan(50);
        assertEachWasPlannedByOne();
    }

    /** By the records of the newest requests: one strategy each, and never the order of the file in its place. */
    private static void assertEachWasPlannedByOne() throws Exception {
        JsonNode newest =
                Chats.read(gateway.get("/v1/decisions?limit=300").body()).path("data");
        assertThat(newest.size()).isGreaterThan(50);
        for (JsonNode line : newest) {
            String path = "/v1/decisions/" + line.path("request_id").asString();
            JsonNode names = Chats.read(gateway.get(path).body()).path("names");
            assertThat(names.size()).as(names.toString()).isEqualTo(1);
            assertThat(names.get(0).path("strategy").asString(""))
                    .as(names.toString())
                    .isNotEmpty();
            assertThat(names.get(0).path("bundle").asString(""))
                    .as(names.toString())
                    .isNotEmpty();
            assertThat(names.get(0).path("file_order_because").asString(""))
                    .as(names.toString())
                    .isEmpty();
        }
    }

    /** Streams begin, and go on when they are released; whole answers are as usual. */
    private static FakeUpstream.Script held(CountDownLatch release) {
        FakeOpenAi usual = new FakeOpenAi();
        return call -> {
            if (call.request().text().contains("\"stream\":true")) {
                call.sse();
                call.frame(CHUNK.formatted("{\"content\":\"one\"}", "null"));
                assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
                call.frame(CHUNK.formatted("{\"content\":\" two\"}", "\"stop\""));
                call.frame("[DONE]");
                call.endChunks();
            } else {
                usual.answer(call);
            }
        };
    }

    private static Void stream(CountDownLatch begun) throws Exception {
        try (RawHttp client = new RawHttp(gateway.port())) {
            client.send(RawHttp.post(Chats.PATH, Chats.stream("auto", "hi")));
            RawHttp.Head head = client.head();
            begun.countDown();
            RawHttp.Response answer = new RawHttp.Response(head, client.body(head));
            Sse stream = Sse.of(answer.text());
            assertThat(stream.text()).as(answer.text()).isEqualTo("one two");
            assertThat(stream.done()).isTrue();
            assertThat(head.header("x-thanos-attempts")).isEqualTo("1");
        }
        return null;
    }

    @ParameterizedTest
    @CsvSource({"throw, 2.0.0", "loop, 3.0.0", "nobody, 4.0.0"})
    void aBrokenStrategyIsNamedAndTheOrderOfTheFileServes(String how, String version) throws Exception {
        FixturePlugin.strategy("picking", "Picking")
                .version(version)
                .text(how)
                .into(gateway.plugins().resolve("picking.jar"));
        save("strategy = \"picking\"\n");
        Eventually.within(Duration.ofSeconds(10), "it is set aside", () -> {
            auto();
            return gateway.output().contains("The strategy 'picking' of fixture.picking " + version + " failed");
        });
        assertThat(served(20, 4)).isEqualTo(Map.of("a", 20));
        UPSTREAMS.get(0).script(FakeUpstream.Call::reset);
        assertThat(served(50, 8)).isEqualTo(Map.of("b", 50));
    }

    @Test
    void whereTheStrategyIsNotDeployedTheOrderOfTheFileServesAndIsNamed() throws Exception {
        save("strategy = \"by-the-moon\"\n");
        Eventually.within(
                TAKEN_OVER,
                "it is in force",
                () -> gateway.json("/health").path("routing").asString("").contains("'by-the-moon' is not deployed"));
        assertThat(gateway.json("/health").path("status").asString()).isEqualTo("degraded");
        HttpResponse<String> answer = auto();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(provider(answer)).isEqualTo("a");
        gateway.awaitOutput("The strategy 'by-the-moon' is not deployed", "preferred, round-robin");
        JsonNode record = gateway.json(
                "/v1/decisions/" + answer.headers().firstValue("x-request-id").orElseThrow());
        assertThat(record.at("/names/0/file_order_because").asString()).contains("'by-the-moon' is not deployed");
    }

    @Test
    void deletingTheJarOfTheStrategyInForceFailsNoRequest() throws Exception {
        is("strategy = \"fallback\"\n", "a");
        FixturePlugin.strategy("picking", "Picking")
                .version("5.0.0")
                .text("b")
                .into(gateway.plugins().resolve("picking.jar"));
        save("strategy = \"picking\"\n");
        Eventually.within(TAKEN_OVER, "it chooses", () -> provider(auto()).equals("b"));
        Files.delete(gateway.plugins().resolve("picking.jar"));
        Eventually.within(TAKEN_OVER, "the order of the file serves", () -> {
            HttpResponse<String> answer = auto();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return provider(answer).equals("a");
        });
        assertThat(gateway.json("/health").path("status").asString()).isEqualTo("degraded");
    }

    @Test
    void aModelIsServedByAnyNameItsProviderLists() throws Exception {
        String name = "My Model #2 (v3?) für \"alle\"";
        FakeOpenAi usual = new FakeOpenAi();
        UPSTREAMS.get(2).script(call -> {
            if (call.request().line().startsWith("GET")) {
                call.json(200, "{\"data\":[{\"id\":\"" + name.replace("\"", "\\\"") + "\"}]}");
            } else {
                usual.answer(call);
            }
        });
        save(Configurations.provider("d", UPSTREAMS.get(2), ""));
        Eventually.within(
                TAKEN_OVER,
                "it is served",
                () -> provider(gateway.post(Chats.PATH, Chats.whole("d/" + name, "hi")))
                        .equals("d"));
        assertThat(gateway.get("/v1/models").body()).contains("My Model #2");
        assertThat(provider(gateway.post(Chats.PATH, Chats.whole(name, "hi")))).isEqualTo("d");
    }
}
