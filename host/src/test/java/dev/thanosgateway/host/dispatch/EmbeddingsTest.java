package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Toy;
import dev.thanosgateway.host.http.ToyResults;
import dev.thanosgateway.host.http.Upstream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings go the way of a chat: one plan, one loop, one end. */
final class EmbeddingsTest {
    private final Upstream a = new Upstream();
    private final Upstream b = new Upstream();
    private final Upstream c = new Upstream();
    private Rig rig;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        rig = rig("");
        client = rig.client();
    }

    /** Providers a and b make embeddings, c only chats. */
    private Rig rig(String more) throws Exception {
        String timeouts = "[timeouts]\nwhole_ms = 700\n";
        Rig made = new Rig(Rig.table("a", a) + "model = \"m\"\n" + Rig.table("b", b) + "model = \"n\"\n"
                + Rig.table("c", c) + "model = \"o\"\n" + timeouts
                + "[models.aliases]\nboth = [\"a/m\", \"b/n\"]\nmixed = [\"c/o\", \"b/n\"]\n" + more);
        made.provider("a").service = new ToyResults.Provider();
        made.provider("b").service = new ToyResults.Provider();
        return made;
    }

    /** The same with more settings. */
    private void again(String more) throws Exception {
        client.close();
        rig.close();
        rig = rig(more);
        client = rig.client();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        rig.awaitIdle();
        rig.close();
        a.close();
        b.close();
        c.close();
    }

    /** What is counted when the call leaves, perhaps after its answer was read. */
    private static void awaitOne(List<String> counted, String what) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (counted.isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(counted).containsExactly(what);
    }

    private Client.Head embed(String request) throws Exception {
        client.postTo("/toy/embed", request);
        return client.head();
    }

    private void asks(String request) throws Exception {
        client.postTo("/toy/embed", request);
    }

    private String body() throws Exception {
        return client.body(client.head());
    }

    /** Vectors of another model would be of no use. */
    @Test
    void aBatchMayBeLargerThanTheContextThatEachOfItsInputsHas() throws Exception {
        again("[models.facts.\"a/m\"]\ncontext_length = 3\n");
        asks("model=both inputs=" + "abcdefgh,".repeat(20) + "abcdefgh");
        a.next().answers(200, "", "0.5\n".repeat(21) + "tokens=42\n");
        assertThat(body()).startsWith("m: ");
    }

    @Test
    void vectorsComeBackInOrderWithUsageHeadersAndMetrics() throws Exception {
        asks("model=a/m inputs=x,y");
        Upstream.Asked asked = a.next();
        assertThat(asked.head).startsWith("POST /v1/vectors ").contains("Bearer secret-of-a");
        assertThat(asked.body).isEqualTo("m 2");
        assertThat(rig.provider("a").inFlight()).isEqualTo(1);
        asked.answers(200, "x-ratelimit-left: 5\r\n", "0.5 1.5\n2.0 3.0\ntokens=4\n");
        Client.Head head = client.head();
        assertThat(client.body(head)).isEqualTo("m: [[0.5, 1.5], [2.0, 3.0]]");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.field("x-thanos-provider")).isEqualTo("a");
        assertThat(head.field("x-thanos-model")).isEqualTo("m");
        assertThat(head.field("x-thanos-attempts")).isEqualTo("1");
        assertThat(head.field("x-thanos-overhead-ms")).isNotEmpty();
        assertThat(head.field("x-ratelimit-left")).isEqualTo("5");
        assertThat(head.field("x-thanos-estimated")).isEmpty();
        awaitOne(rig.metrics.usages, "a/m 4");
        assertThat(rig.metrics.attempts).containsExactly("a null");
    }

    @Test
    void whatWasCountedCostsWhatIsKnownOfTheModel() throws Exception {
        again("[models.facts.\"a/m\"]\npricing = { input = 0.5 }\n");
        asks("model=a/m inputs=x,y");
        a.next().answers(200, "", "0.5 1.5\n2.0 3.0\ntokens=4000\n");
        body();
        awaitOne(rig.metrics.usages, "a/m 4000 $0.002");
    }

    @Test
    void onTheRelayLaneTheAnswerIsTheUpstreamsOwn() throws Exception {
        asks("model=a/m inputs=x relay=1");
        a.next().begins().chunk("whatever ").chunk("it says").ends();
        assertThat(body()).isEqualTo("whatever it says");
        awaitOne(rig.metrics.usages, "a/m 9");
    }

    @Test
    void onTheRelayLaneAnEmptyAnswerIsNone() throws Exception {
        asks("model=both inputs=x relay=1");
        a.next().answers(200, "", "");
        b.next().answers(200, "", "this one");
        assertThat(body()).isEqualTo("this one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"500", "429", "404", "garbage", "empty", "too few", "reset", "silence"})
    void theNextTargetOfAListAnswersWhenOneFails(String how) throws Exception {
        asks("model=both inputs=x,y");
        Upstream.Asked first = a.next();
        switch (how) {
            case "500", "429", "404" -> first.answers(Integer.parseInt(how), "", "no");
            case "garbage" -> first.answers(200, "", "<html>\n</html>");
            case "empty" -> first.answers(200, "", "");
            case "too few" -> first.answers(200, "", "1.0\n");
            case "reset" ->
                first.send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1.0").resets();
            default -> assertThat(how).isEqualTo("silence");
        }
        assertThat(b.next().answers(200, "", "1.0\n2.0\n").body).isEqualTo("n 2");
        Client.Head head = client.head();
        assertThat(client.body(head)).isEqualTo("n: [[1.0], [2.0]]");
        assertThat(head.field("x-thanos-attempts")).isEqualTo("2");
    }

    @Test
    void theCallersOwnMistakeIsNotTriedElsewhere() throws Exception {
        asks("model=both inputs=x");
        a.next().answers(400, "", "the input is too odd");
        Client.Head head = client.head();
        assertThat(head.status()).isEqualTo(400);
        assertThat(client.body(head)).isEqualTo("INVALID_REQUEST the input is too odd");
        assertThat(b.quiet()).isTrue();
        assertThat(body(embed("model=both"))).startsWith("INVALID_REQUEST inputs are missing");
    }

    private String body(Client.Head head) throws Exception {
        return client.body(head);
    }

    @Test
    void ofSeveralFailuresAllAreListed() throws Exception {
        asks("model=a/m inputs=x fallbacks=b/n");
        a.next().answers(500, "", "broken");
        b.next().answers(429, "retry-after: 7\r\n", "enough");
        Client.Head head = client.head();
        assertThat(head.status()).isEqualTo(429);
        assertThat(head.field("retry-after")).isEqualTo("7");
        assertThat(client.body(head))
                .startsWith("UPSTREAM_LIMITED Provider 'b': enough")
                .contains("Asked in this order: a/m: Provider 'a': broken; b/n");
    }

    @Test
    void aClientThatLeavesStopsUpstreamWithinASecond() throws Exception {
        asks("model=a/m inputs=x");
        Upstream.Asked asked = a.next();
        client.close();
        asked.awaitClosed(1_000);
        rig.awaitIdle();
        assertThat(rig.metrics.statuses).containsExactly(499);
        assertThat(rig.metrics.attempts).containsExactly("a CANCELLED");
    }

    @Test
    void whoMakesNoneIsLeftOutAndTheAnswerNamesWhoDoes() throws Exception {
        Client.Head head = embed("model=c/o inputs=x");
        assertThat(head.status()).isEqualTo(400);
        assertThat(client.body(head)).isEqualTo("UNSUPPORTED Provider 'c' does not make embeddings; ask one of: a, b.");
        asks("model=mixed inputs=x");
        b.next().answers(200, "", "1.0\n");
        head = client.head();
        assertThat(client.body(head)).isEqualTo("n: [[1.0]]");
        assertThat(head.field("x-thanos-attempts")).isEqualTo("1");
        asks("model=mixed inputs=x");
        b.next().answers(500, "", "broken");
        head = client.head();
        assertThat(head.status()).as("who could have answered decides").isEqualTo(503);
        assertThat(client.body(head)).contains("does not make embeddings", "Provider 'b': broken");
        assertThat(c.quiet()).isTrue();
    }

    @Test
    void whereNobodyMakesAnyTheAnswerSaysSo() throws Exception {
        rig.provider("a").service = new Toy.Provider(Auth.BEARER);
        rig.provider("b").service = new Toy.Provider(Auth.BEARER);
        Client.Head head = embed("model=auto inputs=x");
        assertThat(head.status()).isEqualTo(400);
        assertThat(client.body(head))
                .isEqualTo("UNSUPPORTED Provider 'a' does not make embeddings, and no other one here does."
                        + " Configure one that does.");
    }

    @Test
    void aStrategyChoosesAmongThoseThatCanAndSeesTheTexts() throws Exception {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        rig.strategy = (request, snapshot) -> {
            try {
                seen.add(request.content().messages().get(0).text());
            } catch (GatewayException e) {
                seen.add(e.message());
            }
            snapshot.candidates().forEach(candidate -> seen.add(candidate.provider()));
            return Plan.of(List.of(new Target("b", "n")));
        };
        asks("model=auto inputs=x,y");
        b.next().answers(200, "", "1.0\n2.0\n");
        assertThat(body()).isEqualTo("n: [[1.0], [2.0]]");
        assertThat(seen).containsExactly("xy", "a", "b");
    }

    @Test
    void theChainServesOnlyWithModelsItNames() throws Exception {
        again("[routing]\nfallback_chain = [\"a/m\", \"b\", \"b/v\"]\n");
        asks("model=a/m inputs=x");
        a.next().answers(500, "", "broken");
        assertThat(b.next().answers(200, "", "1.0\n").body).isEqualTo("v 1");
        assertThat(body()).isEqualTo("v: [[1.0]]");
    }

    @Test
    void aProviderThatIsExchangedMeanwhileFinishesItsCall() throws Exception {
        asks("model=a/m inputs=x");
        Upstream.Asked asked = a.next();
        rig.provider("a").retired = true;
        rig.provider("a").gone = true;
        asked.answers(200, "", "1.0\n");
        assertThat(body()).isEqualTo("m: [[1.0]]");
    }

    @Test
    void aPooledConnectionThatDiedIsReplacedOnceOnTheSameTarget() throws Exception {
        asks("model=a/m inputs=x");
        Upstream.Asked first = a.next().answers(200, "", "1.0\n");
        assertThat(body()).isEqualTo("m: [[1.0]]");
        asks("model=a/m inputs=x");
        assertThat(a.next().reused()).isTrue();
        first.resets();
        a.next().answers(200, "", "2.0\n");
        Client.Head head = client.head();
        assertThat(client.body(head)).isEqualTo("m: [[2.0]]");
        assertThat(head.field("x-thanos-attempts")).isEqualTo("1");
    }

    @Test
    void callersLimitsAndTheLargestBodyHoldAsForChats() throws Exception {
        again("[server]\nmax_body_mb = 1\n[rate_limiting]\nenabled = true\nrequests_per_minute = 1\n");
        asks("model=a/m inputs=x");
        a.next().answers(200, "", "1.0\n");
        assertThat(body()).isEqualTo("m: [[1.0]]");
        Client.Head head = embed("model=a/m inputs=x");
        assertThat(head.status()).isEqualTo(429);
        assertThat(client.body(head)).startsWith("RATE_LIMITED");
        assertThat(rig.metrics.limited.get()).isEqualTo(1);
        rig.change("[server]\nmax_body_mb = 1\n");
        head = embed("model=a/m inputs=" + "x".repeat(1024 * 1024));
        assertThat(head.status()).isEqualTo(413);
        assertThat(client.body(head)).startsWith("TOO_LARGE");
    }

    @Test
    void aTargetThatKeepsFailingIsSetAside() throws Exception {
        again("[circuit_breaker]\nfailure_threshold = 2\ntimeout = 3600\n");
        for (int i = 0; i < 2; i++) {
            asks("model=both inputs=x");
            a.next().answers(500, "", "broken");
            b.next().answers(200, "", "1.0\n");
            assertThat(body()).isEqualTo("n: [[1.0]]");
        }
        asks("model=both inputs=x");
        b.next().answers(200, "", "1.0\n");
        assertThat(body()).isEqualTo("n: [[1.0]]");
        assertThat(a.quiet()).isTrue();
    }
}
