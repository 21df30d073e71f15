package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.routing.RoutingStrategy;

/** One strategy that can be selected. */
public interface LiveStrategy {
    String name();

    RoutingStrategy service();

    /** Whether its plans look at what providers signal. */
    boolean wantsSignals();

    /** Symbolic name and version, for messages. */
    String bundle();

    Lane.Factory lanes();

    /**
     * Takes a lease, as for a provider.
     *
     * @return false = it is being retired; ask the registry again
     */
    boolean acquire();

    void release();
}
