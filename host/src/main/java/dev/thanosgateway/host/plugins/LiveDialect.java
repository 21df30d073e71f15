package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.dialect.Dialect;

/** One dialect that is mounted. */
public interface LiveDialect {
    Dialect service();

    /** Symbolic name and version, for messages. */
    String bundle();

    Lane.Factory lanes();

    /**
     * Takes a lease, as for a provider.
     *
     * @return false = it is being retired; match the route again
     */
    boolean acquire();

    void release();
}
