package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a call from sending a target the very request that it has just refused for its effort: without the effort the
 * body is shorter. For one call; any thread.
 */
final class SentBody {
    private volatile int bytes;
    private volatile @Nullable GatewayException refusal;

    /** The last body was refused for its effort; null = the next one is for another target. */
    void refused(@Nullable GatewayException failure) {
        refusal = failure;
    }

    /** As {@link Attempt.Told#sends}. */
    void next(int length) throws GatewayException {
        GatewayException refused = refusal;
        refusal = null;
        if (refused != null && length == bytes) {
            throw refused;
        }
        bytes = length;
    }
}
