package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;

/**
 * What one stream's writer keeps of its answer, and what it has written and its client has not taken, counted in the
 * memory of all calls. Any thread.
 */
public final class KeptAnswer {
    private static final long STEP_BYTES = 256L * 1024;
    /** What no answer may keep, however large the heap is: no array could take what is written of it. */
    private static final long MOST_BYTES = 2L << 30;

    private final ByteBudget.Share memory;

    KeptAnswer(HeldBytes all) {
        this.memory = all.memory().share();
    }

    /**
     * The answer keeps this much now.
     *
     * @throws GatewayException OVERLOADED when there is no room for it
     */
    public void keeps(long bytes) throws GatewayException {
        long counted = bytes <= HeldBytes.FREE_BYTES ? 0 : (bytes + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
        if (counted > MOST_BYTES || !memory.settle(counted)) {
            throw new GatewayException(
                            ErrorKind.OVERLOADED,
                            "The answer needs about " + (bytes >> 20) + " MiB of memory before its client can have all"
                                    + " of it, and the answers being served hold all the memory they may. Try again"
                                    + " soon, or give the gateway a larger heap (-Xmx in THANOS_JAVA_OPTS).")
                    .withRetryAfter("1");
        }
    }

    /** Gives everything back. Any number of times. */
    public void close() {
        memory.close();
    }
}
