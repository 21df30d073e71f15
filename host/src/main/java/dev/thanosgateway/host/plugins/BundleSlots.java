package dev.thanosgateway.host.plugins;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bundles to install into. Felix keeps every uninstalled bundle that ever used a service, so none is uninstalled: a
 * bundle that is done with becomes an empty one, which lets its classes go at once, and is updated when the next jar
 * comes. There are as many as were ever deployed together. Used on the deployer's thread.
 */
final class BundleSlots {
    private static final long REFRESH_SECONDS = 10;
    private static final Logger LOG = LoggerFactory.getLogger(BundleSlots.class);

    private final BundleContext context;
    private final byte[] empty = empty();
    private final ArrayDeque<Bundle> idle = new ArrayDeque<>();
    private final Set<Bundle> ours = ConcurrentHashMap.newKeySet();
    private int made;

    BundleSlots(BundleContext context) {
        this.context = context;
    }

    /** Puts a jar into a bundle that is not started. */
    Bundle put(Path jar) throws BundleException, IOException {
        Bundle bundle = idle.poll();
        if (bundle == null) {
            bundle = context.installBundle("thanos-plugin:" + ++made, new ByteArrayInputStream(empty));
            ours.add(bundle);
        }
        try (InputStream in = Files.newInputStream(jar)) {
            bundle.update(in);
            return bundle;
        } catch (BundleException | IOException e) {
            idle.add(bundle);
            throw e;
        }
    }

    /** Resolves a bundle, so that its start needs no lock but its own. */
    void resolve(Bundle bundle) {
        context.getBundle(0).adapt(FrameworkWiring.class).resolveBundles(Set.of(bundle));
    }

    /** Empties a bundle that is stopped. Nothing may be wired to it any more. */
    void free(Bundle bundle, String label) {
        try {
            bundle.update(new ByteArrayInputStream(empty));
            refresh(bundle);
            idle.add(bundle);
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("plugin {} is left behind: {}", label, Guarded.rootCause(e));
        }
    }

    /** Whether the bundle is one of these, full or empty. */
    boolean owns(Bundle bundle) {
        return ours.contains(bundle);
    }

    /** A refresh goes on in the background and holds the framework's lock: whoever starts a bundle meanwhile fails. */
    private void refresh(Bundle bundle) {
        CountDownLatch done = new CountDownLatch(1);
        FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
        wiring.refreshBundles(Set.of(bundle), event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
            }
        });
        try {
            if (!done.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the framework did not refresh a bundle within {} s", REFRESH_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] empty() {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "dev.thanosgateway.empty");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            new JarOutputStream(bytes, manifest).close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }
}
