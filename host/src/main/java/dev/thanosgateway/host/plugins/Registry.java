package dev.thanosgateway.host.plugins;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What serves right now. Reads are cheap and never block; each gives a consistent picture. */
public interface Registry {
    /** Providers that serve, in the configuration's order. */
    List<LiveProvider> providers();

    /** The instance that takes new calls for a table; null = none. */
    @Nullable
    LiveProvider provider(String id);

    /** Every table in the configuration's order, then refused jars. */
    List<ProviderStatus> statuses();

    List<LiveDialect> dialects();

    /** Dialects that were deployed before and are not now, each with its bundle, for messages. */
    default List<String> missingDialects() {
        return List.of();
    }

    @Nullable
    LiveStrategy strategy(String name);

    /** Names that could be selected, sorted. */
    List<String> strategies();

    /** Catalogues of models, the one to be believed first. */
    List<LiveCatalog> catalogs();

    /** Provider types that deployed bundles declare, whether a table uses them or not. */
    List<ProviderType> providerTypes();

    /** Runs {@code listener} after every change, on a thread of the host's; it must be quick. */
    void onChange(Runnable listener);
}
