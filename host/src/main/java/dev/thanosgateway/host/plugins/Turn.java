package dev.thanosgateway.host.plugins;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the deployer's tasks one at a time, in order: whoever runs has the turn. A task that has to wait for a plugin's
 * code {@linkplain #without gives the turn up}, the next ones go on, and it comes back between two of them. So a plugin
 * that hangs holds up its own change only. What a task knew before it gave the turn up, it must look up again.
 */
final class Turn implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);
    private static final long POLL_MILLIS = 20;
    /** After so long it is tried again to get a thread. */
    static final long RETRY_MILLIS = 500;

    private final Consumer<Thread> starter;

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("plugins-timer").factory());
    /** Whether somebody has the turn. */
    private boolean taken;
    /** Tasks that want the turn back; they come before those that have not begun. */
    private int returning;
    /** Threads whose tasks gave the turn up, and when. */
    private final Map<Thread, Long> away = new HashMap<>();

    private long given;
    private boolean closed;

    /** Work that does not need the turn. */
    interface Wait<T, E extends Exception> {
        T get() throws E;
    }

    Turn() {
        this(Thread::start);
    }

    /** @param starter starts a thread, or throws OutOfMemoryError when the process can have no more */
    Turn(Consumer<Thread> starter) {
        this.starter = starter;
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        timer.prestartCoreThread(); // later there may be no thread left
    }

    /** Starts a thread for work on plugins. @return null = the process can have no more threads now */
    @Nullable
    Thread start(String name, Runnable work) {
        Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(work);
        try {
            starter.accept(thread);
            return thread;
        } catch (OutOfMemoryError e) {
            LOG.warn("no thread is left for a change of the plugins ({}); it is tried again", e.getMessage());
            return null;
        }
    }

    /** @throws RejectedExecutionException when it is closed */
    @Override
    public synchronized void execute(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("the plugins are closed");
        }
        tasks.add(task);
        if (!taken) {
            taken = true;
            work();
        }
    }

    /** Runs a task after a delay; what is not yet due when it is closed is dropped. */
    ScheduledFuture<?> schedule(Runnable task, long millis) {
        return timer.schedule(() -> orDrop(task), millis, TimeUnit.MILLISECONDS);
    }

    /** Runs a task, unless it is closed. */
    void orDrop(Runnable task) {
        try {
            execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("a change of the plugins came after the end", e);
        }
    }

    /** Runs a task and waits for its result. Not to be called with the turn. */
    <T> T await(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        execute(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the plugins could not be changed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the plugins were changed", e);
        }
    }

    /**
     * Runs a task and waits until it is done, or has given its turn up for so long: then it goes on by itself. Not to be
     * called with the turn.
     */
    void awaitUnlessAway(Runnable work, long millis) {
        Thread[] worker = new Thread[1];
        FutureTask<Boolean> task = new FutureTask<>(
                () -> {
                    synchronized (this) {
                        worker[0] = Thread.currentThread();
                    }
                    work.run();
                },
                true);
        execute(task);
        try {
            synchronized (this) {
                while (!task.isDone() && !away(worker[0], millis)) {
                    wait(POLL_MILLIS);
                }
            }
            if (task.isDone()) {
                task.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the plugins could not be changed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the plugins were changed", e);
        }
    }

    private boolean away(@Nullable Thread thread, long millis) {
        Long since = away.get(thread);
        return since != null && System.nanoTime() - since >= TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /**
     * Waits until no task runs or waits to run, and none is away but those that have been for long; at most so long. Not
     * to be called with the turn.
     *
     * @param awayMillis after so long one that is away is not waited for
     */
    synchronized void awaitQuiet(long millis, long awayMillis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            while (taken || !tasks.isEmpty() || !away.keySet().stream().allMatch(one -> away(one, awayMillis))) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return;
                }
                wait(away.isEmpty() ? left : Math.min(left, POLL_MILLIS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How often the turn was given up; where this has changed, others have had it. */
    synchronized long given() {
        return given;
    }

    /** How many tasks have given the turn up and are not back. */
    synchronized int away() {
        return away.size();
    }

    /** Called with the turn: gives it up, waits, and returns with the turn. */
    <T, E extends Exception> T without(Wait<T, E> wait) throws E {
        synchronized (this) {
            given++;
            away.put(Thread.currentThread(), System.nanoTime());
            next();
        }
        try {
            return wait.get();
        } finally {
            back();
        }
    }

    private synchronized void back() {
        boolean interrupted = false;
        returning++;
        while (taken) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        returning--;
        away.remove(Thread.currentThread());
        taken = true;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Under the lock: the turn goes to who wants it back, else to the next task. */
    private void next() {
        taken = returning == 0 && !tasks.isEmpty();
        if (taken) {
            work();
        }
        notifyAll();
    }

    /** Under the lock, with the turn, which is free again where there is no thread to work on. */
    private void work() {
        taken = false;
        taken = start("plugins", this::run) != null;
        if (!taken) {
            var unused = timer.schedule(this::again, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void again() {
        if (!taken) {
            next();
        }
    }

    private void run() {
        for (Runnable task = task(); task != null; task = task()) {
            try {
                task.run();
            } catch (Throwable e) { // whatever it is, the turn must not be lost
                failed(e);
            }
        }
    }

    /** Under the turn: what is next; null = the turn has gone to another thread, or is free. */
    private synchronized @Nullable Runnable task() {
        Runnable task = returning > 0 ? null : tasks.poll();
        if (task == null) {
            next();
        }
        return task;
    }

    private static void failed(Throwable e) {
        try {
            LOG.error("a change of the plugins failed; what serves goes on", e);
        } catch (Throwable again) {
            return; // there is no memory to say so
        }
    }

    /** Drops what has not begun, and takes nothing more. */
    @Override
    public synchronized void close() {
        closed = true;
        tasks.clear();
        timer.shutdownNow();
    }
}
