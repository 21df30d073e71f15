package dev.thanosgateway.host.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.TwoUpstreams;
import dev.thanosgateway.host.http.Upstream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept of requests that were refused before anything was decided about them, and who may read it. */
final class RefusedRecordTest extends TwoUpstreams {
    private static final String ONE = "x-api-key: sk-the-first-key-of-all\r\n";
    private static final String TWO = "x-api-key: sk-the-second-key-here\r\n";
    private static final String KEYS =
            "[auth]\nenabled = true\napi_keys = [\"sk-the-first-key-of-all\", \"sk-the-second-key-here\"]\n";

    private void start(String more) throws Exception {
        open(more + tables("m", "n"));
        listsNothing(a);
        listsNothing(b);
    }

    /** Lists of models are asked for where a name could be a listed one. */
    private static void listsNothing(Upstream upstream) {
        Thread.ofVirtual().start(() -> {
            while (true) {
                try {
                    upstream.next().answers(404, "", "no list");
                } catch (AssertionError | InterruptedException e) {
                    return;
                }
            }
        });
    }

    private int asked(String id, String headers, String body) throws Exception {
        try (Client one = rig.client()) {
            one.post("x-request-id: " + id + "\r\n" + headers, body);
            Client.Head head = one.head();
            assertThat(head.field("x-request-id")).isEqualTo(id);
            return head.status();
        }
    }

    private Map<String, @Nullable Object> record(String id) {
        Decision found = rig.service.decisions().find(id, Reader.OPERATOR);
        return Objects.requireNonNull(found, () -> "no record of " + id).told();
    }

    private int read(String id, String key) throws Exception {
        try (Client one = rig.client()) {
            one.get("/v1/decisions/" + id, key);
            return one.head().status();
        }
    }

    private String list(String key) throws Exception {
        try (Client one = rig.client()) {
            one.get("/v1/decisions", key);
            return one.body(one.head());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', nonsense, 400, INVALID_REQUEST, nonsense",
        "'Origin: https://evil.example\r\n', model=a/m, 403, FORBIDDEN, evil.example",
        "'Content-Type: text/plain\r\nExpect: 100-continue\r\n', '', 400, INVALID_REQUEST, is no field",
    })
    void ofWhatIsRefusedAtAnOpenGateway(String headers, String body, int status, String kind, String message)
            throws Exception {
        start("");
        assertThat(asked("r-1", headers, body)).isEqualTo(status);
        Map<String, @Nullable Object> record = record("r-1");
        assertThat(record)
                .containsEntry("outcome", "refused")
                .containsEntry("error", kind)
                .containsEntry("endpoint", "toy")
                .containsEntry("model", null);
        assertThat(record.get("message")).asString().contains(message);
    }

    @Test
    void ofABodyThatIsTooLargeOneThatNeverComesAndWhatIsNoHttp() throws Exception {
        start("[server]\nmax_body_mb = 1\n");
        assertThat(asked("large", "", "x".repeat(1_100_000))).isEqualTo(413);
        assertThat(record("large")).containsEntry("error", "TOO_LARGE").containsEntry("caller_known", true);

        client.send("POST /toy HTTP/1.1\r\nHost: 127.0.0.1\r\nx-request-id: gone\r\nContent-Length: 100\r\n\r\nhalf");
        client.close();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (rig.service.decisions().find("gone", Reader.OPERATOR) == null && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(record("gone")).containsEntry("error", "INVALID_REQUEST");
        assertThat(record("gone").get("message")).asString().contains("not framed");

        try (Client one = rig.client()) {
            one.send("POST /toy HTTP/1.1\r\nx-request-id: bad\r\nHost: 127.0.0.1\r\nHost: 127.0.0.2\r\n\r\n");
            assertThat(one.head().status()).isEqualTo(400);
        }
        assertThat(rig.service.decisions().newest(1, Reader.OPERATOR).get(0).told())
                .containsEntry("error", "INVALID_REQUEST")
                .containsEntry("caller_known", false);
    }

    @Test
    void ofAnUnknownModelOfALimitAndOfAPathNobodyServes() throws Exception {
        start("[rate_limiting]\nrequests_per_minute = 1\n");
        assertThat(asked("unknown", "", "model=none/such")).isEqualTo(404);
        assertThat(record("unknown")).containsEntry("outcome", "failed").containsEntry("error", "MODEL_NOT_FOUND");
        assertThat(asked("limited", "", "model=a/m")).isEqualTo(429);
        assertThat(record("limited")).containsEntry("outcome", "refused").containsEntry("error", "RATE_LIMITED");
        try (Client one = rig.client()) {
            one.send("POST /elsewhere HTTP/1.1\r\nHost: 127.0.0.1\r\nx-request-id: lost\r\nContent-Length: 0\r\n\r\n");
            assertThat(one.head().status()).isEqualTo(404);
        }
        assertThat(record("lost")).containsEntry("error", "NOT_FOUND").containsEntry("endpoint", "other");
    }

    @Test
    void aKeyReadsItsOwnAndNobodyElsesAndThoseOfNobodyKnownAreTheOperators() throws Exception {
        start(KEYS);
        assertThat(asked("keyless", "", "model=a/m")).isEqualTo(401);
        assertThat(asked("wrong", "x-api-key: sk-something-else\r\n", "model=a/m"))
                .isEqualTo(401);
        assertThat(asked("same", ONE, "nonsense")).isEqualTo(400);
        assertThat(asked("first", ONE, "nonsense")).isEqualTo(400);
        assertThat(asked("planned", ONE, "model=none/such")).isEqualTo(404);
        assertThat(asked("same", TWO, "model=none/such")).isEqualTo(404);
        assertThat(record("keyless")).containsEntry("error", "UNAUTHENTICATED").containsEntry("caller_known", false);
        assertThat(record("wrong").toString()).doesNotContain("something-else");

        assertThat(list(ONE)).contains("\"first\"", "\"planned\"", "\"same\"").doesNotContain("keyless", "wrong");
        assertThat(list(TWO)).contains("\"same\"").doesNotContain("first", "planned", "keyless", "wrong");
        for (String id : new String[] {"first", "planned", "same"}) {
            assertThat(read(id, ONE)).as(id).isEqualTo(200);
        }
        assertThat(read("same", TWO)).isEqualTo(200);
        for (String id : new String[] {"first", "planned", "keyless", "wrong"}) {
            assertThat(read(id, TWO)).as(id).isEqualTo(404);
        }
        assertThat(read("first", "")).isEqualTo(401);
        assertThat(read("keyless", ONE)).isEqualTo(404);
        // Of two with one id each key has its own.
        assertThat(Objects.requireNonNull(rig.service.decisions().find("same", Reader.OPERATOR))
                        .told())
                .containsEntry("model", "none/such");
    }
}
