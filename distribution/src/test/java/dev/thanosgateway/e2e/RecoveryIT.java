package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Keys that take turns through an edit, a lone target that is asked again, and who is looked after while idle. */
class RecoveryIT {
    private static final String ERROR = "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"param\":null,\"code\":null}}";
    private static final String FIRST = "sk-first-7f3a91";
    private static final String OTHER = "sk-other-c0ffee";

    private static FakeUpstream keyed;
    private static FakeUpstream lone;
    private static FakeUpstream idle;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        keyed = new FakeUpstream(new FakeOpenAi());
        lone = new FakeUpstream(new FakeOpenAi());
        idle = new FakeUpstream(call -> call.json(503, ERROR));
        gateway = Gateway.with(file("\"" + FIRST + "\", \"" + FakeOpenAi.KEY + "\"", "before"))
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        keyed.close();
        lone.close();
        idle.close();
    }

    private static String file(String keys, String alias) {
        // Not the one most tests share: it asks nobody by itself.
        return "[server]\nbind = \"127.0.0.1:0\"\ngrpc = \"127.0.0.1:0\"\n[probes]\nidle_ms = 300\n"
                + Configurations.provider("keyed", keyed, "").replaceFirst("api_key = .*", "api_keys = [" + keys + "]")
                + Configurations.provider("lone", lone, "")
                + Configurations.provider("idle", idle, "")
                + "[models.aliases]\n" + alias + " = \"lone/fake-small\"\n";
    }

    private static HttpResponse<String> ask(String model) throws Exception {
        return gateway.post(Chats.PATH, Chats.whole(model, "hi"));
    }

    private static String health(String provider) throws Exception {
        return gateway.json("/health").at("/providers/" + provider + "/status").asString();
    }

    private static void assertServed(HttpResponse<String> answer, int attempts) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-thanos-attempts")).hasValue(String.valueOf(attempts));
    }

    private static JsonNode restingKeys() throws Exception {
        return gateway.provider("keyed").path("resting_keys");
    }

    @Test
    void aKeyThatRestsRestsOnThroughAnEditAndIsNeverShown() throws Exception {
        FakeOpenAi usual = new FakeOpenAi();
        keyed.script(call -> {
            if (("Bearer " + FIRST).equals(call.request().header("authorization"))) {
                call.json(429, ERROR, "retry-after: 60");
            } else {
                usual.answer(call);
            }
        });
        // One of the two has its turn with a probe perhaps.
        Eventually.within(Duration.ofSeconds(5), "the first key has its turn", () -> {
            assertThat(ask("keyed/fake-large").statusCode()).isEqualTo(200);
            return !restingKeys().isEmpty();
        });
        assertThat(restingKeys().path("key 1").asString()).startsWith("it takes no more calls and is used again in ");
        assertServed(ask("keyed/fake-large"), 1);
        assertThat(gateway.provider("keyed").path("set_aside")).isEmpty();

        Path next = gateway.configuration().resolveSibling("thanos.toml.next");
        Files.writeString(next, file("\"" + OTHER + "\", \"" + FakeOpenAi.KEY + "\", \"" + FIRST + "\"", "after"));
        Files.move(next, gateway.configuration(), StandardCopyOption.ATOMIC_MOVE);
        Eventually.within(
                Duration.ofSeconds(5),
                "the edit is in force",
                () -> gateway.get("/v1/models/after").statusCode() == 200);
        // The new one is wrong, and rests beside the one that rested before.
        Eventually.within(Duration.ofSeconds(5), "the new key has its turn", () -> {
            assertThat(ask("keyed/fake-large").statusCode()).isEqualTo(200);
            return restingKeys().size() == 2;
        });
        assertThat(restingKeys().path("key 1").asString()).startsWith("it was refused");
        assertThat(restingKeys().path("key 3").asString()).startsWith("it takes no more calls");
        assertThat(gateway.output()).contains("key 1 of provider 'keyed' rests").doesNotContain("sk-");
        assertThat(gateway.get("/v1/providers").body()).doesNotContain("sk-");
    }

    @Test
    void aLoneTargetIsAskedAgainByDefault() throws Exception {
        FakeOpenAi usual = new FakeOpenAi();
        AtomicInteger chats = new AtomicInteger();
        lone.script(call -> {
            if (call.request().line().startsWith("POST") && chats.incrementAndGet() < 3) {
                call.json(503, ERROR);
            } else {
                usual.answer(call);
            }
        });
        assertServed(ask("lone/fake-large"), 3);
    }

    @Test
    void whoeverNobodyAsksIsLookedAfter() throws Exception {
        // Degraded at first, unhealthy after some probes.
        Eventually.within(
                Duration.ofSeconds(10), "its list fails", () -> !health("idle").equals("healthy"));
        assertThat(gateway.provider("idle").path("circuit_breaker").asString()).isEqualTo("closed");
        idle.script(new FakeOpenAi());
        Eventually.within(
                Duration.ofSeconds(20),
                "its list is there",
                () -> health("idle").equals("healthy"));
        assertThat(idle.take().line()).startsWith("GET /v1/models ");
    }
}
