package dev.thanosgateway.host.plugins;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bundles that were installed by other means than the folder: they serve as long as they are active. */
final class Foreign {
    private static final Logger LOG = LoggerFactory.getLogger(Foreign.class);

    private final BundleContext context;
    private final BundleSlots slots;
    private final Deployments deployments;
    private final Deployer deployer;
    private final Owners owners;
    private final PoolWatch watch;
    private final long sliceMillis;

    Foreign(
            BundleContext context,
            BundleSlots slots,
            Deployments deployments,
            Deployer deployer,
            Owners owners,
            PoolWatch watch,
            long sliceMillis) {
        this.context = context;
        this.slots = slots;
        this.deployments = deployments;
        this.deployer = deployer;
        this.owners = owners;
        this.watch = watch;
        this.sliceMillis = sliceMillis;
    }

    /** A bundle has something for us, or has stopped. On the deployer's thread. */
    void found(Bundle bundle) {
        Deployment known = deployments.of(bundle);
        if (slots.owns(bundle)) {
            if (known != null) {
                deployer.adopt(known);
            }
        } else if (bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING) {
            Deployment deployment = known == null ? enter(bundle) : known;
            if (deployment != null) {
                deployer.adopt(deployment);
            }
        } else if (known != null) {
            known.closePool();
            deployments.gone(known);
            deployer.reconcile();
        }
    }

    private @Nullable Deployment enter(Bundle bundle) {
        try {
            PluginJar jar = ServiceWatch.jar(bundle, bundle.getHeaders("").get("Provide-Capability"));
            owners.check(jar);
            boolean ours = bundle.equals(context.getBundle());
            BundlePool pool = ours ? null : new BundlePool(jar.label(), sliceMillis, watch);
            Deployment made = ServiceWatch.deployment(deployments.nextNumber(), jar, bundle, pool);
            made.state(Deployment.State.SERVING);
            deployments.add(made);
            owners.take(jar, List.of());
            return made;
        } catch (PluginRefusal e) {
            LOG.warn("bundle {} cannot be used: {}", bundle.getSymbolicName(), e.reason());
            return null;
        }
    }
}
