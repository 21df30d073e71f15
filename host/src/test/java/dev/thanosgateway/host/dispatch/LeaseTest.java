package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Upstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every way a chat can end gives back what it held, once. */
final class LeaseTest {
    private final Upstream a = new Upstream();
    private final Upstream b = new Upstream();
    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(Rig.table("a", a) + Rig.table("b", b));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        a.close();
        b.close();
    }

    @Test
    void aWholeAnswer() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=a/m");
            Upstream.Asked asked = a.next();
            assertThat(rig.provider("a").inFlight()).isEqualTo(1);
            asked.answers(200, "", "one\ntwo\n.\n");
            Client.Head head = client.head();
            assertThat(client.body(head)).isEqualTo("onetwo");
            assertThat(head.field("x-thanos-provider")).isEqualTo("a");
            assertThat(head.field("x-thanos-model")).isEqualTo("m");
            assertThat(head.field("x-thanos-attempts")).isEqualTo("1");
            assertThat(head.field("x-ratelimit-remaining")).isEmpty();
        }
        rig.awaitIdle();
    }

    @Test
    void aStream() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=a/m stream=1");
            a.next().begins().chunk("-\n").chunk("one\n").chunk(".\n").ends();
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.field("x-ratelimit-remaining")).isEqualTo("7");
            assertThat(client.body(head)).isEqualTo("data: one\n\ndata: [DONE]\n\n");
        }
        rig.awaitIdle();
    }

    @Test
    void aRelayedStreamAndARelayedWholeAnswerOnOneConnection() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=a/m stream=1 relay=1");
            a.next().begins().chunk("-\n").chunk("one\ntw").chunk("o\n.\n").ends();
            assertThat(client.body(client.head())).isEqualTo(": -\n\ndata: one\n\ndata: two\n\ndata: [DONE]\n\n");
            client.post("model=a/m relay=1");
            a.next().answers(200, "", "one\n.\n");
            assertThat(client.body(client.head())).isEqualTo("one.");
        }
        rig.awaitIdle();
    }

    @Test
    void aClientThatGoesWhileAWholeAnswerIsAwaitedStopsUpstreamWithinASecond() throws Exception {
        Client client = rig.client().post("model=a/m");
        Upstream.Asked asked = a.next();
        client.close();
        asked.awaitClosed(1_000);
        rig.awaitIdle();
        assertThat(rig.metrics.attempts).containsExactly("a CANCELLED");
        assertThat(rig.metrics.statuses).containsExactly(499);
    }

    @Test
    void aClientThatGoesFromASilentStreamStopsUpstreamWithinASecond() throws Exception {
        Client client = rig.client().post("model=a/m stream=1");
        Upstream.Asked asked = a.next().begins().chunk("one\n");
        client.head();
        assertThat(client.chunk()).isEqualTo("data: one\n\n");
        client.close();
        asked.awaitClosed(1_000);
        rig.awaitIdle();
    }

    @Test
    void aClientThatGoesAfterItPipelinedSomethingStopsUpstreamToo() throws Exception {
        Client client = rig.client().post("model=a/m");
        Upstream.Asked asked = a.next();
        client.send("\r\n");
        client.close();
        asked.awaitClosed(1_000);
        rig.awaitIdle();
    }

    @Test
    void anUpstreamThatResetsBeforeTheFirstEventIsFollowedByTheNextTarget() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=a/m stream=1 fallbacks=b/n");
            a.next().begins().chunk("-\n").resets();
            b.next().begins().chunk("one\n.\n").ends();
            Client.Head head = client.head();
            assertThat(head.field("x-thanos-provider")).isEqualTo("b");
            assertThat(head.field("x-thanos-attempts")).isEqualTo("2");
            assertThat(client.body(head)).isEqualTo("data: one\n\ndata: [DONE]\n\n");
        }
        rig.awaitIdle();
        assertThat(rig.metrics.attempts).hasSize(2).last().isEqualTo("b null");
    }

    @Test
    void anUpstreamThatBreaksAfterTheFirstEventIsToldAndNobodyElseIsAsked() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=a/m stream=1 fallbacks=b/n");
            Upstream.Asked asked = a.next().begins().chunk("one\n");
            Client.Head head = client.head();
            assertThat(client.chunk()).isEqualTo("data: one\n\n");
            asked.resets();
            assertThat(client.body(head)).startsWith("error: UPSTREAM_").doesNotContain("[DONE]");
        }
        rig.awaitIdle();
        assertThat(b.quiet()).isTrue();
    }

    @Test
    void anAnswerThatEndsBeforeItsFinishIsNotMadeToLookWhole() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=a/m stream=1");
            a.next().begins().chunk("one\n").ends();
            assertThat(client.body(client.head()))
                    .contains("error: UPSTREAM_PROTOCOL")
                    .doesNotContain("[DONE]");
        }
        rig.awaitIdle();
    }

    @Test
    void aResetAfterTheFinishIsAWholeAnswer() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=a/m stream=1");
            Upstream.Asked asked = a.next().begins().chunk("one\n.\n");
            Client.Head head = client.head();
            assertThat(client.chunk()).isEqualTo("data: one\n\n");
            asked.resets();
            assertThat(client.body(head)).isEqualTo("data: [DONE]\n\n");
        }
        rig.awaitIdle();
    }

    @Test
    void whatIsNoAnswerIsAnErrorThatNamesWhoWasAsked() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=a/m");
            a.next().answers(200, "", "<html>\n");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(502);
            assertThat(head.field("x-thanos-provider")).isEqualTo("a");
            assertThat(head.field("x-thanos-attempts")).isEqualTo("1");
            assertThat(client.body(head)).startsWith("UPSTREAM_PROTOCOL");
        }
        rig.awaitIdle();
    }

    @Test
    void aWriterThatFailsBeforeAnythingIsSentIsAnErrorOfOurs() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=a/unwritable");
            a.next().answers(200, "", "one\n.\n");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(500);
            assertThat(client.body(head)).startsWith("INTERNAL");
            client.post("model=a/unwritable stream=1");
            Upstream.Asked asked = a.next().begins().chunk("one\n");
            Client.Head second = client.head();
            assertThat(second.status()).isEqualTo(500);
            client.body(second);
            asked.awaitClosed(1_000);
        }
        rig.awaitIdle();
    }

    @Test
    void aWriterThatFailsInTheMiddleClosesBothConnections() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=a/unwritable-later stream=1");
            Upstream.Asked asked = a.next().begins().chunk("one\n");
            client.head();
            assertThat(client.chunk()).isEqualTo("data: one\n\n");
            asked.chunk("two\n");
            assertThat(client.closed()).isTrue();
            asked.awaitClosed(1_000);
        }
        rig.awaitIdle();
    }

    @Test
    void aTargetThatIsBeingReplacedIsPassedOver() throws Exception {
        rig.provider("a").retired = true;
        try (Client client = rig.client()) {
            client.post("model=a/m fallbacks=b/n");
            b.next().answers(200, "", "one\n.\n");
            Client.Head head = client.head();
            assertThat(client.body(head)).isEqualTo("one");
            assertThat(head.field("x-thanos-attempts")).isEqualTo("1");
        }
        rig.awaitIdle();
    }
}
