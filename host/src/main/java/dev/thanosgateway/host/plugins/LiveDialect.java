package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.dialect.Route;
import java.util.List;
import java.util.Set;

/** One dialect that is mounted. */
public interface LiveDialect {
    Dialect service();

    default String name() {
        return service().name();
    }

    /** Its routes, as it gave them when it was deployed. */
    default List<Route> routes() {
        return service().routes();
    }

    /** Headers of the client that it lets go upstream, as it gave them when it was deployed. */
    default Set<String> forwardedHeaders() {
        return Set.copyOf(service().forwardedHeaders());
    }

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
