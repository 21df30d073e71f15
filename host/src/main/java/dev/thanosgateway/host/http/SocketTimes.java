package dev.thanosgateway.host.http;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * When a socket's client was last heard, took what was sent and rested: what its limits in time are measured from. All
 * times are {@link System#nanoTime}. Any thread.
 */
final class SocketTimes {
    private final long openedNanos;
    private final AtomicInteger unsent = new AtomicInteger();
    private volatile long heardNanos;
    private volatile long takenNanos;
    private volatile long sentNanos;
    private volatile long pingedNanos;
    private volatile long restingNanos;

    SocketTimes(long now) {
        openedNanos = now;
        heardNanos = now;
        takenNanos = now;
        sentNanos = now;
        pingedNanos = now;
        restingNanos = now;
    }

    /** A frame came. */
    void heard(long now) {
        heardNanos = now;
    }

    /** Something is to be sent, other than a ping. {@link #sent} follows. */
    void sending(long now) {
        if (unsent.get() == 0) {
            takenNanos = now;
        }
        unsent.incrementAndGet();
    }

    /** The client took some bytes. */
    void taken(long now) {
        takenNanos = now;
    }

    /** All of it was sent, or never will be. */
    void sent(long now) {
        takenNanos = now;
        sentNanos = now;
        unsent.decrementAndGet();
    }

    /** The last answer is complete. */
    void rests(long now) {
        restingNanos = now;
    }

    /**
     * Whether the client is not there any more, or does not read: it was pinged and not heard for as long again, or,
     * while something waits to be sent, took none of that for as long as two pings. Its frames alone do not count then.
     */
    boolean gone(long now, long pingNanos) {
        return unsent.get() > 0
                ? now - takenNanos > 2 * pingNanos
                : pingedNanos - lastNanos() > 0 && now - pingedNanos > pingNanos;
    }

    /** Whether the client has to be pinged; once for each silence. */
    boolean pings(long now, long pingNanos) {
        long last = lastNanos();
        if (now - last <= pingNanos || pingedNanos - last > 0) {
            return false;
        }
        pingedNanos = now;
        return true;
    }

    /** When the client was last heard, or had taken all that was sent. */
    private long lastNanos() {
        return Math.max(heardNanos, sentNanos);
    }

    boolean opensTooLong(long now, long limitNanos) {
        return now - openedNanos > limitNanos;
    }

    boolean restsTooLong(long now, long limitNanos) {
        return now - restingNanos > limitNanos;
    }
}
