package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.TwoUpstreams;
import dev.thanosgateway.host.http.Upstream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several credentials of one provider. */
final class KeysTest extends TwoUpstreams {
    @BeforeEach
    void start() throws Exception {
        String several = Rig.table("a", a).replaceFirst("api_key = .*", "api_keys = [\"secret-1\", \"secret-2\"]");
        open(several + "model = \"m\"\n" + Rig.table("b", b) + "model = \"m\"\n");
    }

    /** The request has come with a key; answered, and read where it ends the call. */
    private static Upstream.Asked asked(Upstream upstream, String key) throws Exception {
        Upstream.Asked asked = upstream.next();
        assertThat(asked.head).containsIgnoringCase("authorization: Bearer " + key + "\r\n");
        return asked;
    }

    private void serves(Upstream upstream, String key) throws Exception {
        asked(upstream, key).answers(200, "", "one\n.\n");
    }

    private void served(String by, int attempts) throws Exception {
        Client.Head head = client.head();
        assertThat(client.body(head)).isEqualTo("one");
        assertThat(head.field("x-thanos-provider")).isEqualTo(by);
        assertThat(head.field("x-thanos-attempts")).isEqualTo(String.valueOf(attempts));
    }

    @Test
    void theyTakeTurns() throws Exception {
        for (String key : new String[] {"secret-1", "secret-2", "secret-1"}) {
            client.post("model=a/m");
            serves(a, key);
            served("a", 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 401, 402, 403})
    void oneThatIsLimitedOrRefusedRestsAndTheNextOneIsTheNextAttempt(int status) throws Exception {
        client.post("model=a/m fallbacks=b/m");
        asked(a, "secret-1").answers(status, "retry-after: 77\r\n", "no");
        serves(a, "secret-2");
        served("a", 2);
        for (int i = 0; i < 2; i++) {
            client.post("model=a/m");
            serves(a, "secret-2");
            served("a", 1);
        }
        assertThat(b.quiet()).isTrue();
    }

    @Test
    void whereAllAreLimitedTheTargetIsSetAsideUntilTheFirstIsBack() throws Exception {
        client.post("model=a/m fallbacks=b/m");
        asked(a, "secret-1").answers(429, "retry-after: 7\r\n", "no");
        asked(a, "secret-2").answers(429, "retry-after: 77\r\n", "no");
        serves(b, "secret-of-b");
        served("b", 3);
        client.post("model=a/m fallbacks=b/m");
        b.next().answers(500, "", "broken");
        Client.Head head = client.head();
        assertThat(head.field("retry-after")).isEqualTo("7");
        assertThat(client.body(head)).contains("it takes no more calls for 7 s");
    }

    @Test
    void whereAllAreRefusedOneIsUsedAllTheSame() throws Exception {
        client.post("model=a/m");
        asked(a, "secret-1").answers(401, "", "secret-1 is wrong");
        asked(a, "secret-2").answers(401, "", "secret-2 is wrong");
        Client.Head head = client.head();
        assertThat(head.status()).isEqualTo(502);
        assertThat(client.body(head)).startsWith("UPSTREAM_AUTH").doesNotContain("secret-1", "secret-2");
        client.post("model=a/m");
        serves(a, "secret-1");
        served("a", 1);
    }

    @Test
    void whatIsNotAboutAKeyIsNotAskedWithAnother() throws Exception {
        client.post("model=a/m");
        asked(a, "secret-1").answers(500, "", "broken");
        assertThat(client.body(client.head())).startsWith("UPSTREAM_UNAVAILABLE");
        client.post("model=a/m");
        asked(a, "secret-2").answers(400, "", "bad request");
        assertThat(client.body(client.head())).startsWith("INVALID_REQUEST");
        client.post("model=a/m");
        serves(a, "secret-1");
        served("a", 1);
    }
}
