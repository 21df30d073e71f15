package dev.thanosgateway.host.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.routing.Target;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How many records are kept, and how much of what comes from outside. */
final class DecisionsTest {
    private static final long ROOM = 1 << 20;

    private final AtomicInteger most = new AtomicInteger(3);

    private static Arrival arrival(String id) {
        return new Arrival(id, "toy", System.nanoTime(), true, null);
    }

    private static void ended(Decisions decisions, String id, String message) {
        Trail trail = decisions.begin(arrival(id), "m", false, false);
        trail.names("a/m", Understood.PINNED);
        trail.asks(new Target("a", "m"), "test 1.0.0", null);
        trail.over(new GatewayException(ErrorKind.UPSTREAM_UNAVAILABLE, message), false, null);
    }

    /** What the one record that is found under an id says went wrong. */
    private static @Nullable Object message(Decisions decisions, String id) {
        Decision found = decisions.find(id, Reader.OPERATOR);
        return found == null ? null : found.told().get("message");
    }

    private static List<Object> ids(Decisions decisions) {
        return decisions.newest(100, Reader.OPERATOR).stream()
                .map(one -> one.told().get("request_id"))
                .toList();
    }

    @Test
    void theOldestLeaveForLaterOnes() {
        Decisions decisions = new Decisions(most::get, ROOM);
        for (int i = 0; i < 5; i++) {
            ended(decisions, "r" + i, "no");
        }
        assertThat(ids(decisions)).containsExactly("r4", "r3", "r2");
        assertThat(decisions.find("r1", Reader.OPERATOR)).isNull();
        assertThat(decisions.missing("r1")).contains("'r1'", "decisions");
        most.set(1);
        assertThat(decisions.find("r3", Reader.OPERATOR)).isNull();
        assertThat(ids(decisions)).containsExactly("r4");
        most.set(0);
        assertThat(ids(decisions)).isEmpty();
        assertThat(decisions.missing("r4")).contains("decisions is 0");
    }

    @Test
    void ofTwoWithOneIdTheLaterIsFoundAndStaysWhenTheOtherLeaves() {
        Decisions decisions = new Decisions(most::get, ROOM);
        ended(decisions, "same", "first");
        ended(decisions, "same", "second");
        ended(decisions, "r1", "no");
        ended(decisions, "r2", "no");
        assertThat(message(decisions, "same")).isEqualTo("second");
    }

    @Test
    void longTextsAreCutAndTogetherTheyHaveTheirLimit() {
        most.set(1_000);
        Decisions decisions = new Decisions(most::get, 20_000);
        Trail trail = decisions.begin(arrival("long"), "m".repeat(1 << 20), false, false);
        trail.names("m".repeat(1 << 20), Understood.PINNED);
        trail.order(List.of(new Target("a", "m".repeat(1 << 20))));
        trail.passedOver(
                new Target("a", "m".repeat(1 << 20)),
                new GatewayException(ErrorKind.UPSTREAM_UNAVAILABLE, "w".repeat(1 << 20)));
        trail.over(new GatewayException(ErrorKind.INVALID_REQUEST, "w".repeat(1 << 20)), false, null);
        assertThat(decisions.newest(1, Reader.OPERATOR).get(0).told().toString())
                .hasSizeBetween(2_000, 4_000);
        for (int i = 0; i < 100; i++) {
            ended(decisions, "r" + i, "w".repeat(2_000));
        }
        assertThat(ids(decisions)).hasSizeBetween(3, 20).startsWith("r99");
    }

    @Test
    void whatFailsAfterItWasSaidToBeServedHasFailed() {
        Decisions decisions = new Decisions(most::get, ROOM);
        Trail trail = decisions.begin(arrival("r"), "m", false, false);
        trail.asks(new Target("a", "m"), "test 1.0.0", null);
        trail.over(null, false, null);
        assertThat(decisions.newest(1, Reader.OPERATOR).get(0).told()).containsEntry("outcome", "served");
        trail.answered(new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "no answer in it"));
        trail.over(new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "no answer in it"), false, null);
        assertThat(decisions.newest(1, Reader.OPERATOR).get(0).told().toString())
                .contains("outcome=failed", "outcome=UPSTREAM_PROTOCOL");
        assertThat(ids(decisions)).containsExactly("r");
    }

    private static final GatewayException NO = new GatewayException(ErrorKind.UNAUTHENTICATED, "n".repeat(5_000));

    private static void stranger(Decisions decisions, String id) {
        decisions.refused(new Arrival(id, "toy", System.nanoTime(), false, null), NO);
    }

    @Test
    void aFloodOfRefusalsPushesOutNoneThatWentFurther() {
        most.set(5_000);
        Decisions decisions = new Decisions(most::get, ROOM);
        ended(decisions, "answered", "no");
        decisions.refused(arrival("refused"), NO);
        for (int i = 0; i < 10_000; i++) {
            stranger(decisions, "s" + i);
        }
        assertThat(decisions.find("answered", Reader.OPERATOR)).isNotNull();
        assertThat(decisions.find("refused", Reader.OPERATOR)).isNotNull();
        assertThat(decisions.find("s9999", Reader.OPERATOR)).isNotNull();
        assertThat(decisions.find("s9999", Reader.caller(null))).isNull();
        assertThat(decisions.newest(1_000, Reader.OPERATOR)).hasSizeBetween(20, 202);
        assertThat(decisions.newest(1_000, Reader.caller(null))).hasSize(2);
        for (int i = 0; i < 10_000; i++) {
            decisions.refused(arrival("k" + i), NO);
        }
        assertThat(decisions.find("answered", Reader.OPERATOR)).isNotNull();
        assertThat(decisions.newest(10_000, Reader.caller(null))).hasSizeLessThan(1_002);
    }

    @Test
    void whoGuessesAnIdHidesNothing() {
        Decisions decisions = new Decisions(most::get, ROOM);
        ended(decisions, "r", "no");
        stranger(decisions, "r");
        assertThat(message(decisions, "r")).isEqualTo("no");
        decisions.refused(arrival("r"), NO);
        assertThat(message(decisions, "r")).isNotEqualTo("no");
        most.set(0);
        stranger(decisions, "r");
        assertThat(decisions.find("r", Reader.OPERATOR)).isNull();
    }
}
