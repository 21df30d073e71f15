package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.metrics.Metrics;

/**
 * What one attempt has read from upstream and its client has not taken yet, counted in the budget of all answers. What
 * the exchange keeps of a frame that is not whole is known by what went in since something came out.
 *
 * <p>Used by one thread at a time, but for {@link #close}.
 */
final class AnswerShare {
    /** The budget is asked for this much at a time, not for every slice. */
    private static final long STEP_BYTES = 256L * 1024;

    private final ByteBudget.Share share;
    private final Metrics metrics;
    private long held;
    private boolean gave;

    AnswerShare(ByteBudget budget, Metrics metrics) {
        this.share = budget.share();
        this.metrics = metrics;
    }

    /**
     * A slice is read.
     *
     * @throws GatewayException OVERLOADED when all answers together hold as much as they may
     */
    void read(int bytes) throws GatewayException {
        held += bytes;
        if (held > HeldBytes.FREE_BYTES && !share.reach((held + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES)) {
            metrics.refused("answer_budget");
            throw new GatewayException(
                            ErrorKind.OVERLOADED,
                            "The answers being served hold all the memory they may. Try again soon, or raise"
                                    + " [server] answer_budget_mb.")
                    .withRetryAfter("1");
        }
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
        }
        held = 0;
    }

    /** The attempt is over, on any thread. */
    void close() {
        share.close();
    }
}
