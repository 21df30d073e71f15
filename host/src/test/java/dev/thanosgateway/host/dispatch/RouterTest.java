package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Upstream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a name to the targets that are tried, and their order. */
final class RouterTest {
    private static final String CHAIN = """
            [routing]
            fallback_chain = ["a", "b/n", "c"]
            [models.aliases]
            one = "a/x"
            two = ["a/x", "c/y"]
            """;

    private final Upstream a = new Upstream();
    private final Upstream b = new Upstream();
    private final Upstream c = new Upstream();
    private Rig rig;

    private Client client(String more) throws Exception {
        rig = new Rig(Rig.table("a", a) + "model = \"m\"\n" + Rig.table("b", b) + "model = \"m\"\n" + Rig.table("c", c)
                + "model = \"last\"\n" + more);
        return rig.client();
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        a.close();
        b.close();
        c.close();
    }

    /** What is tried when everybody fails. */
    private String tried(String request, String more) throws Exception {
        try (Client client = client(more)) {
            List<Thread> failing = new ArrayList<>();
            for (Upstream upstream : List.of(a, b, c)) {
                failing.add(Thread.ofVirtual().start(() -> {
                    while (true) {
                        try {
                            upstream.next().answers(500, "", "broken");
                        } catch (InterruptedException | AssertionError e) {
                            return;
                        }
                    }
                }));
            }
            client.post(request);
            String body = client.body(client.head());
            failing.forEach(Thread::interrupt);
            int list = body.indexOf("Asked in this order: ");
            return list < 0
                    ? String.valueOf(rig.metrics.attempts.size())
                    : body.substring(list + 21).replaceAll(": [^;]*", "").replace(";", "");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // A provider's id stands for any of its models; a provider/model for itself. What is behind it is tried.
        "a/x, a/x b/n c/last",
        "b/n, b/n c/last",
        "b/x, 1",
        "c/x, 1",
        // An alias of one is a name; a list is its own chain.
        "one, a/x b/n c/last",
        "two, a/x c/y",
        // What the strategy planned, then the chain.
        "auto, a/m b/m c/m b/n c/last",
        // What the request says is tried instead of the chain.
        "a/x fallbacks=c/z, a/x c/z",
        "a/x fallbacks=two, a/x c/y",
        "c/z fallbacks=auto, c/z a/m b/m c/m",
        "a/x fallbacks=b/q.c, a/x b/q.c",
        "a/x fallbacks=c, a/x c/last",
    })
    void afterTheNamedTargetsComeTheFallbacksOrWhatTheChainHasBehindThem(String request, String order)
            throws Exception {
        assertThat(tried("model=" + request, CHAIN)).isEqualTo(order);
    }

