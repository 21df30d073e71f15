package dev.thanosgateway.host.config;

/**
 * Limits of one upstream call, in milliseconds; 0 = none.
 *
 * @param connectMillis until a connection stands
 * @param firstEventMillis streams: to the first byte, and to the first event
 * @param wholeMillis whole answers: to the head
 * @param idleMillis since the last byte
 * @param totalMillis of the whole call, attempts included
 */
public record Timeouts(long connectMillis, long firstEventMillis, long wholeMillis, long idleMillis, long totalMillis) {
    public static final Timeouts DEFAULT = new Timeouts(5_000, 120_000, 600_000, 60_000, 0);
}
