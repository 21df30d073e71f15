package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.TwoUpstreams;
import dev.thanosgateway.host.http.Upstream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is asked while targets are set aside, and what a strategy is told of them. */
final class CourseTest extends TwoUpstreams {
    @BeforeEach
    void start() throws Exception {
        open(tables("m", "m") + "[circuit_breaker]\nfailure_threshold = 2\ntimeout = 3600\n");
    }

    private static void fails(Upstream upstream) throws Exception {
        upstream.next().answers(500, "", "broken");
    }

    private String body() throws Exception {
        return client.body(client.head());
    }

    /** Both fail until both are set aside. */
    private void setBothAside() throws Exception {
        for (int i = 0; i < 2; i++) {
            client.post("model=auto");
            fails(a);
            fails(b);
            assertThat(client.head().status()).isEqualTo(503);
            // Its body is of no interest, but has to be read.
            client.close();
            client = rig.client();
        }
    }

    @Test
    void whoIsSetAsideIsPassedOverAndItIsNoAttempt() throws Exception {
        for (int i = 0; i < 2; i++) {
            client.post("model=auto");
            fails(a);
            b.next().answers(200, "", "one\n.\n");
            assertThat(body()).isEqualTo("one");
        }
        client.post("model=auto");
        b.next().answers(200, "", "one\n.\n");
        Client.Head head = client.head();
        assertThat(client.body(head)).isEqualTo("one");
        assertThat(head.field("x-thanos-attempts")).isEqualTo("1");
        assertThat(a.quiet()).isTrue();
    }

    @Test
    void whoServesNobodyElseIsToldWhyOthersWereNotAsked() throws Exception {
        for (int i = 0; i < 2; i++) {
            client.post("model=a/m");
            fails(a);
            assertThat(body()).startsWith("UPSTREAM_UNAVAILABLE");
        }
        client.post("model=auto");
        fails(b);
        assertThat(body())
                .contains("Provider 'a' was not asked, since it failed 2 times in a row", "Asked in this order", "b/m");
    }

    @Test
    void whereAllAreSetAsideOneIsAskedAllTheSame() throws Exception {
        setBothAside();
        client.post("model=auto");
        fails(a);
        assertThat(client.head().status()).isEqualTo(503);
        assertThat(b.quiet()).isTrue();
    }

    @Test
    void aLoneTargetIsAskedAndItsAnswerBringsItBack() throws Exception {
        setBothAside();
        client.post("model=b/m");
        fails(b);
        String told = body();
        assertThat(told).contains("broken").doesNotContain("not asked");
        client.post("model=b/m");
        b.next().answers(200, "", "one\n.\n");
        assertThat(body()).isEqualTo("one");
        client.post("model=auto");
        b.next().answers(200, "", "one\n.\n");
        assertThat(body()).isEqualTo("one");
        assertThat(a.quiet()).isTrue();
    }

    @Test
    void aLimitedTargetIsNotAskedAndTheLimitIsPassedOn() throws Exception {
        client.post("model=a/m");
        a.next().answers(429, "retry-after: 77\r\n", "slow down");
        assertThat(body()).startsWith("UPSTREAM_LIMITED");
        client.post("model=auto");
        fails(b);
        Client.Head head = client.head();
        assertThat(head.status()).isEqualTo(429);
        assertThat(head.field("retry-after")).isEqualTo("77");
        assertThat(client.body(head)).contains("it takes no more calls for 77 s");
        assertThat(a.quiet()).isTrue();
    }

    @Test
    void strategiesAreToldWhoIsSetAsideAndWhatTheSessionIs() throws Exception {
        List<String> seen = new ArrayList<>();
        var plan = rig.strategy;
        rig.strategy = (request, snapshot) -> {
            seen.add(String.valueOf(request.session()));
            snapshot.candidates()
                    .forEach(one -> seen.add(one.provider() + " " + one.failures() + " " + one.unavailable()));
            return plan.plan(request, snapshot);
        };
        for (int i = 0; i < 2; i++) {
            client.post("model=a/m");
            fails(a);
            body();
        }
        client.send("POST /toy HTTP/1.1\r\nHost: 127.0.0.1\r\nSession_id: s-1\r\nContent-Length: 10\r\n\r\nmodel=auto");
        b.next().answers(200, "", "one\n.\n");
        assertThat(body()).isEqualTo("one");
        assertThat(seen)
                .containsExactly("s-1", "a 2 it failed 2 times in a row and is tried again in 3600 s", "b 0 null");
    }
}
