package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Upstream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long things may take, what is tried again, and what a failure says. */
final class LimitTest {
    private final Upstream a = new Upstream();
    private final Upstream b = new Upstream();
    private Rig rig;

    private Client client(String timeouts) throws Exception {
        String table = timeouts.isEmpty() ? "" : "[providers.a.timeouts]\n" + timeouts + "\n";
        rig = new Rig(Rig.table("a", a) + table + Rig.table("b", b));
        return rig.client();
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        a.close();
        b.close();
    }

    @Test
    void aStreamWithoutAFirstEventIsGivenUpThoughBytesKeepComing() throws Exception {
        try (Client client = client("first_event_ms = 400\nidle_ms = 60000")) {
            long start = System.nanoTime();
            client.post("model=a/m stream=1 fallbacks=b/n");
            Upstream.Asked asked = a.next().begins().chunk("-\n").chunk("-\n");
            b.next().begins().chunk("one\n.\n").ends();
            assertThat(client.head().field("x-thanos-provider")).isEqualTo("b");
            assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(400));
            asked.awaitClosed(1_000);
        }
        rig.awaitIdle();
        assertThat(rig.metrics.attempts).first().isEqualTo("a UPSTREAM_TIMEOUT");
    }

    @Test
    void aWholeAnswerMayTakeLongerThanAFirstEventWhenSaidSo() throws Exception {
        try (Client client = client("first_event_ms = 100\nwhole_ms = 500")) {
            long start = System.nanoTime();
            client.post("model=a/m");
            Upstream.Asked asked = a.next();
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(504);
            assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(500));
            assertThat(client.body(head)).contains("sent no answer for 500 ms");
            asked.awaitClosed(1_000);
        }
        rig.awaitIdle();
    }

    @Test
    void aStreamThatFallsSilentAfterItsFirstEventIsToldToHaveFailed() throws Exception {
        try (Client client = client("idle_ms = 300")) {
            client.post("model=a/m stream=1 fallbacks=b/n");
            Upstream.Asked asked = a.next().begins().chunk("one\n");
            assertThat(client.body(client.head()))
                    .startsWith("data: one\n\nerror: UPSTREAM_TIMEOUT")
                    .doesNotContain("[DONE]");
            asked.awaitClosed(1_000);
            assertThat(b.quiet()).isTrue();
        }
        rig.awaitIdle();
    }

    @Test
    void theTotalTimeEndsAStreamThatIsStillTalking() throws Exception {
        try (Client client = client("total_ms = 400")) {
            client.post("model=a/m stream=1");
            Upstream.Asked asked = a.next().begins().chunk("one\n");
            assertThat(client.body(client.head())).startsWith("data: one\n\nerror: DEADLINE");
            asked.awaitClosed(1_000);
        }
        rig.awaitIdle();
    }

    @Test
    void theTotalTimeOfOneProviderIsNotThatOfTheNext() throws Exception {
        try (Client client = client("total_ms = 300")) {
            client.post("model=a/m stream=1 fallbacks=b/n");
            a.next().answers(500, "", "");
            Upstream.Asked asked = b.next().begins().chunk("one\n");
            long late = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(600);
            while (System.nanoTime() - late < 0) {
                Thread.onSpinWait();
            }
            asked.chunk("two\n.\n").ends();
            assertThat(client.body(client.head())).doesNotContain("DEADLINE").contains("two");
        }
        rig.awaitIdle();
    }

    @Test
    void aPooledConnectionThatDiedIsReplacedOnceOnTheSameTarget() throws Exception {
        try (Client client = client("")) {
            client.post("model=a/m");
            a.next().answers(200, "", "one\n.\n");
            assertThat(client.body(client.head())).isEqualTo("one");
            client.post("model=a/m");
            // Reused, and dead: what a keep-alive limit of the upstream looks like when it crosses the request.
            a.next().resets();
            a.next().answers(200, "", "two\n.\n");
            Client.Head head = client.head();
            assertThat(client.body(head)).isEqualTo("two");
            assertThat(head.field("x-thanos-attempts")).isEqualTo("1");
        }
        rig.awaitIdle();
    }

    @Test
    void whereEveryPooledConnectionDiedTheCallGoesOutOnAFreshOne() throws Exception {
        try (Client one = client("");
                Client other = rig.client()) {
            one.post("model=a/m");
            other.post("model=a/m");
            Upstream.Asked first = a.next();
            a.next().answers(200, "", "one\n.\n");
            first.answers(200, "", "one\n.\n");
            assertThat(one.body(one.head())).isEqualTo("one");
            assertThat(other.body(other.head())).isEqualTo("one");
            // Two connections are pooled now. Both are dead: the retry must not be sent on the second.
            one.post("model=a/m");
            a.next().resets();
            Upstream.Asked again = a.next();
            assertThat(again.reused()).isFalse();
            again.answers(200, "", "two\n.\n");
            assertThat(one.body(one.head())).isEqualTo("two");
        }
        rig.awaitIdle();
    }

    @Test
    void aFreshConnectionThatDiesIsNotAskedAgain() throws Exception {
        try (Client client = client("")) {
            client.post("model=a/m");
            a.next().resets();
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(503);
            assertThat(head.field("retry-after")).isNotEmpty();
            assertThat(a.quiet()).isTrue();
        }
        rig.awaitIdle();
    }

    @Test
    void retryAfterComesBackUnchangedAndTheRefusedKeyDoesNot() throws Exception {
        try (Client client = client("")) {
            client.post("model=a/m");
            a.next().answers(429, "retry-after: Wed, 21 Oct 2026 07:28:00 GMT\r\n", "no more for secret-of-a today");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(429);
            assertThat(head.field("retry-after")).isEqualTo("Wed, 21 Oct 2026 07:28:00 GMT");
            assertThat(client.body(head)).isEqualTo("UPSTREAM_LIMITED Provider 'a': no more for [secret] today");
        }
        rig.awaitIdle();
    }

    @Test
    void theCallersOwnMistakeIsNotTriedElsewhere() throws Exception {
        try (Client client = client("")) {
            client.post("model=a/m fallbacks=b/n");
            a.next().answers(400, "", "temperature is too high");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(400);
            assertThat(client.body(head)).isEqualTo("INVALID_REQUEST temperature is too high");
            assertThat(b.quiet()).isTrue();
        }
        rig.awaitIdle();
    }

    @Test
    void ofSeveralFailuresAllAreListedAndTheMostTellingDecides() throws Exception {
        try (Client client = client("")) {
            client.post("model=a/m fallbacks=b/n");
            a.next().answers(500, "", "broken");
            b.next().answers(429, "", "slow down");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(429);
            assertThat(head.field("x-thanos-attempts")).isEqualTo("2");
            assertThat(client.body(head)).contains("a/m: ", "broken", "b/n: ", "slow down");
        }
        rig.awaitIdle();
    }

    @Test
    void earlyHintsAreNotTheAnswer() throws Exception {
        try (Client client = client("")) {
            client.post("model=a/m");
            a.next().send("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n").answers(200, "", "one\n.\n");
            assertThat(client.body(client.head())).isEqualTo("one");
        }
        rig.awaitIdle();
    }

    @Test
    void anErrorWhoseBodyNeverEndsIsStillTold() throws Exception {
        try (Client client = client("")) {
            client.post("model=a/m");
            Upstream.Asked asked = a.next().send("HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n");
            for (int i = 0; i < 5; i++) {
                asked.chunk("x".repeat(16 * 1024));
            }
            assertThat(client.head().status()).isEqualTo(503);
            asked.awaitClosed(1_000);
        }
        rig.awaitIdle();
    }

    @Test
    void aLaneThatOverrunsFailsItsCallAndTheNextTargetAnswers() throws Exception {
        CountDownLatch overrun = new CountDownLatch(1);
        try (Client client = client("")) {
            rig.provider("a").lanes = failed -> task -> {
                Thread.ofVirtual().start(() -> {
                    failed.accept(new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "too long"));
                    // What was late comes all the same, and must change nothing.
                    task.run();
                    overrun.countDown();
                });
            };
            client.post("model=a/m fallbacks=b/n");
            b.next().answers(200, "", "one\n.\n");
            Client.Head head = client.head();
            assertThat(client.body(head)).isEqualTo("one");
            assertThat(head.field("x-thanos-provider")).isEqualTo("b");
            assertThat(overrun.await(5, TimeUnit.SECONDS)).isTrue();
        }
        rig.awaitIdle();
        assertThat(a.quiet()).isTrue();
    }

    @Test
    void aDialectThatReadsTooLateStartsNoCall() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        try (Client client = client("")) {
            rig.language.lanes = failed -> task -> {
                failed.accept(new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "too long"));
                task.run();
                late.countDown();
            };
            client.post("model=a/m");
            assertThat(client.head().status()).isEqualTo(502);
            assertThat(late.await(5, TimeUnit.SECONDS)).isTrue();
        }
        rig.awaitIdle();
        assertThat(a.quiet()).isTrue();
    }

    @Test
    void listingsThatHangAreWaitedForTogetherAndFailuresLeaveWhatIsKnown() throws Exception {
        try (Client client = client("")) {
            client.get("/toy/models", "");
            a.next().answers(500, "", "");
            b.next().answers(200, "", "m1\nm2");
            assertThat(client.body(client.head())).isEqualTo("[b/m1, b/m2]");
            client.post("model=m2");
            b.next().answers(200, "", "one\n.\n");
            assertThat(client.head().field("x-thanos-provider")).isEqualTo("b");
        }
        rig.awaitIdle();
    }
}
