package dev.thanosgateway.host.dispatch;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The bytes that all calls together may hold of one kind. Called from many threads at once, never blocks. */
public final class ByteBudget {
    private final LongSupplier limit;
    private final AtomicLong used = new AtomicLong();

    /** @param limit asked at each take, so that it can change */
    public ByteBudget(LongSupplier limit) {
        this.limit = limit;
    }

    /** Takes {@code bytes}; false = there is no room, nothing was taken. */
    public boolean take(long bytes) {
        if (used.addAndGet(bytes) > limit.getAsLong()) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Counts {@code bytes} that are there already, whether there is room or not: what comes next is refused instead. */
    void add(long bytes) {
        used.addAndGet(bytes);
    }

    public void give(long bytes) {
        used.addAndGet(-bytes);
    }

    public long used() {
        return used.get();
    }

    /** The most that may be used at the moment. */
    public long limit() {
        return limit.getAsLong();
    }

    /** What one call holds. It has to be closed once the call holds nothing any more. */
    public Share share() {
        return new Share();
    }

    /** One call's part of the budget. */
    public final class Share implements AutoCloseable {
        private long held;
        private boolean closed;

        /**
         * Makes it {@code bytes}, if it is less.
         *
         * @return false = there is no room, the share is what it was
         */
        public synchronized boolean reach(long bytes) {
            if (closed || bytes <= held) {
                return true;
            }
            if (!take(bytes - held)) {
                return false;
            }
            held = bytes;
            return true;
        }

        /**
         * Makes it {@code bytes}, be that more or less than it is.
         *
         * @return false = there is no room for more, the share is what it was
         */
        public synchronized boolean settle(long bytes) {
            if (!reach(bytes)) {
                return false;
            }
            if (!closed && bytes < held) {
                give(held - bytes);
                held = bytes;
            }
            return true;
        }

        /** Gives all back; the call goes on. */
        public synchronized void release() {
            give(held);
            held = 0;
        }

        /** Gives all back, for good. Any number of times. */
        @Override
        public synchronized void close() {
            closed = true;
            release();
        }
    }
}
