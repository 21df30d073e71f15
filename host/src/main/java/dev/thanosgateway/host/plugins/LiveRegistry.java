package dev.thanosgateway.host.plugins;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What serves right now, as one immutable picture that is exchanged whole. */
final class LiveRegistry implements Registry {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRegistry.class);

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Picture picture = new Picture(
            List.of(), Map.of(), List.of(), List.of(), List.of(), Map.of(), List.of(), List.of(), List.of(), List.of(),
            List.of());

    /** One consistent state of everything; see {@link Registry} and {@link PluginHost} for the parts. */
    record Picture(
            List<LiveProvider> providers,
            Map<String, LiveProvider> byId,
            List<ProviderStatus> statuses,
            List<LiveDialect> dialects,
            List<String> missingDialects,
            Map<String, LiveStrategy> strategies,
            List<String> strategyNames,
            List<LiveCatalog> catalogs,
            List<ProviderType> types,
            List<ProviderType> adoptable,
            List<Deployed> deployed) {}

    void publish(Picture next) {
        picture = next;
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.warn("a listener of the registry threw", e);
            }
        }
    }

    Picture picture() {
        return picture;
    }

    @Override
    public List<LiveProvider> providers() {
        return picture.providers();
    }

    @Override
    public @Nullable LiveProvider provider(String id) {
        return picture.byId().get(id);
    }

    @Override
    public List<ProviderStatus> statuses() {
        return picture.statuses();
    }

    @Override
    public List<LiveDialect> dialects() {
        return picture.dialects();
    }

    @Override
    public List<String> missingDialects() {
        return picture.missingDialects();
    }

    @Override
    public @Nullable LiveStrategy strategy(String name) {
        return picture.strategies().get(name);
    }

    @Override
    public List<String> strategies() {
        return picture.strategyNames();
    }

    @Override
    public List<LiveCatalog> catalogs() {
        return picture.catalogs();
    }

    @Override
    public List<ProviderType> providerTypes() {
        return picture.types();
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }
}
