package dev.thanosgateway.host.inbound;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The half-sent input of one listener. Each run ends what is late; its owner runs it every {@link #PERIOD_MILLIS}. One
 * look at all costs less than a timer for each, which would be set and cancelled with every request. Called from many
 * threads at once.
 */
public final class SlowClients implements Runnable {
    public static final long PERIOD_MILLIS = 1_000;

    /** Input that may come too slowly. */
    public interface Watched {
        /**
         * Whether it is late by {@link InputLimit}. Must be quick.
         *
         * @param nanos {@link System#nanoTime()} of this look
         */
        boolean late(long nanos);

        /** Ends it. May be called more than once. */
        void cut();
    }

    private static final Logger LOG = LoggerFactory.getLogger(SlowClients.class);

    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();

    public void watch(Watched one) {
        watched.add(one);
    }

    public void forget(Watched one) {
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
    }
}
