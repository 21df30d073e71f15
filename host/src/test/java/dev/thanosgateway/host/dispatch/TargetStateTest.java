package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.config.BreakerSettings;
import dev.thanosgateway.host.config.RetrySettings;
import dev.thanosgateway.host.http.Rig;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a target is set aside and comes back, and how fast it is said to be. */
final class TargetStateTest {
    private static final GatewayException BROKEN =
            new GatewayException(ErrorKind.UPSTREAM_UNAVAILABLE, "It is broken.");

    /** Near the end of what fits, since nanoTime may be anywhere. */
    private long nanos = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(20);

    private BreakerSettings settings = new BreakerSettings(true, 10, 30, 1);
    private final TargetBoard board =
            new TargetBoard(() -> settings, () -> RetrySettings.DEFAULT, new Rig.Counted(), () -> nanos);
    private final TargetState state = new TargetState(new Target("a", "m"), board, nanos);

    private void passes(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private @Nullable Pass tried(boolean forced) {
        return state.admit(true, forced, nanos) instanceof Pass pass ? pass : null;
    }

    private Pass pass() {
        Pass pass = tried(false);
        assertThat(pass).as("it may be asked").isNotNull();
        return pass;
    }

    private void fails(int times) {
        for (int i = 0; i < times; i++) {
            pass().ended(BROKEN);
        }
    }

    private void serves(int times) {
        for (int i = 0; i < times; i++) {
            Pass pass = pass();
            pass.firstEvent();
            pass.ended(null);
        }
    }

    private Candidate described() {
        return state.describe(Candidate.of("a", "t").withModel("m"), true, nanos);
    }

    @Test
    void tenFailuresInARowOpenItAndNineDoNot() {
        fails(9);
        serves(1);
        fails(9);
        assertThat(state.state()).isEqualTo(Breaker.State.CLOSED);
        fails(1);
        assertThat(state.state()).isEqualTo(Breaker.State.OPEN);
        assertThat(tried(false)).isNull();
        assertThat(described().unavailable()).isEqualTo("it failed 10 times in a row and is tried again in 30 s");
    }

    @Test
    void moreThanHalfOfTwentyOpenItAndHalfDoesNot() {
        for (int i = 0; i < 10; i++) {
            fails(1);
            serves(1);
        }
        assertThat(state.state()).isEqualTo(Breaker.State.CLOSED);
        fails(1);
        assertThat(state.state()).isEqualTo(Breaker.State.OPEN);
        assertThat(described().unavailable()).startsWith("it failed 11 of its last 21 calls");
    }

    @Test
    void onlyRecentCallsCount() {
        fails(9);
        serves(50);
        for (int i = 0; i < 25; i++) {
            fails(1);
            serves(1);
        }
        assertThat(state.state()).isEqualTo(Breaker.State.CLOSED);
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorKind.class,
            names = {"UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE", "UPSTREAM_PROTOCOL", "UPSTREAM_LIMITED"},
            mode = EnumSource.Mode.EXCLUDE)
    void whatIsNotItsOwnDoingCountsForNothing(ErrorKind kind) {
        for (int i = 0; i < 40; i++) {
            pass().ended(new GatewayException(kind, "No."));
        }
        assertThat(described().unavailable()).isNull();
        assertThat(described().failures()).isZero();
    }

    @Test
    void oneCallAtATimeTriesItAgainAndClosesItWhenServed() {
        fails(10);
        passes(29_999);
        assertThat(tried(false)).isNull();
        passes(1);
        assertThat(described().unavailable()).isNull();
        Pass probe = pass();
        assertThat(state.state()).isEqualTo(Breaker.State.HALF_OPEN);
        assertThat(tried(false)).isNull();
        assertThat(described().unavailable()).endsWith("and is being tried again");
        probe.firstEvent();
        probe.ended(null);
        assertThat(state.state()).isEqualTo(Breaker.State.CLOSED);
        fails(9);
        assertThat(state.state()).as("it starts afresh").isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void aTryThatFailsSetsItAsideAgainAndOneThatIsLeftLetsTheNextTry() {
        fails(10);
        passes(30_000);
        pass().ended(BROKEN);
        assertThat(state.state()).isEqualTo(Breaker.State.OPEN);
        passes(29_999);
        assertThat(tried(false)).isNull();
        passes(1);
        pass().ended(new GatewayException(ErrorKind.CANCELLED, "The caller went away."));
        pass().unused();
        assertThat(state.state()).isEqualTo(Breaker.State.HALF_OPEN);
        serves(1);
        assertThat(state.state()).isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void aStreamThatTriesItCountsAtItsEndAndDoesNotHoldUpTheNext() {
        fails(10);
        passes(30_000);
        Pass stream = pass();
        stream.firstEvent();
        assertThat(state.state()).isEqualTo(Breaker.State.HALF_OPEN);
        Pass next = pass();
        assertThat(tried(false)).isNull();
        stream.ended(new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "It was cut."));
        assertThat(state.state()).isEqualTo(Breaker.State.OPEN);
        next.ended(null);
        assertThat(state.state()).as("what began before says nothing").isEqualTo(Breaker.State.OPEN);
    }

    @Test
    void asManyMustServeAsTheSettingsSay() {
        settings = new BreakerSettings(true, 3, 1, 2);
        fails(3);
        passes(1_000);
        serves(1);
        assertThat(state.state()).isEqualTo(Breaker.State.HALF_OPEN);
        serves(1);
        assertThat(state.state()).isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void afterItRecoveredItTakesFewCallsAtOnceAtFirst() {
        fails(10);
        passes(30_000);
        serves(1);
        List<Integer> atOnce = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            List<Pass> passes = new ArrayList<>();
            for (Pass pass = tried(false); pass != null && passes.size() < 100; pass = tried(false)) {
                passes.add(pass);
            }
            atOnce.add(passes.size());
            passes.forEach(Pass::firstEvent);
            passes.forEach(pass -> pass.ended(null));
        }
        assertThat(atOnce).containsExactly(2, 4, 8, 16, 32);
    }

    @Test
    void aLoneTargetIsAskedWhileItIsSetAsideAndComesBackAtOnceWhenItServes() {
        fails(10);
        Pass lone = tried(true);
        assertThat(lone).isNotNull();
        lone.ended(BROKEN);
        assertThat(state.state()).isEqualTo(Breaker.State.OPEN);
        Pass again = tried(true);
        assertThat(again).isNotNull();
        again.ended(null);
        assertThat(state.state()).isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void whatBeganBeforeItOpenedDoesNotCloseIt() {
        Pass early = pass();
        fails(10);
        early.ended(null);
        assertThat(state.state()).isEqualTo(Breaker.State.OPEN);
    }

    @Test
    void switchedOffNoFailureSetsItAsideNorAGuessButALimitThatIsSaidDoes() {
        fails(10);
        settings = new BreakerSettings(false, 1, 30, 1);
        fails(40);
        assertThat(described().unavailable()).isNull();
        assertThat(described().failures()).as("strategies put it last").isEqualTo(50);
        pass().ended(limited(null));
        assertThat(described().unavailable()).isNull();
        pass().ended(limited("7"));
        assertThat(described().unavailable()).isEqualTo("it takes no more calls for 7 s");
        assertThat(state.admit(true, false, nanos))
                .isInstanceOfSatisfying(
                        Standing.Refused.class,
                        // Not until its breaker would let somebody try: that one does not count.
                        refused -> assertThat(refused.failure().retryAfter()).isEqualTo("7"));
        passes(7_000);
        serves(1);
    }

    private static GatewayException limited(@Nullable String retryAfter) {
        return new GatewayException(ErrorKind.UPSTREAM_LIMITED, "Slow down.").withRetryAfter(retryAfter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", " 7 ", "6.5"})
    void aLimitSetsItAsideForAsLongAsItSays(String header) {
        pass().ended(limited(header));
        assertThat(described().unavailable()).isEqualTo("it takes no more calls for 7 s");
        assertThat(state.admit(true, false, nanos)).isInstanceOfSatisfying(Standing.Refused.class, refused -> {
            assertThat(refused.failure().kind()).isEqualTo(ErrorKind.UPSTREAM_LIMITED);
            assertThat(refused.failure().retryAfter()).isEqualTo("7");
            assertThat(refused.failure().message()).contains("Slow down.");
        });
        passes(7_000);
        serves(1);
    }

    @Test
    void whoIsOverloadedAndSaysForHowLongIsLeftAloneSoLongAndItCountsAsAFailure() {
        pass().ended(new GatewayException(ErrorKind.UPSTREAM_UNAVAILABLE, "Overloaded.").withRetryAfter("7"));
        assertThat(described().unavailable()).isEqualTo("it takes no more calls for 7 s");
        assertThat(described().failures()).isEqualTo(1);
        assertThat(state.admit(true, false, nanos)).isInstanceOfSatisfying(Standing.Refused.class, refused -> {
            assertThat(refused.failure().kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
            assertThat(refused.failure().retryAfter()).isEqualTo("7");
        });
        passes(7_000);
        serves(1);
        pass().ended(BROKEN);
        assertThat(described().unavailable()).isNull();
    }

    @Test
    void aLimitUntilADateIsOneAndADateThatIsOverOrNoWaitIsNone() {
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
        pass().ended(limited(DateTimeFormatter.RFC_1123_DATE_TIME.format(now.plusSeconds(90))));
        assertThat(described().unavailable()).matches("it takes no more calls for (8[5-9]|90) s");
        passes(90_000);
        pass().ended(limited(DateTimeFormatter.RFC_1123_DATE_TIME.format(now.minusSeconds(90))));
        assertThat(described().unavailable()).isNull();
        pass().ended(limited("0"));
        assertThat(described().unavailable()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-3", "Wed, 99 Foo"})
    void aLimitThatDoesNotSayHowLongIsShortAndGrows(String header) {
        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 32}) {
            Pass together = pass();
            pass().ended(limited(header));
            together.ended(limited(header));
            assertThat(described().unavailable()).isEqualTo("it takes no more calls for " + seconds + " s");
            passes(TimeUnit.SECONDS.toMillis(seconds));
        }
        serves(1);
        pass().ended(limited(null));
        assertThat(described().unavailable()).isEqualTo("it takes no more calls for 1 s");
    }

    private void answersIn(long millis) {
        Pass pass = pass();
        passes(millis);
        pass.firstEvent();
        pass.ended(null);
    }

    @Test
    void itsTimeJumpsUpAndComesDownWithinSeconds() {
        assertThat(described().firstEventMillis()).isZero();
        answersIn(20);
        assertThat(described().firstEventMillis()).isEqualTo(20);
        answersIn(500);
        assertThat(described().firstEventMillis()).isEqualTo(500);
        answersIn(20);
        assertThat(described().firstEventMillis()).isBetween(400L, 499L);
        passes(6_000);
        answersIn(20);
        assertThat(described().firstEventMillis()).isBetween(20L, 90L);
        assertThat(state.describe(Candidate.of("a", "t"), false, nanos).firstEventMillis())
                .as("whole answers take their own time")
                .isZero();
    }

    @Test
    void aCallThatHangsIsSeenWhileItHangs() {
        answersIn(20);
        pass();
        passes(10);
        pass();
        assertThat(described().firstEventMillis()).isEqualTo(20);
        passes(2_000);
        assertThat(described().firstEventMillis()).isEqualTo(2_010);
    }

    @Test
    void failuresAreRecentForAWhileAndUntilItServes() {
        fails(2);
        assertThat(described().failures()).isEqualTo(2);
        passes(10_000);
        assertThat(described().failures()).isZero();
        fails(1);
        assertThat(described().failures()).isEqualTo(3);
        serves(1);
        assertThat(described().failures()).isZero();
    }
}
