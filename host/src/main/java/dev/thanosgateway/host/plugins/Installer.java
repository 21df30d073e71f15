package dev.thanosgateway.host.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
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
    private final Path work;
    private final PoolWatch watch;
    private final long sliceMillis;

    Installer(
            BundleContext context,
            ServiceComponentRuntime components,
            BundleSlots slots,
            Deployments deployments,
            Configurations configurations,
            Path work,
            PoolWatch watch,
            long sliceMillis) {
        this.context = context;
        this.components = components;
        this.slots = slots;
        this.deployments = deployments;
        this.configurations = configurations;
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
        for (Tables.Expected table : expected) {
            publish(made, table);
        }
        Guarded.call(made.label(), "its start", ACTIVATION_MILLIS, () -> {
            made.bundle().start(Bundle.START_TRANSIENT);
            return true;
        });
        return activate(made, expected);
    }

    void publish(Deployment deployment, Tables.Expected table) throws PluginRefusal {
        ProviderType type = deployment.type(table.settings().type());
        if (type != null) {
            configurations.publish(type.pid(), table.settings(), table.generation());
        }
    }

    /** Takes what is new of a started bundle's services. */
    Activation activate(Deployment deployment, List<Tables.Expected> expected) throws PluginRefusal {
        Activation activation = new Activation(context, components, deployment, expected);
        try {
            Guarded.call(deployment.label(), "its activation", ACTIVATION_MILLIS, activation::await);
        } catch (PluginRefusal e) {
            activation.undo();
            throw e;
        }
        deployments.enter(deployment, activation.entries());
        return activation;
    }

    /** Takes away a deployment, whether it ever served or not. */
    void remove(Deployment deployment) {
        List.copyOf(deployment.entries()).forEach(deployments::leave);
        deployment.closePool();
        if (!deployment.foreign()) {
            slots.free(deployment.bundle(), deployment.label());
        }
        deployments.gone(deployment);
        configurations.keepPids(pids());
    }

    private Set<String> pids() {
        Set<String> pids = new HashSet<>();
        deployments.all().forEach(d -> d.jar().types().forEach(t -> pids.add(t.pid())));
        return pids;
    }
}
