package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Upstream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers hold because frames are large or clients slow is bounded for all of them together. */
final class AnswerBudgetTest {
    private static final int MEBIBYTE = 1 << 20;
    private final Upstream a = new Upstream();
    private Rig rig;

    private void rig(int mebibytes) throws Exception {
        rig = new Rig("[server]\nanswer_budget_mb = " + mebibytes + "\n" + Rig.table("a", a));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        a.close();
    }

    private void awaitHeld(long least) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (rig.held() < least && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(rig.held()).isGreaterThanOrEqualTo(least);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " relay=1"})
    void aFrameThatLeavesNoRoomFailsItsCallAndNoOther(String lane) throws Exception {
        rig(4);
        String large = "x".repeat(3 * MEBIBYTE);
        try (Client first = rig.client();
                Client second = rig.client()) {
            first.post("model=a/m stream=1" + lane);
            Upstream.Asked served = a.next().begins().chunk("one\n");
            Client.Head head = first.head();
            assertThat(first.chunk()).isEqualTo("data: one\n\n");
            served.chunk(large);
            awaitHeld(3 * MEBIBYTE);

            second.post("model=a/m stream=1" + lane);
            Upstream.Asked refused = a.next().begins().chunk("two\n");
            Client.Head begun = second.head();
            assertThat(second.chunk()).isEqualTo("data: two\n\n");
            refused.chunk(large.substring(0, 2 * MEBIBYTE));
            assertThat(second.body(begun))
                    .startsWith("error: OVERLOADED The answers being served hold all the memory they may.")
                    .doesNotContain("[DONE]");
            refused.awaitClosed(1_000);

            served.chunk("\n.\n").ends();
            assertThat(first.body(head)).isEqualTo("data: " + large + "\n\ndata: [DONE]\n\n");
        }
        rig.awaitIdle();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model=a/m", "model=a/m relay=1", "model=a/m stream=1"})
    void anAnswerThatHasNotBegunIsRefusedBeforeItHoldsMore(String request) throws Exception {
        rig(2);
        try (Client client = rig.client()) {
            client.post(request);
            Upstream.Asked asked = a.next().begins().chunk("x".repeat(MEBIBYTE));
            awaitHeld(MEBIBYTE);
            asked.chunk("x".repeat(MEBIBYTE)).chunk("x".repeat(16 * 1024));
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(503);
            assertThat(head.field("retry-after")).isEqualTo("1");
            assertThat(client.body(head)).contains("raise [server] answer_budget_mb");
            asked.awaitClosed(1_000);
        }
        rig.awaitIdle();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model=a/m", "model=a/m relay=1", "model=a/m stream=1", "model=a/m stream=1 relay=1"})
    void whatASlowClientHasNotTakenCountsUntilItHas(String request) throws Exception {
        rig(16);
        String large = "x".repeat(14 * MEBIBYTE);
        try (Client slow = rig.client();
                Client other = rig.client()) {
            slow.socket.setReceiveBufferSize(256 << 10);
            slow.post(request);
            a.next().begins().chunk(large + "\n.\n").ends();
            awaitHeld(14 * MEBIBYTE);

            other.post("model=a/m");
            Upstream.Asked refused = a.next().begins();
            try {
                refused.chunk("y".repeat(4 * MEBIBYTE));
            } catch (UncheckedIOException e) {
                assertThat(e).as("the rest is not read").isNotNull();
            }
            assertThat(other.head().status()).isEqualTo(503);
            assertThat(rig.held()).isGreaterThanOrEqualTo(14 * MEBIBYTE);

            assertThat(slow.body(slow.head())).contains(large);
        }
        rig.awaitIdle();
    }

    @Test
    void aSlowClientThatGoesAwayGivesBackWhatItHeld() throws Exception {
        rig(16);
        try (Client slow = rig.client()) {
            slow.socket.setReceiveBufferSize(256 << 10);
            slow.post("model=a/m");
            a.next().begins().chunk("x".repeat(14 * MEBIBYTE) + "\n.\n").ends();
            awaitHeld(14 * MEBIBYTE);
        }
        rig.awaitIdle();
    }
}
