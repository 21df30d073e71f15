package dev.thanosgateway.host.dispatch;

/**
 * Whether a provider that fails may be asked again, so that its failures are not multiplied: the token bucket of gRPC's
 * retry throttling (gRFC A6, "Throttling Retry Attempts and Hedged RPCs", with its {@code maxTokens} of {@value #FULL}).
 * A failure takes a token, a call that was served gives back a part of one, and nobody is asked again while half of
 * them or fewer are left. So a total failure costs fewer than {@value #FULL} / 2 further attempts however long it lasts,
 * and at any other time they are at most that part of what is served, in the long run.
 */
final class RetryBudget {
    private static final int FULL = 10;

    private double tokens = FULL;

    synchronized void failed() {
        tokens = Math.max(0, tokens - 1);
    }

    /** @param percent of a token */
    synchronized void served(int percent) {
        tokens = Math.min(FULL, tokens + percent / 100.0);
    }

    synchronized boolean allows() {
        return tokens > FULL / 2.0;
    }
}
