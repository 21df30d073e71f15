package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.host.config.BreakerSettings;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether one target is set aside for its failures: contract 4. It opens after so many failures in a row, or when more
 * than half of the last {@value #WINDOW} calls failed, of at least {@value #WINDOW_LEAST}. When its time is over one
 * call at a time tries the target again; if it is served, the breaker closes, and lets through only as many calls at
 * once as have begun well since, until those are {@value #FULL}. Used under its target's lock.
 */
final class Breaker {
    /** The number is the metric's. */
    enum State {
        CLOSED(0, "closed"),
        OPEN(1, "open"),
        HALF_OPEN(2, "half-open");

        private final int number;
        private final String word;

        State(int number, String word) {
            this.number = number;
            this.word = word;
        }

        int number() {
            return number;
        }

        String word() {
            return word;
        }
    }

    static final int WINDOW = 50;
    static final int WINDOW_LEAST = 20;
    private static final int FULL = 64;

    private State state = State.CLOSED;
    /** What began before the last change of state says nothing about now. */
    private int epoch;

    private int inARow;
    /** The last outcomes, the latest lowest; 1 = failed. */
    private long outcomes;

    private int counted;
    private long openUntilNanos;
    private String why = "";
    private boolean probing;
    private int probesServed;
    private int allowed = FULL;

    State state() {
        return state;
    }

    int epoch() {
        return epoch;
    }

    /** Failures since the last call that was served. */
    int failuresInARow() {
        return inARow;
    }

    /** When a call may try it again, in {@code nanoTime}; only while open. */
    long openUntilNanos() {
        return openUntilNanos;
    }

    /** @param waiting calls whose first event has not come
     * @return why no further call may go there now, one clause; null = it may */
    @Nullable
    String refusal(long nanos, int waiting) {
        return switch (state) {
            case CLOSED ->
                allowed < FULL && waiting >= allowed ? "it has just recovered and takes few calls at once" : null;
            case OPEN ->
                nanos - openUntilNanos < 0
                        ? why + " and is tried again in " + secondsUntil(openUntilNanos, nanos) + " s"
                        : null;
            case HALF_OPEN -> probing ? why + " and is being tried again" : null;
        };
    }

    static long secondsUntil(long untilNanos, long nanos) {
        return Math.max(1, TimeUnit.NANOSECONDS.toSeconds(untilNanos - nanos + TimeUnit.SECONDS.toNanos(1) - 1));
    }

    /** A call goes there. @return whether it is the one that tries */
    boolean enter(long nanos) {
        if (state == State.OPEN && nanos - openUntilNanos >= 0) {
            become(State.HALF_OPEN);
            probesServed = 0;
            probing = false;
        }
        if (state != State.HALF_OPEN || probing) {
            return false;
        }
        probing = true;
        return true;
    }

    /** There is reason to try it before its time. */
    void mayTry(long nanos) {
        if (state == State.OPEN && openUntilNanos - nanos > 0) {
            openUntilNanos = nanos;
        }
    }

    /** The call that tried it has its first event, or is over: the next one may try. */
    void probed(int of) {
        if (of == epoch) {
            probing = false;
        }
    }

    void began(int of) {
        if (of == epoch && allowed < FULL) {
            allowed++;
        }
    }

    /** @return whether it closed */
    boolean served(int of, BreakerSettings settings) {
        if (of != epoch) {
            return false;
        }
        inARow = 0;
        if (state == State.CLOSED) {
            count(0);
            return false;
        }
        if (++probesServed < settings.successThreshold()) {
            return false;
        }
        become(State.CLOSED);
        outcomes = 0;
        counted = 0;
        allowed = Math.max(2, settings.successThreshold());
        return true;
    }

    /** @return whether it opened */
    boolean failed(int of, long nanos, BreakerSettings settings) {
        if (of != epoch) {
            return false;
        }
        inARow++;
        if (state == State.OPEN || !settings.enabled()) {
            return false;
        }
        if (state == State.CLOSED) {
            count(1);
            int failed = Long.bitCount(outcomes);
            if (inARow >= settings.failureThreshold()) {
                why = "it failed " + inARow + " times in a row";
            } else if (counted >= WINDOW_LEAST && failed * 2 > counted) {
                why = "it failed " + failed + " of its last " + counted + " calls";
            } else {
                return false;
            }
        }
        become(State.OPEN);
        probesServed = 0;
        openUntilNanos = nanos + TimeUnit.SECONDS.toNanos(settings.timeoutSeconds());
        return true;
    }

    private void count(long outcome) {
        outcomes = (outcomes << 1 | outcome) & ((1L << WINDOW) - 1);
        counted = Math.min(counted + 1, WINDOW);
    }

    private void become(State next) {
        state = next;
        epoch++;
    }
}
