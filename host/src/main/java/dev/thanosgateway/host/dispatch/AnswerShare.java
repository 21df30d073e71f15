package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.metrics.Metrics;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt has read from upstream and its client has not taken yet, counted in the budget of all answers, and
 * by what it costs in the memory of the process. What the exchange keeps of a frame that is not whole is known by what
 * went in since something came out.
 *
 * <p>Used by one thread at a time, but for {@link #close}.
 */
final class AnswerShare {
    /** The budget is asked for this much at a time, not for every slice. */
    private static final long STEP_BYTES = 256L * 1024;
    /** Of bytes that are passed on as they are: collected in an array that grows by doubling, and copied twice. */
    private static final long RELAY_FACTOR = 4;

    private final ByteBudget.Share share;
    private final ByteBudget.Share memory;
    private final Metrics metrics;
    private long held;
    /** Of an answer that is translated, from its first byte on; null = it is passed on as it is. */
    private @Nullable Weight weight;

    private boolean gave;

    AnswerShare(HeldBytes all, Metrics metrics) {
        this.share = all.answers().share();
        this.memory = all.memory().share();
        this.metrics = metrics;
    }

    /** @param asIs whether the answer is passed on as it comes, not translated */
    void relays(boolean asIs) {
        weight = asIs ? null : new Weight();
    }

    /**
     * A slice is read.
     *
     * @throws GatewayException OVERLOADED when all answers together hold as much as they may
     */
    void read(ByteBuffer slice) throws GatewayException {
        int more = slice.remaining();
        held += more;
        if (weight != null) {
            weight.add(slice);
        }
        if (held > HeldBytes.FREE_BYTES) {
            reach();
        }
    }

    /**
     * An event is made that was read from nowhere.
     *
     * @param bytes of its text
     * @throws GatewayException OVERLOADED when all answers together hold as much as they may
     */
    void made(long bytes) throws GatewayException {
        held += bytes;
        if (held > HeldBytes.FREE_BYTES) {
            reach();
        }
    }

    private void reach() throws GatewayException {
        long cost = Math.max(RELAY_FACTOR * held, weight == null ? 0 : weight.peak());
        if (!share.reach(steps(held)) || !memory.reach(steps(cost))) {
            metrics.refused("answer_budget");
            throw new GatewayException(
                            ErrorKind.OVERLOADED,
                            "The answers being served hold all the memory they may. Try again soon, or raise"
                                    + " [server] answer_budget_mb and the heap (-Xmx in THANOS_JAVA_OPTS).")
                    .withRetryAfter("1");
        }
    }

    private static long steps(long bytes) {
        return (bytes + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
    }

    /** @param something whether the exchange gave anything for that slice */
    void gave(boolean something) {
        gave = something;
    }

    /** The client took what the exchange gave, and so what was read is no longer held. */
    void taken() {
        if (!gave) {
            return;
        }
        if (held > HeldBytes.FREE_BYTES) {
            share.release();
            memory.release();
        }
        if (weight != null) {
            weight.clear();
        }
        held = 0;
    }

    /** The attempt is over, on any thread. */
    void close() {
        share.close();
        memory.close();
    }
}
