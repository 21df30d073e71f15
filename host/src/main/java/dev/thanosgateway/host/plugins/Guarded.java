package dev.thanosgateway.host.plugins;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what may run a plugin's code on a thread of its own. Where that takes longer than {@link #SHARE_MILLIS}, the
 * deployer goes on with other changes; after {@link #QUIET_MILLIS} the plugin is named. Called with the turn.
 */
final class Guarded {
    static final long QUIET_MILLIS = 1_000;
    /** Less with each plugin that is waited for already: a thousand that hang hold up others for less than 2 s. */
    static final long SHARE_MILLIS = 250;

    private static final Logger LOG = LoggerFactory.getLogger(Guarded.class);

    private final Turn turn;
    private final Runnable changed;
    private final Runnable others;
    /** Why a deployment does not move, one clause. */
    private final Map<Deployment, String> stuck = new LinkedHashMap<>();

    /**
     * @param changed run with the turn when a plugin is stuck, and when it no longer is
     * @param others does what else is to be done while a plugin's code is waited for; run with the turn
     */
    Guarded(Turn turn, Runnable changed, Runnable others) {
        this.turn = turn;
        this.changed = changed;
        this.others = others;
    }

    /** Why a deployment does not move, one clause; null = its code has returned. */
    @Nullable
    String stuck(Deployment deployment) {
        return stuck.get(deployment);
    }

    /** Those whose code does not return. */
    List<Deployment> stuck() {
        return List.copyOf(stuck.keySet());
    }

    /**
     * Waits for the result. Where that takes long, the turn is given up meanwhile, and other changes are begun.
     *
     * @param what of the message: "its activation"
     * @throws PluginRefusal when it throws, with the root cause, or does not end in time; the thread is then interrupted
     *     and left behind. One that waits, when the process can have no more threads: it is tried again
     */
    <T> T call(Deployment deployment, String what, long millis, Callable<T> work) throws PluginRefusal {
        FutureTask<T> task = new FutureTask<>(deployment.marked(work));
        if (turn.start("plugin-deploy", task) == null) {
            var unused = turn.schedule(others, Turn.RETRY_MILLIS);
            throw PluginRefusal.waiting("the process has no thread left for " + what);
        }
        try {
            return result(task, deployment, what, millis);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PluginRefusal refusal) {
                throw refusal;
            }
            throw PluginRefusal.of(what + " failed: " + rootCause(e));
        } catch (TimeoutException e) {
            task.cancel(true);
            throw PluginRefusal.of(what + " did not end within " + millis + " ms");
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw PluginRefusal.of(what + " was given up: the gateway is stopping");
        }
    }

    private <T> T result(FutureTask<T> task, Deployment deployment, String what, long millis)
            throws ExecutionException, InterruptedException, TimeoutException {
        long share = SHARE_MILLIS / (1 + turn.away());
        try {
            return task.get(share, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            turn.orDrop(others);
        }
        boolean[] over = {false};
        ScheduledFuture<?> naming = turn.schedule(
                () -> {
                    if (!over[0]) {
                        begin(deployment, what);
                    }
                },
                QUIET_MILLIS - share);
        try {
            turn.without(() -> {
                try {
                    task.get(millis - share, TimeUnit.MILLISECONDS);
                } catch (ExecutionException e) {
                    return false; // told below
                }
                return true;
            });
        } catch (InterruptedException | TimeoutException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            over[0] = true;
            naming.cancel(false);
            end(deployment);
        }
        return task.get();
    }

    /**
     * Takes something away, however long it takes: nobody waits for it. Where there is no thread for it, it is tried
     * again.
     *
     * @param work on a thread of its own; what it throws is told in the log
     * @param then with the turn, when it has ended without an exception
     */
    void later(Deployment deployment, String what, Callable<?> work, Runnable then) {
        boolean[] over = {false};
        Thread thread = turn.start("plugin-deploy", () -> {
            String failure = null;
            try {
                work.call();
            } catch (Throwable e) { // whatever it is, it is the plugin that is left behind
                failure = rootCause(e);
            }
            String told = failure;
            turn.orDrop(() -> {
                over[0] = true;
                end(deployment);
                if (told == null) {
                    then.run();
                } else {
                    LOG.warn("plugin {} is left behind: {} failed: {}", deployment.label(), what, told);
                    stuck.put(deployment, "it is left behind, because " + what + " failed: " + told);
                    changed.run();
                }
            });
        });
        if (thread == null) {
            var unused = turn.schedule(() -> later(deployment, what, work, then), Turn.RETRY_MILLIS);
            return;
        }
        var unused = turn.schedule(
                () -> {
                    if (!over[0]) {
                        begin(deployment, what);
                        if (deployment.state() != Deployment.State.STARTING) {
                            thread.interrupt(); // else it waits for the start, which was interrupted
                        }
                    }
                },
                QUIET_MILLIS);
    }

    private void begin(Deployment deployment, String what) {
        LOG.warn(
                "plugin {}: {} has not returned within {} ms; other changes go on without it",
                deployment.label(),
                what,
                QUIET_MILLIS);
        Instant since = Instant.now().minusMillis(QUIET_MILLIS).truncatedTo(ChronoUnit.SECONDS);
        stuck.put(deployment, what + " does not return (since " + since + "); other changes go on without it");
        changed.run();
    }

    private void end(Deployment deployment) {
        if (stuck.remove(deployment) != null) {
            changed.run();
        }
    }

    /** The innermost cause on one line. */
    static String rootCause(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < 50; depth++) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return line(cause.getClass().getSimpleName() + (message == null ? "" : ": " + message));
    }

    /** The innermost cause of a printed stack trace, on one line. */
    static String rootCauseOf(String stackTrace) {
        String cause = stackTrace;
        int last = stackTrace.lastIndexOf("Caused by: ");
        if (last >= 0) {
            cause = stackTrace.substring(last + "Caused by: ".length());
        }
        int end = cause.indexOf("\n\tat ");
        return line(end < 0 ? cause : cause.substring(0, end));
    }

    private static String line(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() > 400 ? line.substring(0, 400) + "…" : line;
    }
}
