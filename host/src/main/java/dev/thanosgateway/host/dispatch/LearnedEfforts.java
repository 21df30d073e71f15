package dev.thanosgateway.host.dispatch;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Models that refused an effort, for as long as it is believed that they still do. Bounded: the oldest goes first. */
final class LearnedEfforts {
    /** Long enough for a session of work, short enough for a model that was replaced. */
    private static final long BELIEVED_NANOS = TimeUnit.MINUTES.toNanos(30);

    private static final int MOST = 512;

    private final LongSupplier clock;
    private final Map<String, Long> refusedAt = new LinkedHashMap<>();

    /** @param clock as {@code System.nanoTime()} */
    LearnedEfforts(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * @param id as it goes upstream
     * @param sentNanos when the request was made that was refused
     * @return whether another request may say it without the effort; false = this one was made without it already
     */
    synchronized boolean refused(String provider, String id, long sentNanos) {
        String key = provider + '/' + id;
        Long before = refusedAt.remove(key);
        refusedAt.put(key, clock.getAsLong());
        if (refusedAt.size() > MOST) {
            Iterator<String> oldest = refusedAt.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return before == null || before - sentNanos > 0 || sentNanos - before > BELIEVED_NANOS;
    }

    /** Whether the model is not to be sent an effort. */
    synchronized boolean refuses(String provider, String id) {
        if (refusedAt.isEmpty()) {
            return false;
        }
        String key = provider + '/' + id;
        Long at = refusedAt.get(key);
        if (at != null && clock.getAsLong() - at > BELIEVED_NANOS) {
            refusedAt.remove(key);
            return false;
        }
        return at != null;
    }
}
