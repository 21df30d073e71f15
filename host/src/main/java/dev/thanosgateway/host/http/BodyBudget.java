package dev.thanosgateway.host.http;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that all requests together may hold. Called from many threads at once. */
final class BodyBudget {
    private final AtomicLong used = new AtomicLong();

    /** Takes {@code bytes}; false = there is no room, nothing was taken. */
    boolean take(long bytes, long limit) {
        if (used.addAndGet(bytes) > limit) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    long used() {
        return used.get();
    }

    void give(long bytes) {
        used.addAndGet(-bytes);
    }
}
