package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.ToyResults;
import dev.thanosgateway.host.http.TwoUpstreams;
import dev.thanosgateway.host.http.Upstream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens are counted by who would chat, or estimated where it does not count. */
final class TokenCountTest extends TwoUpstreams {
    /** Provider a counts, b does not. */
    @BeforeEach
    void start() throws Exception {
        open(Rig.table("b", b) + "model = \"n\"\n" + Rig.table("a", a) + "model = \"m\"\n"
                + "[models.aliases]\nboth = [\"a/m\", \"b/n\"]\n"
                + "[circuit_breaker]\nfailure_threshold = 1\ntimeout = 3600\n"
                + "[retry]\ninitial_delay = 1\nmax_delay = 1\n");
        rig.provider("a").service = new ToyResults.Provider();
    }

    private Client.Head head(String request) throws Exception {
        client.postTo("/toy/count", request);
        return client.head();
    }

    @Test
    void whoCountsIsAsked() throws Exception {
        client.postTo("/toy/count", "model=a/m text=hello");
        Upstream.Asked asked = a.next().answers(200, "", "tokens=7\n");
        assertThat(asked.head).startsWith("POST /v1/count ");
        assertThat(asked.body).isEqualTo("m");
        Client.Head head = client.head();
        assertThat(client.body(head)).isEqualTo("m: 7");
        assertThat(head.field("x-thanos-provider")).isEqualTo("a");
        assertThat(head.field("x-thanos-estimated")).isEmpty();
        client.postTo("/toy/count", "model=a/m relay=1");
        a.next().answers(200, "", "as it is");
        assertThat(client.body(client.head())).isEqualTo("as it is");
    }

    @Test
    void whoDoesNotCountIsNotAskedAndTheAnswerIsAnEstimateThatSaysSo() throws Exception {
        Client.Head head = head("model=b/n text=" + "x".repeat(100));
        assertThat(head.status()).isEqualTo(200);
        assertThat(client.body(head)).isEqualTo("n: 32");
        assertThat(head.field("x-thanos-estimated")).isEqualTo("true");
        assertThat(head.field("x-thanos-provider")).isEqualTo("b");
        assertThat(b.quiet()).isTrue();
    }

    @Test
    void whatAProviderDoesNotCountIsEstimated() throws Exception {
        Client.Head head = head("model=a/uncounted text=abcd");
        assertThat(client.body(head)).isEqualTo("uncounted: 8");
        assertThat(head.field("x-thanos-estimated")).isEqualTo("true");
        assertThat(a.quiet()).isTrue();
    }

    @Test
    void aChatThatCannotBeReadFailsAsItsReaderSays() throws Exception {
        Client.Head head = head("model=b/n");
        assertThat(head.status()).isEqualTo(500);
        assertThat(client.body(head)).contains("Nobody here reads content.");
    }

    @Test
    void whoFailsToCountIsFollowedByTheNextTargetAndIsNotSetAsideForChats() throws Exception {
        client.postTo("/toy/count", "model=both text=hello");
        a.next().answers(500, "", "broken");
        Client.Head head = client.head();
        assertThat(client.body(head)).isEqualTo("n: 9");
        assertThat(head.field("x-thanos-attempts")).isEqualTo("2");
        client.post("model=a/m");
        a.next().answers(200, "", "one\n.\n");
        assertThat(client.body(client.head())).isEqualTo("one");
    }

    @Test
    void aCountThatFailsIsNotAskedForAgain() throws Exception {
        client.postTo("/toy/count", "model=a/m text=hello");
        a.next().answers(500, "", "broken");
        Client.Head head = client.head();
        client.body(head);
        assertThat(head.field("x-thanos-attempts")).isEqualTo("1");
        assertThat(a.quiet()).isTrue();
    }

    @Test
    void aCountTakesNobodysTurn() throws Exception {
        AtomicInteger planned = new AtomicInteger();
        rig.strategy = (request, snapshot) -> {
            throw new IllegalStateException("asked " + planned.incrementAndGet());
        };
        client.postTo("/toy/count", "model=auto text=hello");
        a.next().answers(200, "", "tokens=2");
        assertThat(client.body(client.head()))
                .as("who counts, before who does not")
                .isEqualTo("m: 2");
        assertThat(planned).hasValue(0);
    }

    @Test
    void aClientThatLeavesStopsUpstreamWithinASecond() throws Exception {
        client.postTo("/toy/count", "model=a/m text=hello");
        Upstream.Asked asked = a.next();
        client.close();
        asked.awaitClosed(1_000);
        rig.awaitIdle();
    }
}
