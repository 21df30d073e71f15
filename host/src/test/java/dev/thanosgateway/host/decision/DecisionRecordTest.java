package dev.thanosgateway.host.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.TwoUpstreams;
import dev.thanosgateway.host.http.Upstream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the record of a request says, asked for over HTTP as soon as its answer is there. */
final class DecisionRecordTest extends TwoUpstreams {
    @BeforeEach
    void start() throws Exception {
        open(tables("m", "n")
                + "[models.aliases]\nboth = [\"a/m\", \"b/n\"]\n"
                + "[circuit_breaker]\nfailure_threshold = 1\ntimeout = 3600\n");
        rig.strategy = (request, snapshot) -> Plan.inOrder(snapshot.candidates());
    }

    private void ask(String id, String request) throws Exception {
        client.post("x-request-id: " + id + "\r\n", request);
    }

    private String answer() throws Exception {
        return client.body(client.head());
    }

    private JsonNode record(String id) throws Exception {
        try (Client other = rig.client()) {
            other.get("/v1/decisions/" + id, "");
            Client.Head head = other.head();
            String body = other.body(head);
            assertThat(head.status()).as(body).isEqualTo(200);
            return JsonMapper.shared().readTree(body);
        }
    }

    @Test
    void ofAPinnedNameThatIsServed() throws Exception {
        ask("r-1", "model=a/m stream=1");
        a.next().begins().chunk("one\n.\n").ends();
        answer();
        JsonNode record = record("r-1");
        assertThat(record.path("model").asString()).isEqualTo("a/m");
        assertThat(record.path("front_end").asString()).isEqualTo("http");
        assertThat(record.path("stream").asBoolean()).isTrue();
        assertThat(record.at("/names/0/understood").asString()).isEqualTo("pinned");
        assertThat(record.path("order").toString()).isEqualTo("[\"a/m\"]");
        assertThat(record.path("outcome").asString()).isEqualTo("served");
        assertThat(record.path("served_by").asString()).isEqualTo("a/m");
        JsonNode attempt = record.at("/attempts/0");
        assertThat(attempt.path("status").asInt()).isEqualTo(200);
        assertThat(attempt.path("outcome").asString()).isEqualTo("served");
        assertThat(attempt.path("sent").asBoolean()).isTrue();
        assertThat(attempt.path("first_event_ms").asDouble()).isPositive();
        assertThat(record.path("passed_over").isEmpty()).isTrue();
    }

    @Test
    void ofAFailoverAndThenOfWhoIsPassedOver() throws Exception {
        ask("r-1", "model=auto");
        a.next().answers(500, "", "secret-of-a is broken");
        b.next().answers(200, "", "one\n.\n");
        assertThat(answer()).isEqualTo("one");
        JsonNode first = record("r-1");
        assertThat(first.at("/names/0/understood").asString()).isEqualTo("auto");
        assertThat(first.at("/names/0/bundle").asString()).isEqualTo("test.order 1.0.0");
        assertThat(first.at("/names/0/candidates/0/provider").asString()).isEqualTo("a");
        assertThat(first.path("order").toString()).isEqualTo("[\"a/m\",\"b/n\"]");
        assertThat(first.at("/attempts/0/status").asInt()).isEqualTo(500);
        assertThat(first.at("/attempts/0/outcome").asString()).isEqualTo("UPSTREAM_UNAVAILABLE");
        assertThat(first.at("/attempts/0/message").asString()).isEqualTo("Provider 'a': [secret] is broken");
        assertThat(first.at("/attempts/1/outcome").asString()).isEqualTo("served");
        assertThat(first.toString()).doesNotContain("secret-of");

        ask("r-2", "model=auto");
        b.next().answers(500, "", "broken as well");
        answer();
        JsonNode second = record("r-2");
        assertThat(second.at("/names/0/candidates/0/unavailable").asString()).contains("failed 1 time");
        assertThat(second.at("/passed_over/0/target").asString()).isEqualTo("a/m");
        assertThat(second.at("/passed_over/0/reason").asString()).contains("was not asked");
        assertThat(second.path("outcome").asString()).isEqualTo("failed");
        assertThat(second.path("error").asString()).isEqualTo("UPSTREAM_UNAVAILABLE");

        // Nobody else is left: the one whose time is over first is asked all the same.
        ask("r-3", "model=auto");
        a.next().answers(200, "", "one\n.\n");
        answer();
        JsonNode third = record("r-3");
        assertThat(third.at("/attempts/0/target").asString()).isEqualTo("a/m");
        assertThat(third.at("/attempts/0/although_set_aside").asBoolean()).isTrue();
    }

    @Test
    void ofACutStreamAndOfACallerWhoWentAway() throws Exception {
        ask("cut", "model=a/m stream=1");
        a.next().begins().chunk("one\n").resets();
        answer();
        JsonNode cut = record("cut");
        assertThat(cut.path("outcome").asString()).isEqualTo("cut");
        assertThat(cut.path("served_by").asString()).isEqualTo("a/m");

        ask("gone", "model=b/n stream=1");
        Upstream.Asked asked = b.next();
        client.close();
        asked.awaitClosed(2_000);
        rig.awaitIdle();
        JsonNode gone = record("gone");
        assertThat(gone.path("outcome").asString()).isEqualTo("cancelled");
        assertThat(gone.at("/attempts/0/outcome").asString()).isEqualTo("CANCELLED");
        assertThat(gone.at("/attempts/0/status").isNull()).isTrue();
    }

