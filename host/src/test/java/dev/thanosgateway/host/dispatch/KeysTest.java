package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.ToyResults;
import dev.thanosgateway.host.http.TwoUpstreams;
import dev.thanosgateway.host.http.Upstream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

    @ParameterizedTest
    @CsvSource({"/toy/count, tokens=3", "/toy/embed, tokens=3"})
    void whatIsNoChatTeachesTheSame(String path, String answer) throws Exception {
        rig.provider("a").service = new ToyResults.Provider();
        String request = path.endsWith("count") ? "model=a/m text=hello" : "model=a/m inputs=x";
        String good = path.endsWith("count") ? answer : "0.5\n" + answer;
        for (int status : new int[] {401, 429}) {
            client.postTo(path, request);
            asked(a, status == 401 ? "secret-1" : "secret-2").answers(status, "retry-after: 77\r\n", "no");
            if (status == 401) {
                asked(a, "secret-2").answers(200, "", good);
            }
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(status == 401 ? 200 : 429);
            client.body(head);
        }
        assertThat(rig.service.keys().resting("a"))
                .hasEntrySatisfying("key 1", why -> assertThat(why).startsWith("it was refused"))
                .hasEntrySatisfying("key 2", why -> assertThat(why).startsWith("it takes no more calls"));
        // Of the two that rest, the one that is back first.
        client.post("model=a/m");
        serves(a, "secret-2");
        served("a", 1);
    }

    @Test
    void theRecordSaysWhichOneEachAttemptWasMadeWithAndNoneOfThem() throws Exception {
        client.post("x-request-id: r-1\r\n", "model=a/m");
        asked(a, "secret-1").answers(429, "retry-after: 77\r\n", "secret-1 has had enough");
        serves(a, "secret-2");
        served("a", 2);
        client.get("/v1/decisions/r-1", "");
        String told = client.body(client.head());
        assertThat(told).doesNotContain("secret-").contains("******** has had enough");
        JsonNode attempts = JsonMapper.shared().readTree(told).path("attempts");
        assertThat(attempts.at("/0/key").asString()).isEqualTo("key 1");
        assertThat(attempts.at("/0/outcome").asString()).isEqualTo("UPSTREAM_LIMITED");
        assertThat(attempts.at("/1/key").asString()).isEqualTo("key 2");
        assertThat(attempts.at("/1/outcome").asString()).isEqualTo("served");
    }
}
