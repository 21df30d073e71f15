package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.http.TwoUpstreams;
import dev.thanosgateway.host.http.Upstream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Who is asked for its models to see how it is. */
final class IdleProbesTest extends TwoUpstreams {
    private void start(String more) throws Exception {
        open(tables("m", "m") + "[circuit_breaker]\nfailure_threshold = 1\ntimeout = 3600\n" + more);
    }

    private static Upstream.Asked probe(Upstream upstream) throws Exception {
        Upstream.Asked asked = upstream.next();
        assertThat(asked.head).startsWith("GET /v1/models ");
        return asked;
    }

    private void setAside() throws Exception {
        client.post("model=a/m");
        a.next().answers(500, "", "broken");
        assertThat(client.body(client.head())).startsWith("UPSTREAM_UNAVAILABLE");
    }

    @Test
    void whoWasNeverAskedIsProbedUntilItAnswersAndThenNoMore() throws Exception {
        start("[probes]\nidle_ms = 100\n");
        probe(a).answers(503, "", "later");
        probe(b).answers(200, "", "m");
        probe(a).answers(200, "", "m");
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(600));
        assertThat(a.quiet() && b.quiet()).isTrue();
    }

    @Test
    void whoIsSetAsideMayBeTriedBeforeItsTimeByOneCall() throws Exception {
        start("[probes]\nidle_ms = 100\n");
        probe(a).answers(200, "", "m");
        probe(b).answers(200, "", "m");
        setAside();
        client.post("model=auto");
        assertThat(chatOf()).isSameAs(b);
        probe(a).answers(200, "", "m");
        Upstream asked = b;
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5); asked == b && System.nanoTime() - end < 0; ) {
            client.post("model=auto");
            asked = chatOf();
        }
        assertThat(asked).isSameAs(a);
    }

    /** Who is asked for a chat, which is served; probes that come meanwhile are answered. */
    private Upstream chatOf() throws Exception {
        while (true) {
            while (a.quiet() && b.quiet()) {
                LockSupport.parkNanos(1_000_000);
            }
            Upstream asked = a.quiet() ? b : a;
            Upstream.Asked request = asked.next();
            request.answers(200, "", request.head.startsWith("GET") ? "m" : "one\n.\n");
            if (request.head.startsWith("POST")) {
                assertThat(client.body(client.head())).isEqualTo("one");
                return asked;
            }
        }
    }

    @Test
    void nobodyIsProbedWhereProbesAreOff() throws Exception {
        start("[probes]\nenabled = false\nidle_ms = 100\n");
        setAside();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(600));
        assertThat(a.quiet() && b.quiet()).isTrue();
    }
}
