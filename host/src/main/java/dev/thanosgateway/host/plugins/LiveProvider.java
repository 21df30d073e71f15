package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.host.config.ProviderSettings;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** One provider instance that serves: a component of one bundle for one generation of one table. */
public interface LiveProvider {
    /** The table's id. */
    String id();

    String type();

    /** The service. Use it only under a lease, on the lane of the call. */
    Provider service();

    ProviderSettings settings();

    /** The root calls go to: the table's, else the bundle's own; null = a local provider. */
    @Nullable
    URI endpoint();

    /**
     * Whether this is where its type's models come from: a vendor's own endpoint, the table that bears the type's name
     * (be it through a proxy), or any provider of a type without a credential. Others only speak the type's language.
     */
    boolean vendor();

    /**
     * Whether calls go to the service that its type is named after: the type's own endpoint, or the table that bears the
     * type's name. What the catalogues list for the type holds here, be it a vendor or an aggregator.
     */
    boolean official();

    /** Which vendor's endpoint this is: the key under which catalogues keep what its models take. */
    String profile();

    /** Whether calls need a credential: somebody pays for them. */
    boolean needsKey();

    /** The strategy that says which model {@code auto} is here; null = {@code auto} is a name like any other. */
    @Nullable
    String autoBy();

    /** Symbolic name and version, for messages: {@code dev.thanosgateway.provider.openai 1.0.0}. */
    String bundle();

    Lane.Factory lanes();

    /**
     * Takes a lease: as long as one is out, the component stays active and its bundle's classes stay loadable.
     *
     * @return false = it is being retired; ask the registry again
     */
    boolean acquire();

    /** Gives a lease back; exactly once for each taken, on any thread. */
    void release();

    /** Leases that are out. */
    int inFlight();
}
