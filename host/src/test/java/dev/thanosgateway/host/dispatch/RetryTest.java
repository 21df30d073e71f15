package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.TwoUpstreams;
import dev.thanosgateway.host.http.Upstream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A target that nobody can stand in for is asked again, and never so often that its failure is multiplied. */
final class RetryTest extends TwoUpstreams {
    private static final String AT_ONCE = "[retry]\ninitial_delay = 1\n";

    private void start(String more) throws Exception {
        open(tables("m", "m") + more);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model=a/m", "model=a/m stream=1"})
    void aFailureThatPassesIsNotSeen(String request) throws Exception {
        start(AT_ONCE);
        client.post(request);
        a.next().answers(503, "", "later");
        a.next().answers(502, "", "<html>");
        a.next().answers(200, "", "one\n.\n");
        Client.Head head = client.head();
        assertThat(client.body(head)).contains("one");
        assertThat(head.field("x-thanos-attempts")).isEqualTo("3");
    }

    @Test
    void itIsAskedNoMoreThanSoOftenAndEveryAttemptIsTold() throws Exception {
        start(AT_ONCE);
        client.post("model=a/m");
        for (int i = 0; i < 3; i++) {
            a.next().answers(500, "", "broken " + i);
        }
        assertThat(client.body(client.head())).contains("Asked in this order", "broken 0", "broken 1", "broken 2");
        assertThat(a.quiet()).isTrue();
    }

    @Test
    void whatFailsTheSameWayEachTimeIsToldOnce() throws Exception {
        start(AT_ONCE);
        client.post("model=a/m");
        for (int i = 0; i < 3; i++) {
            a.next().answers(500, "", "broken");
        }
        assertThat(client.body(client.head()))
                .isEqualTo("UPSTREAM_UNAVAILABLE Provider 'a': broken. It was asked 3 times.");
    }

    @ParameterizedTest
    @CsvSource({"400, ''", "401, ''", "404, ''", "429, ''", "503, 'retry-after: 9\r\n'"})
    void whatDoesNotPassByItselfIsToldAtOnce(int status, String headers) throws Exception {
        start(AT_ONCE);
        client.post("model=a/m");
        a.next().answers(status, headers, "no");
        Client.Head head = client.head();
        assertThat(head.field("x-thanos-attempts")).isEqualTo("1");
        assertThat(client.body(head)).contains("no");
    }

    @Test
    void anotherTargetIsAskedAtOnceAndNoneOfThemAgain() throws Exception {
        start("[retry]\ninitial_delay = 600000\nmax_delay = 600000\n");
        client.post("model=a/m fallbacks=b/m");
        a.next().answers(500, "", "broken");
        b.next().answers(500, "", "broken");
        Client.Head head = client.head();
        assertThat(head.field("x-thanos-attempts")).isEqualTo("2");
        assertThat(client.body(head)).startsWith("UPSTREAM_UNAVAILABLE");
    }

    @Test
    void atTotalFailureAHundredCallsAreAHundredAndThree() throws Exception {
        start(AT_ONCE + "[circuit_breaker]\nenabled = false\n");
        AtomicInteger asked = new AtomicInteger();
        Thread failing = failing(asked);
        for (int i = 0; i < 100; i++) {
            try (Client one = rig.client()) {
                one.post("model=a/m");
                assertThat(one.head().status()).isEqualTo(503);
            }
        }
        failing.interrupt();
        // Of ten tokens each of the first failures takes one, and with half of them gone nobody is asked again.
        assertThat(asked).hasValue(103);
    }

    @Test
    void whoIsAloneBecauseTheOtherOneIsSetAsideIsAskedAgain() throws Exception {
        start(AT_ONCE);
        client.post("model=b/m");
        b.next().answers(429, "retry-after: 99\r\n", "no");
        assertThat(client.body(client.head())).startsWith("UPSTREAM_LIMITED");
        client.post("model=a/m fallbacks=b/m");
        a.next().answers(500, "", "broken");
        a.next().answers(200, "", "one\n.\n");
        assertThat(client.body(client.head())).isEqualTo("one");
        assertThat(b.quiet()).isTrue();
    }

    private Thread failing(AtomicInteger asked) {
        return Thread.ofVirtual().start(() -> {
            while (true) {
                try {
                    Upstream.Asked next = a.next();
                    asked.incrementAndGet();
                    next.answers(500, "", "broken");
                } catch (InterruptedException | AssertionError e) {
                    return;
                }
            }
        });
    }

    @Test
    void whoIsServedMayBeAskedAgainATenthAsOften() throws Exception {
        start(AT_ONCE + "max_attempts = 2\n[circuit_breaker]\nenabled = false\n");
        // Two calls with two failures each leave six tokens, one more failure the five with which it is over.
        for (int attempts : new int[] {2, 2, 1}) {
            fails(attempts);
        }
        for (int i = 0; i < 11; i++) {
            client.post("model=a/m");
            a.next().answers(200, "", "one\n.\n");
            assertThat(client.body(client.head())).isEqualTo("one");
        }
        fails(2);
        fails(1);
    }

    private void fails(int attempts) throws Exception {
        client.post("model=a/m");
        for (int i = 0; i < attempts; i++) {
            a.next().answers(500, "", "broken");
        }
        Client.Head head = client.head();
        assertThat(head.field("x-thanos-attempts")).isEqualTo(String.valueOf(attempts));
        client.body(head);
    }

    @Test
    void whoWaitsHoldsNoLeaseAndACallerThatGoesIsNotAskedFor() throws Exception {
        start("[retry]\ninitial_delay = 600000\nmax_delay = 600000\n");
        client.post("model=a/m");
        a.next().answers(500, "", "broken");
        // The lease is back although the call is still open.
        eventually(() -> rig.provider("a").inFlight() == 0);
        assertThat(rig.metrics.open).hasValue(1);
        client.close();
        eventually(() -> rig.metrics.open.get() == 0);
        assertThat(a.quiet()).isTrue();
    }

    private static void eventually(BooleanSupplier so) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!so.getAsBoolean() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(so.getAsBoolean()).isTrue();
    }
}
