package dev.thanosgateway.host.decision;

import org.jspecify.annotations.Nullable;

/**
 * A request that came.
 *
 * @param requestId the caller's, if sane, else ours
 * @param endpoint as metrics name it
 * @param startNanos {@code System.nanoTime()} when it came
 * @param known whether its caller has shown that it may call
 * @param key what tells the caller's key from others, never the key; null = none was asked for, or it is not known
 */
public record Arrival(
        String requestId,
        String endpoint,
        long startNanos,
        boolean known,
        @Nullable String key) {}
