package dev.thanosgateway.host.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second for what clients send too slowly. One look at all costs less than a timer for each, which would
 * be set and taken back with every request. Called from many threads at once.
 */
final class SlowClients implements Runnable {
    /** What may come too slowly. */
    interface Watched {
        /** Whether it is too late for it to become whole. Quick. */
        boolean late(long nanos);

        /** Ends it. May be called more than once. */
        void cut();
    }

    private static final Logger LOG = LoggerFactory.getLogger(SlowClients.class);
    private static final long PERIOD_MILLIS = 1_000;

    private final Scheduler scheduler;
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();

    SlowClients(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Looks from now on, until the scheduler stops. */
    void start() {
        scheduler.schedule(this, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    void watch(Watched one) {
        watched.add(one);
    }

    void forget(Watched one) {
        watched.remove(one);
    }

    @Override
    public void run() {
        long now = System.nanoTime();
        for (Watched one : watched) {
            try {
                if (one.late(now)) {
                    one.cut();
                }
            } catch (RuntimeException | Error e) {
                // One that cannot be cut must not keep the others from it.
                LOG.warn("A slow client could not be cut off.", e);
            }
        }
        start();
    }
}