    /** Has no counterpart for any request. */
    private static final class Unable implements Chat {
        @Override
        public Exchange<ChatEvent> chat(ChatRequest request) throws GatewayException {
            throw new GatewayException(ErrorKind.UNSUPPORTED, "There is no counterpart for 'seed'.");
        }
    }

    @Test
    void ofWhatWasNeverSentAndOfWhatWasSentTwice() throws Exception {
        rig.provider("a").service = new Unable();
        ask("warm", "model=both");
        b.next().answers(200, "", "one\n.\n");
        answer();
        ask("r-1", "model=both");
        b.next().resets();
        b.next().answers(200, "", "one\n.\n");
        assertThat(answer()).isEqualTo("one");
        JsonNode record = record("r-1");
        assertThat(record.at("/names/0/understood").asString()).isEqualTo("alias");
        assertThat(record.at("/attempts/0/outcome").asString()).isEqualTo("UNSUPPORTED");
        assertThat(record.at("/attempts/0/sent").asBoolean(true)).isFalse();
        assertThat(record.at("/attempts/0/message").asString()).contains("'seed'");
        assertThat(record.at("/attempts/1/stale_connection_retried").asBoolean())
                .isTrue();
    }

    @Test
    void ofAStrategyThatFails() throws Exception {
        rig.strategy = (request, snapshot) -> {
            throw new IllegalStateException("no idea");
        };
        ask("r-1", "model=auto");
        a.next().answers(200, "", "one\n.\n");
        answer();
        assertThat(record("r-1").at("/names/0/file_order_because").asString()).contains("no idea");
        ask("r-2", "model=auto");
        a.next().answers(200, "", "one\n.\n");
        answer();
        assertThat(record("r-2").at("/names/0/file_order_because").asString()).contains("cooling down");
    }

    @Test
    void listedTheNewestFirstAndRefusedInASentence() throws Exception {
        for (String id : new String[] {"r-1", "r-2", "r-3"}) {
            ask(id, "model=a/");
            answer();
        }
        client.get("/v1/decisions?limit=2", "");
        JsonNode list = JsonMapper.shared().readTree(answer());
        assertThat(list.path("data").size()).isEqualTo(2);
        assertThat(list.at("/data/0/request_id").asString()).isEqualTo("r-3");
        assertThat(list.at("/data/0/error").asString()).isEqualTo("INVALID_REQUEST");
        client.get("/v1/decisions?limit=many", "");
        Client.Head refused = client.head();
        assertThat(refused.status()).isEqualTo(400);
        assertThat(client.body(refused)).contains("1 to 1000");
        client.get("/v1/decisions/nothing", "");
        Client.Head unknown = client.head();
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(client.body(unknown)).contains("no decision of the request 'nothing'");
    }

    @Test
    void ofAnAliasWithAStrategyWhoseNumbersSayWhy() throws Exception {
        rig.change(tables("m", "n") + "[models.aliases.mine]\ntargets = [\"a/m\", \"b/n\"]\nstrategy = \"order\"\n");
        Target first = new Target("b", "n");
        rig.strategy = (request, snapshot) -> Plan.of(List.of(first))
                .withWhy("it is the best of all")
                .withScores(Map.of(
                        first,
                        Map.of("weight", 70.0, "not_a_number", Double.NaN),
                        new Target("a", "unplanned"),
                        Map.of("weight", 30.0)));
        ask("r-1", "model=mine");
        b.next().answers(200, "", "one\n.\n");
        answer();
        JsonNode name = record("r-1").at("/names/0");
        assertThat(name.path("understood").asString()).isEqualTo("alias");
        assertThat(name.path("bundle").asString()).isEqualTo("test.order 1.0.0");
        assertThat(name.path("in_this_order_because").asString()).isEqualTo("it is the best of all");
        assertThat(name.path("scores").toString()).isEqualTo("{\"b/n\":{\"weight\":70.0}}");
        assertThat(record("r-1").path("order").toString()).isEqualTo("[\"b/n\",\"a/m\"]");
    }

    @Test
    void ofALoneTargetThatIsAskedAgain() throws Exception {
        rig.change(tables("m", "n") + "[retry]\ninitial_delay = 1\n");
        ask("r-1", "model=a/m");
        a.next().answers(503, "", "later");
        a.next().answers(200, "", "one\n.\n");
        assertThat(answer()).isEqualTo("one");
        JsonNode record = record("r-1");
        assertThat(record.at("/attempts/0/outcome").asString()).isEqualTo("UPSTREAM_UNAVAILABLE");
        assertThat(record.at("/attempts/0/asked_before").asInt()).isZero();
        assertThat(record.at("/attempts/1/outcome").asString()).isEqualTo("served");
        assertThat(record.at("/attempts/1/asked_before").asInt()).isEqualTo(1);
        assertThat(record.at("/attempts/1/key").isNull())
                .as("there is no choice of keys")
                .isTrue();
    }
}
