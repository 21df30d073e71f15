package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.api.catalog.TraitRule;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.dialect.Route;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.LocalChat;
import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.host.config.ProviderSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceObjects;
import org.osgi.framework.ServiceReference;

/** One service of a deployment, held as long as calls may need it. */
abstract sealed class LiveEntry {
    private final ServiceReference<?> reference;
    private final Deployment deployment;
    private final Runnable unget;
    private final Lease lease = new Lease();

    private LiveEntry(ServiceReference<?> reference, Deployment deployment, Runnable unget) {
        this.reference = reference;
        this.deployment = deployment;
        this.unget = unget;
    }

    /**
     * A service in hand.
     *
     * @param unget lets go of it
     */
    record Held<T>(T service, Runnable unget) {
        /** @return null = it could not be activated, or has gone */
        static <T> @Nullable Held<T> of(BundleContext context, ServiceReference<T> reference) {
            ServiceObjects<T> objects = context.getServiceObjects(reference);
            T service = objects == null ? null : objects.getService();
            return service == null ? null : new Held<>(service, () -> unget(objects, service));
        }

        private static <T> void unget(ServiceObjects<T> objects, T service) {
            try {
                objects.ungetService(service);
            } catch (IllegalStateException | IllegalArgumentException e) {
                return; // it went by itself
            }
        }
    }

    public boolean acquire() {
        return lease.acquire();
    }

    public void release() {
        lease.release();
    }

    public int inFlight() {
        return lease.out();
    }

    public String bundle() {
        return deployment.label();
    }

    public Lane.Factory lanes() {
        return deployment.lanes();
    }

    Deployment deployment() {
        return deployment;
    }

    ServiceReference<?> reference() {
        return reference;
    }

    /** What it takes that can belong to one bundle only; null = nothing beyond what its jar declares. */
    Owners.@Nullable Claim claim() {
        return null;
    }

    /** No new leases; the future is done when none is out. */
    CompletableFuture<Void> retire() {
        lease.retire();
        return lease.idle();
    }

    /** Lets go of the service, after which DS may deactivate the component. */
    void unget() {
        lease.retire();
        unget.run();
    }

    /** A provider's component for one generation of one table. */
    static final class OfProvider extends LiveEntry implements LiveProvider {
        private final Provider service;
        private final ProviderSettings settings;
        private final String generation;
        private final @Nullable URI endpoint;
        private final boolean vendor;
        private final boolean official;
        private final String profile;
        private final boolean needsKey;

        OfProvider(
                ServiceReference<?> reference,
                Deployment deployment,
                Held<?> held,
                Provider service,
                ProviderSettings settings,
                String generation) {
            super(reference, deployment, held.unget());
            this.service = service;
            this.settings = settings;
            this.generation = generation;
            boolean local = service instanceof LocalChat && !(service instanceof Chat);
            URI usual = deployment.endpoint(settings.type());
            this.endpoint = local ? null : settings.endpoint() == null ? usual : settings.endpoint();
            ProviderType type = deployment.type(settings.type());
            this.vendor = type == null || type.vendor(settings);
            this.official = type == null || type.official(settings);
            this.profile = type == null ? settings.type() : type.profile(settings);
            this.needsKey = type != null && type.key();
        }

        @Override
        public String id() {
            return settings.id();
        }

        @Override
        public String type() {
            return settings.type();
        }

        @Override
        public Provider service() {
            return service;
        }

        @Override
        public ProviderSettings settings() {
            return settings;
        }

        @Override
        public @Nullable URI endpoint() {
            return endpoint;
        }

        @Override
        public boolean vendor() {
            return vendor;
        }

        @Override
        public boolean official() {
            return official;
        }

        @Override
        public String profile() {
            return profile;
        }

        @Override
        public boolean needsKey() {
            return needsKey;
        }

        @Override
        public @Nullable String autoBy() {
            return reference().getProperty(Provider.AUTO) instanceof String name ? name : null;
        }

        String generation() {
            return generation;
        }
    }

    static final class OfDialect extends LiveEntry implements LiveDialect {
        private final Dialect service;
        private final String name;
        private final List<Route> routes;
        private final Set<String> forwardedHeaders;

        /** Runs the dialect's code: what it says of itself is taken once. */
        OfDialect(ServiceReference<?> reference, Deployment deployment, Held<?> held, Dialect service) {
            super(reference, deployment, held.unget());
            this.service = service;
            this.name = service.name();
            this.routes = List.copyOf(service.routes());
            this.forwardedHeaders = Set.copyOf(service.forwardedHeaders());
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public List<Route> routes() {
            return routes;
        }

        @Override
        Owners.Claim claim() {
            return new Owners.Claim(Owners.Kind.DIALECT, name);
        }

        @Override
        public Set<String> forwardedHeaders() {
            return forwardedHeaders;
        }

        @Override
        public Dialect service() {
            return service;
        }
    }

    static final class OfStrategy extends LiveEntry implements LiveStrategy {
        private final RoutingStrategy service;
        private final String name;

        OfStrategy(
                ServiceReference<?> reference,
                Deployment deployment,
                Held<?> held,
                RoutingStrategy service,
                String name) {
            super(reference, deployment, held.unget());
            this.service = service;
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public RoutingStrategy service() {
            return service;
        }

        @Override
        Owners.Claim claim() {
            return new Owners.Claim(Owners.Kind.STRATEGY, name);
        }

        @Override
        public boolean wantsSignals() {
            return Boolean.TRUE.equals(reference().getProperty(RoutingStrategy.SIGNALS));
        }
    }

    static final class OfCatalog extends LiveEntry implements LiveCatalog {
        private final LocalDate date;
        private final List<CatalogModel> models;
        private final List<TraitRule> traits;
        private final Map<String, String> defaults;
        private final int ranking;

        /** @param ranking the higher one is believed */
        OfCatalog(
                ServiceReference<?> reference,
                Deployment deployment,
                Held<?> held,
                LocalDate date,
                List<CatalogModel> models,
                List<TraitRule> traits,
                Map<String, String> defaults,
                int ranking) {
            super(reference, deployment, held.unget());
            this.date = date;
            this.models = List.copyOf(models);
            this.traits = List.copyOf(traits);
            this.defaults = Map.copyOf(defaults);
            this.ranking = ranking;
        }

        @Override
        public LocalDate date() {
            return date;
        }

        @Override
        public List<CatalogModel> models() {
            return models;
        }

        @Override
        public List<TraitRule> traits() {
            return traits;
        }

        @Override
        public Map<String, String> defaults() {
            return defaults;
        }

        int ranking() {
            return ranking;
        }

        /** The name of the jar it came from; empty = installed by other means. */
        String file() {
            Path path = deployment().path();
            return path == null ? "" : String.valueOf(path.getFileName());
        }
    }
}
