package dev.thanosgateway.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Asks another process until it says what is expected: there is nothing to wait on across processes. */
final class Eventually {
    private static final long PAUSE_NANOS = 10_000_000;

    private Eventually() {}

    /** @return how long it took */
    static Duration within(Duration limit, String what, Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        do {
            if (condition.call()) {
                return Duration.ofNanos(System.nanoTime() - start);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        } while (System.nanoTime() - start < limit.toNanos());
        throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
    }
}
