package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one bundle whose code is not known to be harmless: at most {@link #MAX_THREADS}, made on demand,
 * gone when idle. Lanes take turns, one task each. A task that overruns its slice fails its lane and is interrupted;
 * its thread counts as stuck until it returns, which may be never. With all threads stuck, or {@link #MAX_QUEUED}
 * tasks waiting, lanes fail at once.
 */
final class BundlePool implements Lane.Factory, AutoCloseable {
    static final int MAX_THREADS = 16;
    static final int MAX_QUEUED = 10_000;
    private static final long IDLE_MILLIS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(BundlePool.class);

    private final String bundle;
    private final long sliceNanos;
    private final PoolWatch watch;
    private final Object lock = new Object();
    /** Lanes with a task to run, none of them running. */
    private final ArrayDeque<PoolLane> ready = new ArrayDeque<>();

    private final List<Worker> workers = new ArrayList<>();
    private int idle;
    private int queued;
    private int stuck;
    private int made;
    private boolean closed;

    /** @param bundle symbolic name and version */
    BundlePool(String bundle, long sliceMillis, PoolWatch watch) {
        this.bundle = bundle;
        this.sliceNanos = TimeUnit.MILLISECONDS.toNanos(sliceMillis);
        this.watch = watch;
        watch.add(this);
    }

    @Override
    public Lane open(Consumer<GatewayException> failed) {
        PoolLane lane = new PoolLane(failed);
        synchronized (lock) {
            GatewayException full = full();
            if (full != null) {
                lane.fail(full);
            }
        }
        return lane;
    }

    /** The bundle has gone: threads end, what still runs is interrupted. */
    @Override
    public void close() {
        watch.remove(this);
        synchronized (lock) {
            closed = true;
            failReady(new GatewayException(
                    ErrorKind.UPSTREAM_UNAVAILABLE, "plugin " + bundle + " was taken away; ask again"));
            workers.forEach(Worker::interrupt);
            lock.notifyAll();
        }
    }

    /** Called by the watch. */
    void check(long now) {
        synchronized (lock) {
            for (Worker worker : workers) {
                PoolLane lane = worker.running;
                if (lane != null && !worker.stuck && now - worker.since > sliceNanos) {
                    worker.stuck = true;
                    stuck++;
                    LOG.warn("plugin {} did not return within {} ms; the call fails", bundle, sliceMillis());
                    lane.fail(
                            new GatewayException(
                                    ErrorKind.UPSTREAM_PROTOCOL,
                                    "plugin " + bundle + " did not return from its code within " + sliceMillis()
                                            + " ms; use another provider, or remove the plugin"),
                            () -> giveUp(worker, lane));
                }
            }
            if (stuck >= MAX_THREADS && !ready.isEmpty()) {
                failReady(overloaded("all its " + MAX_THREADS + " threads are stuck"));
            }
        }
    }

    /** After the verdict: what the task says because of the interrupt must come too late. */
    private void giveUp(Worker worker, PoolLane lane) {
        synchronized (lock) {
            if (worker.running == lane && worker.stuck) {
                worker.interrupt();
            }
        }
    }

    int stuck() {
        synchronized (lock) {
            return stuck;
        }
    }

    private long sliceMillis() {
        return TimeUnit.NANOSECONDS.toMillis(sliceNanos);
    }

    private void failReady(GatewayException why) {
        for (PoolLane lane : ready) {
            lane.active = false;
            lane.fail(why);
        }
        ready.clear();
    }

    private @Nullable GatewayException full() {
        if (closed) {
            return new GatewayException(
                    ErrorKind.UPSTREAM_UNAVAILABLE, "plugin " + bundle + " was taken away; ask again");
        }
        if (stuck >= MAX_THREADS) {
            return overloaded("all its " + MAX_THREADS + " threads are stuck");
        }
        return queued >= MAX_QUEUED ? overloaded(MAX_QUEUED + " of its tasks are waiting") : null;
    }

    private GatewayException overloaded(String why) {
        return new GatewayException(
                ErrorKind.OVERLOADED,
                "plugin " + bundle + " cannot take more calls: " + why
                        + "; use another provider, or replace the plugin");
    }

    /** @return false = there is no thread to be had */
    private boolean wake() {
        if (idle >= ready.size()) {
            lock.notify();
            return true;
        }
        if (workers.size() >= MAX_THREADS) {
            return true;
        }
        Worker worker = new Worker("plugin-" + bundle.replace(' ', '-') + "-" + ++made);
        try {
            worker.start();
        } catch (OutOfMemoryError e) {
            return !workers.isEmpty();
        }
        workers.add(worker);
        return true;
    }

    /** One call's tasks in order. Its fields are guarded by the pool's lock. */
    private final class PoolLane implements Lane {
        private final Consumer<GatewayException> failed;
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        /** In the ready queue, or running. */
        private boolean active;

        private boolean dead;

        PoolLane(Consumer<GatewayException> failed) {
            this.failed = failed;
        }

        @Override
        public void execute(Runnable task) {
            synchronized (lock) {
                if (dead) {
                    return;
                }
                GatewayException full = full();
                if (full != null) {
                    fail(full);
                    return;
                }
                tasks.add(task);
                queued++;
                if (!active) {
                    active = true;
                    ready.add(this);
                    if (!wake()) {
                        failReady(overloaded("the process has no thread left"));
                    }
                }
            }
        }

        private void fail(GatewayException why) {
            fail(why, () -> {});
        }

        /** Under the lock; the listener is told elsewhere, and {@code then} runs when it has been. */
        private void fail(GatewayException why, Runnable then) {
            if (dead) {
                then.run();
                return;
            }
            dead = true;
            queued -= tasks.size();
            tasks.clear();
            Thread.ofVirtual().name("plugin-verdict").start(() -> {
                try {
                    failed.accept(why);
                } finally {
                    then.run();
                }
            });
        }
    }

    private final class Worker extends Thread {
        private @Nullable PoolLane running;
        private long since;
        private boolean stuck;

        Worker(String name) {
            super(name);
            setDaemon(true);
            setContextClassLoader(BundlePool.class.getClassLoader());
        }

        @Override
        public void run() {
            for (Runnable task = next(); task != null; task = next()) {
                try {
                    task.run();
                } catch (Throwable e) { // whatever it is, the other calls of this bundle go on
                    LOG.warn("a task of plugin {} threw", bundle, e);
                } finally {
                    done();
                }
            }
        }

        private @Nullable Runnable next() {
            synchronized (lock) {
                while (true) {
                    PoolLane lane = ready.poll();
                    Runnable task = lane == null ? null : lane.tasks.poll();
                    if (lane != null && task == null) {
                        lane.active = false;
                    } else if (lane != null) {
                        queued--;
                        running = lane;
                        since = System.nanoTime();
                        return task;
                    } else if (closed || !awaitWork()) {
                        workers.remove(this);
                        return null;
                    }
                }
            }
        }

        /** @return false = none came in time */
        private boolean awaitWork() {
            idle++;
            try {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS);
                long left = IDLE_MILLIS;
                while (ready.isEmpty() && !closed && left > 0) {
                    lock.wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                }
                return !ready.isEmpty();
            } catch (InterruptedException e) {
                return !ready.isEmpty();
            } finally {
                idle--;
            }
        }

        private void done() {
            synchronized (lock) {
                PoolLane lane = running;
                running = null;
                Thread.interrupted(); // meant for the task that is over
                if (stuck) {
                    stuck = false;
                    BundlePool.this.stuck--;
                }
                if (lane != null) {
                    lane.active = !lane.tasks.isEmpty();
                    if (lane.active) {
                        ready.add(lane);
                    }
                }
            }
        }
    }
}
