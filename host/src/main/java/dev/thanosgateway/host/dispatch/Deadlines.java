package dev.thanosgateway.host.dispatch;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches every call in flight with one thread and one coarse tick, so that a call costs two set operations instead
 * of timers. Limits fire up to a tick late, on monotonic time.
 */
public final class Deadlines implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
    private static final long TICK_NANOS = 50_000_000;

    /** Something that is looked at every tick. Must not block. */
    public interface Watched {
        /** @param nanos {@code System.nanoTime()} of this tick */
        void tick(long nanos);
    }

    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean stopped;

    public Deadlines() {
        thread = Thread.ofPlatform().daemon().name("deadlines").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    public void add(Watched call) {
        watched.add(call);
    }

    public void remove(Watched call) {
        watched.remove(call);
    }

    private void run() {
        while (!stopped) {
            LockSupport.parkNanos(TICK_NANOS);
            long now = System.nanoTime();
            for (Watched call : watched) {
                try {
                    call.tick(now);
                } catch (RuntimeException | Error e) {
                    // Whatever it is, the limits of all other calls still count.
                    LOG.error("Watching a call failed.", e);
                }
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
    }
}