    @Test
    void withoutAChainANameIsNotFailedOver() throws Exception {
        assertThat(tried("model=a/x", "")).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "no/where"})
    void anUnknownFallbackIsNamedByItsField(String name) throws Exception {
        try (Client client = client("")) {
            client.post("model=a/m fallbacks=b/n," + name);
            answerListings();
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(404);
            assertThat(client.body(head)).startsWith("MODEL_NOT_FOUND fallbacks[1]: No provider serves");
        }
        rig.awaitIdle();
    }

    private void answerListings() throws InterruptedException {
        a.next().answers(200, "", "m");
        b.next().answers(200, "", "m");
        c.next().answers(200, "", "m");
    }

    @Test
    void fallbacksServeANameThatNobodyDoes() throws Exception {
        try (Client client = client("")) {
            client.post("model=nowhere fallbacks=b/n");
            answerListings();
            b.next().answers(200, "", "one\n.\n");
            Client.Head head = client.head();
            assertThat(client.body(head)).isEqualTo("one");
            assertThat(head.field("x-thanos-model")).isEqualTo("n");
        }
        rig.awaitIdle();
    }

    @Test
    void moreFallbacksThanAreTriedAreRefused() throws Exception {
        try (Client client = client("")) {
            client.post("model=a/m fallbacks=" + "b/n,".repeat(17));
            assertThat(client.body(client.head())).startsWith("INVALID_REQUEST fallbacks names 17 targets");
        }
        rig.awaitIdle();
    }

    @ParameterizedTest
    @CsvSource({"a/m\u0007x, INVALID_REQUEST model holds", "a/m fallbacks=b/\u0085x, INVALID_REQUEST fallbacks holds"})
    void aNameWithControlCharactersIsRefused(String request, String message) throws Exception {
        try (Client client = client("")) {
            byte[] body = ("model=" + request).getBytes(StandardCharsets.UTF_8);
            client.send("POST /toy HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + body.length + "\r\n\r\nmodel="
                    + request);
            assertThat(client.body(client.head())).startsWith(message);
        }
        rig.awaitIdle();
    }

    @Test
    void whereSeveralServeABareNameTheStrategyOrdersThemAndTheNameStays() throws Exception {
        try (Client client = client("")) {
            rig.strategy = (request, snapshot) -> Plan.of(snapshot.candidates().reversed().stream()
                    .map(one -> new Target(one.provider(), String.valueOf(one.model())))
                    .toList());
            client.post("model=m");
            answerListings();
            c.next().answers(500, "", "");
            Upstream.Asked asked = b.next();
            assertThat(asked.body).isEqualTo("m");
            asked.answers(200, "", "one\n.\n");
            Client.Head head = client.head();
            assertThat(head.field("x-thanos-attempts")).isEqualTo("2");
            assertThat(head.field("x-thanos-provider")).isEqualTo("b");
        }
        rig.awaitIdle();
    }

    @Test
    void anAliasMayHaveAStrategyOfItsOwnThatOrdersItsTargetsAlone() throws Exception {
        List<String> seen = new ArrayList<>();
        try (Client client = client("""
                [routing]
                preferred = "a"
                [models.aliases.mine]
                targets = ["c/y", "a/x"]
                strategy = "weighted"
                weights = {a = 1}
                """)) {
            rig.strategy = (request, snapshot) -> {
                seen.add(String.valueOf(snapshot.settings()));
                return Plan.inOrder(snapshot.candidates().reversed());
            };
            client.post("model=mine");
            Upstream.Asked asked = a.next();
            assertThat(asked.body).isEqualTo("x");
            asked.answers(500, "", "");
            c.next().answers(200, "", "one\n.\n");
            Client.Head head = client.head();
            assertThat(client.body(head)).isEqualTo("one");
            assertThat(head.field("x-thanos-model")).isEqualTo("y");
            rig.strategy = null;
            client.post("model=mine");
            c.next().answers(200, "", "one\n.\n");
            assertThat(client.body(client.head())).isEqualTo("one");
        }
        assertThat(seen)
                .singleElement()
                .asString()
                .contains("weights={a=1}", "strategy=weighted")
                .doesNotContain("preferred");
        rig.awaitIdle();
    }

    @Test
    void whomTheStrategyOfAnAliasLeavesOutComesBehind() throws Exception {
        try (Client client = client("""
                [models.aliases.mine]
                targets = ["a/x", "b/y", "c/z"]
                strategy = "preferred"
                """)) {
            rig.strategy = (request, snapshot) -> Plan.of(List.of(new Target("b", "y")));
            client.post("model=mine");
            b.next().answers(500, "", "");
            a.next().answers(500, "", "");
            c.next().answers(200, "", "one\n.\n");
            Client.Head head = client.head();
            assertThat(client.body(head)).isEqualTo("one");
            assertThat(head.field("x-thanos-attempts")).isEqualTo("3");
        }
        rig.awaitIdle();
    }

    @Test
    void aStrategyThatThrowsIsSetAsideAndTheOrderOfTheFileServes() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Client client = client("")) {
            rig.strategy = (request, snapshot) -> {
                asked.incrementAndGet();
                throw new IllegalStateException("this strategy is broken");
            };
            for (int i = 0; i < 3; i++) {
                client.post("model=auto");
                a.next().answers(500, "", "");
                b.next().answers(200, "", "one\n.\n");
                Client.Head head = client.head();
                assertThat(client.body(head)).isEqualTo("one");
                assertThat(head.field("x-thanos-attempts")).isEqualTo("2");
            }
        }
        assertThat(asked).hasValue(1);
        rig.awaitIdle();
    }

    @Test
    void aStrategyThatDoesNotReturnIsSetAsideAndWhatItSaysLaterDoesNotCount() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Client client = client("")) {
            rig.strategy = (request, snapshot) -> {
                asked.incrementAndGet();
                return Plan.of(List.of(new Target("c", "late")));
            };
            rig.strategyLanes = failed -> task -> {
                failed.accept(new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "it did not return"));
                task.run();
            };
            for (int i = 0; i < 3; i++) {
                client.post("model=auto");
                a.next().answers(200, "", "one\n.\n");
                assertThat(client.body(client.head())).isEqualTo("one");
            }
        }
        assertThat(asked).hasValue(1);
        assertThat(c.quiet()).isTrue();
        rig.awaitIdle();
    }

    @Test
    void theOrderOfTheFileServesWhereTheStrategyIsNotDeployed() throws Exception {
        try (Client client = client("")) {
            rig.strategy = null;
            client.post("model=auto");
            a.next().answers(500, "", "");
            b.next().answers(200, "", "one\n.\n");
            assertThat(client.body(client.head())).isEqualTo("one");
        }
        rig.awaitIdle();
    }

    @Test
    void theChainServesWhereTheStrategyCannotSay() throws Exception {
        try (Client client = client(CHAIN)) {
            rig.strategy = (request, snapshot) -> Plan.of(List.of());
            client.post("model=auto");
            a.next().answers(500, "", "");
            b.next().answers(200, "", "one\n.\n");
            Client.Head head = client.head();
            assertThat(client.body(head)).isEqualTo("one");
            assertThat(head.field("x-thanos-model")).isEqualTo("n");
        }
        rig.awaitIdle();
    }

    @Test
    void aBundleThatTakesNoMoreCallsGivesWayToTheNextTarget() throws Exception {
        try (Client client = client("")) {
            rig.provider("a").lanes = failed -> task ->
                    failed.accept(new GatewayException(ErrorKind.OVERLOADED, "plugin a cannot take more calls"));
            client.post("model=a/m fallbacks=b/n");
            b.next().answers(200, "", "one\n.\n");
            Client.Head head = client.head();
            assertThat(client.body(head)).isEqualTo("one");
            assertThat(head.field("x-thanos-attempts")).isEqualTo("2");
        }
        rig.awaitIdle();
    }
}
