package dev.thanosgateway.host.inbound;

import java.util.concurrent.TimeUnit;

/**
 * How long half-sent input may take, on every listener: a head (a request's head, a preface, a command) 10 seconds, a
 * body or frame 10 seconds and one more for every 4 KiB of it that came.
 */
public final class InputLimit {
    private static final long FREE_SECONDS = 10;
    private static final long SLOWEST_BYTES_PER_SECOND = 4 * 1024;

    /** The rule in words, for messages. */
    public static final String RULE = "10 seconds, and one more for every 4 KiB";

    private InputLimit() {}

    /**
     * Whether input that began at {@code sinceNanos} and is not complete is late.
     *
     * @param sinceNanos when its first byte came, by {@link System#nanoTime()}
     * @param bytes of it that have come; 0 for a head
     * @param nowNanos by the same clock
     */
    public static boolean late(long sinceNanos, long bytes, long nowNanos) {
        long allowed =
                TimeUnit.SECONDS.toNanos(FREE_SECONDS) + TimeUnit.SECONDS.toNanos(bytes) / SLOWEST_BYTES_PER_SECOND;
        return nowNanos - sinceNanos > allowed;
    }
}
