package dev.thanosgateway.host.decision;

import org.jspecify.annotations.Nullable;

/**
 * Whose records somebody may read.
 *
 * @param strangers whether also those of requests whose caller was not known
 * @param key of the others only those that came with this one, as {@link Arrival#key()} has it; null = all
 */
public record Reader(boolean strangers, @Nullable String key) {
    /** Who runs the gateway. */
    public static final Reader OPERATOR = new Reader(true, null);

    /** @param key null = callers are not told apart */
    public static Reader caller(@Nullable String key) {
        return new Reader(false, key);
    }

    boolean may(Decision one) {
        return one.callerKnown() ? key == null || key.equals(one.callerKey()) : strangers;
    }
}
