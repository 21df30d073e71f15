package dev.thanosgateway.host.plugins;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who still uses something: a count whose sign bit says "retired". Taking and giving back is one atomic addition each,
 * on any thread, and never blocks.
 */
final class Lease {
    private static final long RETIRED = Long.MIN_VALUE;

    private final AtomicLong state = new AtomicLong();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();

    /** @return false = retired; nothing was taken */
    boolean acquire() {
        if (state.incrementAndGet() > 0) {
            return true;
        }
        release();
        return false;
    }

    void release() {
        if (state.decrementAndGet() == RETIRED) {
            idle.complete(null);
        }
    }

    /** From now on none can be taken. */
    void retire() {
        if ((state.getAndUpdate(s -> s | RETIRED) & ~RETIRED) == 0) {
            idle.complete(null);
        }
    }

    /** Done when it is retired and all are given back. Continue on a thread of your own. */
    CompletableFuture<Void> idle() {
        return idle;
    }

    int out() {
        return (int) Math.min(Integer.MAX_VALUE, state.get() & ~RETIRED);
    }
}
