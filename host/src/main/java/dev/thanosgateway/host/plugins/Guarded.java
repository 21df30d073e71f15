package dev.thanosgateway.host.plugins;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what may run a plugin's code on a thread of its own, for a limited time, so that the deployer always goes on. */
final class Guarded {
    private static final Logger LOG = LoggerFactory.getLogger(Guarded.class);
    private static final long QUIET_MILLIS = 1_000;

    private Guarded() {}

    /**
     * Says so where it takes long, since whatever else the folder wants waits for it.
     *
     * @param label of the plugin, for the log
     * @param what of the message: "its activation"
     * @throws PluginRefusal when it throws, with the root cause, or does not end in time; the thread is then interrupted
     *     and left behind
     */
    static <T> T call(String label, String what, long millis, Callable<T> work) throws PluginRefusal {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name("plugin-deploy").start(task);
        try {
            return result(task, label, what, millis);
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

    private static <T> T result(FutureTask<T> task, String label, String what, long millis)
            throws ExecutionException, InterruptedException, TimeoutException {
        long quiet = Math.min(millis, QUIET_MILLIS);
        try {
            return task.get(quiet, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (millis == quiet) {
                throw e;
            }
            LOG.warn(
                    "plugin {}: {} takes long; other changes of plugins wait for it, at most {} ms more",
                    label,
                    what,
                    millis - quiet);
            return task.get(millis - quiet, TimeUnit.MILLISECONDS);
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
