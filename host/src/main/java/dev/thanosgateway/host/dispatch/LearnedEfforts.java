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
     * A model refused a request with an effort, and answered the same request without it.
     *
     * @param id as it goes upstream
     */
    synchronized void learn(String provider, String id) {
        String key = provider + '/' + id;
        refusedAt.remove(key);
        refusedAt.put(key, clock.getAsLong());
        if (refusedAt.size() > MOST) {
            Iterator<String> oldest = refusedAt.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
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
