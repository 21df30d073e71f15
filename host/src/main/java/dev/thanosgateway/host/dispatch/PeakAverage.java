package dev.thanosgateway.host.dispatch;

import java.util.concurrent.TimeUnit;

/**
 * A moving average over time that jumps up to each larger value at once and comes down within seconds. What has not been
 * measured again is forgotten within minutes. Used under its target's lock.
 */
final class PeakAverage {
    /** After this long a value that is no longer seen counts for a third. */
    private static final double DECAY_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final double FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(5);

    private double average;
    private long atNanos;
    private boolean known;

    void add(long value, long nanos) {
        if (!known || value > average) {
            average = value;
        } else {
            double kept = Math.exp(-Math.max(0, nanos - atNanos) / DECAY_NANOS);
            average = average * kept + value * (1 - kept);
        }
        known = true;
        atNanos = nanos;
    }

    boolean known() {
        return known;
    }

    double average(long nanos) {
        return average * Math.exp(-Math.max(0, nanos - atNanos) / FORGOTTEN_NANOS);
    }
}
