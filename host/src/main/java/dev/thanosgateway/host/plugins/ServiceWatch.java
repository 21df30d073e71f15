package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.catalog.ModelCatalog;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.api.routing.RoutingStrategy;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees services come and go that the deployer did not move: of bundles installed by other means, or of a component
 * that lost what it needs. One that goes waits on its own thread until no call uses it, so that every way of stopping
 * a bundle is safe.
 */
final class ServiceWatch implements ServiceListener, BundleListener, AutoCloseable {
    private static final String FILTER = "(|(objectClass=" + Provider.class.getPackageName() + ".*)(objectClass="
            + Dialect.class.getName() + ")(objectClass=" + RoutingStrategy.class.getName() + ")(objectClass="
            + ModelCatalog.class.getName() + "))";
    private static final Logger LOG = LoggerFactory.getLogger(ServiceWatch.class);

    private final BundleContext context;
    private final BundleSlots slots;
    private final Deployments deployments;
    private final Executor deployer;
    private final Found found;
    private final LongSupplier drainMillis;

    /** What is done with it, on the deployer's thread. */
    record Found(Consumer<Bundle> bundle, Consumer<LiveEntry> left) {}

    ServiceWatch(
            BundleContext context,
            BundleSlots slots,
            Deployments deployments,
            Executor deployer,
            Found found,
            LongSupplier drainMillis) {
        this.context = context;
        this.slots = slots;
        this.deployments = deployments;
        this.deployer = deployer;
        this.found = found;
        this.drainMillis = drainMillis;
    }

    void start() {
        try {
            context.addServiceListener(this, FILTER);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        context.addBundleListener(this);
        for (Bundle bundle : context.getBundles()) {
            if (!slots.owns(bundle) && bundle.getState() == Bundle.ACTIVE && relevant(bundle)) {
                deployer.execute(() -> found.bundle().accept(bundle));
            }
        }
    }

    @Override
    public void close() {
        try {
            context.removeServiceListener(this);
            context.removeBundleListener(this);
        } catch (IllegalStateException e) {
            return; // the host's bundle is stopped already
        }
    }

    @Override
    public void serviceChanged(ServiceEvent event) {
        ServiceReference<?> reference = event.getServiceReference();
        Bundle bundle = reference.getBundle();
        if (event.getType() == ServiceEvent.REGISTERED && bundle != null) {
            deployer.execute(() -> found.bundle().accept(bundle));
        } else if (event.getType() == ServiceEvent.UNREGISTERING) {
            LiveEntry entry = deployments.take(reference);
            if (entry != null) {
                goes(entry);
            }
        }
    }

    private void goes(LiveEntry entry) {
        var idle = entry.retire();
        deployer.execute(() -> found.left().accept(entry));
        try {
            idle.get(drainMillis.getAsLong(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("a service of plugin {} goes with {} calls unfinished", entry.bundle(), entry.inFlight());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            entry.unget();
        }
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        boolean matters = (event.getType() == BundleEvent.STARTED && relevant(bundle))
                || (event.getType() == BundleEvent.STOPPED && deployments.any(bundle));
        if (!slots.owns(bundle) && matters) {
            deployer.execute(() -> found.bundle().accept(bundle));
        }
    }

    private static boolean relevant(Bundle bundle) {
        String capabilities = bundle.getHeaders("").get("Provide-Capability");
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        boolean offers = false;
        for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
            offers |= ours(service);
        }
        return offers || (capabilities != null && capabilities.contains("thanos.provider"));
    }

    /** Whether its bundle has a service that is not held yet. */
    static boolean offersMore(Deployment deployment) {
        Set<ServiceReference<?>> held = new HashSet<>();
        deployment.entries().forEach(e -> held.add(e.reference()));
        ServiceReference<?>[] services = deployment.bundle().getRegisteredServices();
        for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
            if (ours(service) && !held.contains(service)) {
                return true;
            }
        }
        return false;
    }

    private static boolean ours(ServiceReference<?> service) {
        return Activation.provider(service)
                || Activation.dialect(service)
                || Activation.strategy(service)
                || Activation.catalog(service);
    }

    /** Whether the bundle has a provider service for the table registered already. */
    static boolean offers(Bundle bundle, Tables.Expected table) {
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
            Object generation = service.getProperty(Provider.GENERATION);
            if (Activation.provider(service)
                    && table.id().equals(service.getProperty(Provider.ID))
                    && (generation == null || table.generation().equals(generation))) {
                return true;
            }
        }
        return false;
    }

    /** What is known of a bundle that was installed by other means. */
    static PluginJar jar(Bundle bundle, @Nullable String capabilities) throws PluginRefusal {
        return new PluginJar(
                "",
                Path.of(""),
                String.valueOf(bundle.getSymbolicName()),
                bundle.getVersion(),
                List.of(),
                List.of(),
                JarInspector.types(capabilities),
                false);
    }

    /** Packages of such bundles count as the gateway's own. */
    static Deployment deployment(long number, PluginJar jar, Bundle bundle, @Nullable BundlePool pool) {
        return new Deployment(number, jar, null, bundle, pool, Map.of(), Set.of());
    }
}
