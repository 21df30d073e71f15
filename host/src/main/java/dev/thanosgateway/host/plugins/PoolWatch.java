package dev.thanosgateway.host.plugins;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** The one thread that looks ten times a second whether any plugin's task overruns its slice. */
final class PoolWatch implements AutoCloseable {
    private static final long TICK_NANOS = 100_000_000;

    private final Set<BundlePool> pools = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean open = true;

    PoolWatch() {
        thread = Thread.ofPlatform().daemon().name("plugin-watch").unstarted(this::run);
        thread.start();
    }

    void add(BundlePool pool) {
        pools.add(pool);
        LockSupport.unpark(thread);
    }

    void remove(BundlePool pool) {
        pools.remove(pool);
    }

    private void run() {
        while (open) {
            if (pools.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, TICK_NANOS);
            }
            long now = System.nanoTime();
            pools.forEach(pool -> pool.check(now));
        }
    }

    @Override
    public void close() {
        open = false;
        LockSupport.unpark(thread);
    }
}
