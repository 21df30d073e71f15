package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream whose first event is late has its head and a keep-alive before. */
final class EarlyKeepAliveTest {
    private static final String ALIVE = ": alive\n\n";

    private final Upstream a = new Upstream();
    private final Upstream b = new Upstream();
    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig("[server]\nearly_keepalive_ms = 100\n" + Rig.table("a", a) + Rig.table("b", b));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        a.close();
        b.close();
    }

    private static Client.Head early(Client client) throws Exception {
        Client.Head head = client.head();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.field("x-request-id")).isNotEmpty();
        assertThat(head.fields().keySet()).noneMatch(name -> name.startsWith("x-thanos-"));
        assertThat(client.chunk()).isEqualTo(ALIVE);
        return head;
    }

    @Test
    void theEventsFollowWhenTheyCome() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=a/m stream=1");
            Upstream.Asked asked = a.next();
            Client.Head head = early(client);
            asked.begins().chunk("one\n.\n").ends();
            assertThat(client.body(head)).isEqualTo("data: one\n\ndata: [DONE]\n\n");
        }
        rig.awaitIdle();
    }

    @Test
    void anotherTargetMayStillAnswer() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=auto stream=1");
            Upstream.Asked first = a.next();
            Client.Head head = early(client);
            first.answers(500, "", "broken");
            b.next().begins().chunk("two\n.\n").ends();
            assertThat(client.body(head)).isEqualTo("data: two\n\ndata: [DONE]\n\n");
        }
        rig.awaitIdle();
    }

    @Test
    void aFailureIsToldInTheStreamWhichDoesNotLookComplete() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=a/m stream=1");
            Upstream.Asked asked = a.next();
            Client.Head head = early(client);
            asked.answers(500, "", "broken");
            assertThat(client.body(head)).contains("UPSTREAM_UNAVAILABLE").doesNotContain("[DONE]");
        }
        rig.awaitIdle();
    }

    @Test
    void aClientThatLeavesStopsUpstreamWithinASecond() throws Exception {
        Upstream.Asked asked;
        try (Client client = rig.client()) {
            client.post("model=a/m stream=1");
            asked = a.next();
            early(client);
        }
        asked.awaitClosed(1_000);
        rig.awaitIdle();
    }
}
