package dev.thanosgateway.host.http;

import java.util.concurrent.TimeUnit;

/**
 * How many frames a client may send: many small ones cost as much to read as large ones and bring nothing. A frame takes
 * one of a store that time and payload fill again. Used by one thread.
 */
final class FrameRate {
    private static final double MOST = 500;
    private static final double PER_SECOND = 50;
    private static final double PER_BYTE = 1.0 / 64;

    private double left = MOST;
    private long lastNanos;

    FrameRate(long nowNanos) {
        this.lastNanos = nowNanos;
    }

    /** @return false = the client floods */
    boolean takes(int payloadBytes, long nowNanos) {
        double seconds = (double) (nowNanos - lastNanos) / TimeUnit.SECONDS.toNanos(1);
        lastNanos = nowNanos;
        left = Math.min(MOST, left + seconds * PER_SECOND + payloadBytes * PER_BYTE) - 1;
        return left >= 0;
    }
}
