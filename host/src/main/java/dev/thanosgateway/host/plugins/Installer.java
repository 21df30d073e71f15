package dev.thanosgateway.host.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Version;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** Makes a deployment of a jar beside whatever serves, up to the point where it could serve. */
final class Installer {
    private static final long ACTIVATION_MILLIS = 10_000;

    private final BundleContext context;
    private final ServiceComponentRuntime components;
    private final BundleSlots slots;
    private final Deployments deployments;
    private final Configurations configurations;
    private final Guarded guarded;
    private final Owners owners;
    private final Path work;
    private final PoolWatch watch;
    private final long sliceMillis;

    Installer(
            BundleContext context,
            ServiceComponentRuntime components,
            BundleSlots slots,
            Deployments deployments,
            Configurations configurations,
            Guarded guarded,
            Owners owners,
            Path work,
            PoolWatch watch,
            long sliceMillis) {
        this.context = context;
        this.components = components;
        this.slots = slots;
        this.deployments = deployments;
        this.configurations = configurations;
        this.guarded = guarded;
        this.owners = owners;
        this.work = work;
        this.watch = watch;
        this.sliceMillis = sliceMillis;
    }

    /** Installs; nothing of the bundle runs yet. */
    Deployment install(PluginJar jar, Path path, List<Deployment> plugins) throws PluginRefusal {
        Suppliers suppliers = Suppliers.find(jar, plugins, context, slots);
        long number = deployments.nextNumber();
        Map<String, Version> exports = JarStamp.exports(jar, number);
        Bundle bundle = put(jar, exports, suppliers.versions(), number);
        BundlePool pool = jar.trusted() ? null : new BundlePool(jar.label(), sliceMillis, watch);
        Deployment made = new Deployment(number, jar, path, bundle, pool, exports, suppliers.deployments());
        deployments.add(made);
        return made;
    }

    /** Names of the packages that come from no plugin. */
    Set<String> gatewayPackages() {
        return Suppliers.gatewayPackages(context, slots).keySet();
    }

    private Bundle put(PluginJar jar, Map<String, Version> exports, Map<String, Version> imports, long number)
            throws PluginRefusal {
        Path stamped = work.resolve("install-" + number + ".tmp");
        try {
            try {
                JarStamp.write(jar, exports, imports, stamped);
                return slots.put(stamped);
            } finally {
                Files.deleteIfExists(stamped);
            }
        } catch (BundleException | IOException e) {
            throw PluginRefusal.of("it cannot be installed: " + Guarded.rootCause(e));
        }
    }

    /** Starts it and brings its components up; what comes up is in the deployment's entries. */
    Activation start(Deployment made, List<Tables.Expected> expected) throws PluginRefusal {
        slots.resolve(made.bundle());
        guarded.call(made, "its start", ACTIVATION_MILLIS, () -> {
            expected.forEach(table -> publish(made, table));
            made.bundle().start(Bundle.START_TRANSIENT);
            return true;
        });
        return activate(made, expected);
    }

    private void publish(Deployment deployment, Tables.Expected table) {
        ProviderType type = deployment.type(table.settings().type());
        if (type != null) {
            configurations.publish(deployment, type.pid(), table.settings(), table.generation());
        }
    }

    /** Takes what is new of a started bundle's services, and of the components that the tables' settings make. */
    Activation activate(Deployment deployment, List<Tables.Expected> expected) throws PluginRefusal {
        Activation activation = new Activation(context, components, deployment, expected);
        try {
            guarded.call(deployment, "its activation", ACTIVATION_MILLIS, () -> {
                expected.forEach(table -> publish(deployment, table));
                return activation.await();
            });
            owners.check(deployment.jar(), activation.entries());
        } catch (PluginRefusal e) {
            guarded.later(deployment, "its deactivation", activation::undo, () -> {});
            throw e;
        }
        deployments.enter(deployment, activation.entries());
        return activation;
    }

    /**
     * Takes away a deployment, whether it ever served or not. Returns at once; what its code takes to end is its own
     * time.
     *
     * @param then run with the turn when it has gone
     */
    void remove(Deployment deployment, Runnable then) {
        List<LiveEntry> entries = deployments.forget(deployment);
        deployment.closePool();
        guarded.later(
                deployment,
                "its stop",
                () -> {
                    entries.forEach(LiveEntry::unget);
                    configurations.remove(deployment);
                    if (!deployment.foreign()) {
                        deployment.bundle().stop(Bundle.STOP_TRANSIENT);
                    }
                    return true;
                },
                () -> {
                    if (!deployment.foreign()) {
                        slots.free(deployment.bundle(), deployment.label());
                    }
                    deployments.gone(deployment);
                    then.run();
                });
    }

    /** Takes away one provider of a deployment that goes on. */
    void remove(LiveEntry.OfProvider provider, Runnable then) {
        deployments.forget(provider);
        Deployment deployment = provider.deployment();
        guarded.later(
                deployment,
                "its deactivation",
                () -> {
                    provider.unget();
                    configurations.remove(deployment, provider.id(), provider.generation());
                    return true;
                },
                then);
    }

    /** Takes back settings that a deployment could not serve. */
    void withdraw(Deployment deployment, Tables.Expected table) {
        guarded.later(
                deployment,
                "its deactivation",
                () -> {
                    configurations.remove(deployment, table.id(), table.generation());
                    return true;
                },
                () -> {});
    }
}
