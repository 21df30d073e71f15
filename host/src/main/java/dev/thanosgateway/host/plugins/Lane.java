package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.GatewayException;
import java.util.function.Consumer;

/**
 * Where one call's plugin code runs, one task at a time, in the order given. Code of a bundle that is known by its
 * digest runs at once on the caller's thread; other code runs on its bundle's own bounded pool, so that a bundle
 * that loops or blocks stops itself and nobody else.
 */
public interface Lane {
    /** Runs {@code task}, now or later. After the lane has failed, tasks are dropped. Tasks do not throw. */
    void execute(Runnable task);

    /** Makes the lanes of one bundle. */
    interface Factory {
        /**
         * @param failed called at most once, on a thread of the host's, when a task overruns its slice of time or the
         *     bundle has no thread left to run one; the message names the bundle
         */
        Lane open(Consumer<GatewayException> failed);

        /** Every task at once on the caller's thread. */
        Factory INLINE = failed -> Runnable::run;
    }
}
