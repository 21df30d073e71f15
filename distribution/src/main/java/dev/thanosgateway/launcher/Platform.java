package dev.thanosgateway.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** The framework with the bundles of {@code lib/} that plugins may wire to; the host starts last and stops first. */
final class Platform {
    /** How long what the host has drained may take to go. */
    private static final long STOP_MILLIS = 2_000;

    private final Framework framework;

    private Platform(Framework framework) {
        this.framework = framework;
    }

    /** Makes it; nothing runs yet. */
    static Platform of(Installation installation, StateFolder state, @Nullable Path config, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        Path instance = state.instance();
        settings.put(Constants.FRAMEWORK_STORAGE, instance.resolve("bundles").toString());
        settings.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        settings.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        settings.put("felix.service.urlhandlers", "false");
        settings.put("felix.log.level", "1");
        settings.put("ds.loglevel", "warn");
        settings.put("thanos.home", installation.home().toString());
        settings.put("thanos.plugins", installation.plugins().toString());
        settings.put("thanos.state", state.shared().toString());
        settings.put("thanos.instance", instance.toString());
        settings.put("thanos.version", Main.version());
        if (config != null) {
            settings.put("thanos.config", config.toAbsolutePath().toString());
        }
        return new Platform(new FrameworkFactory().newFramework(settings, new ClassPathConnector()));
    }

    /**
     * Starts everything; returns when the host has started.
     *
     * @throws StartException a reason the user can mend
     */
    void start(List<Path> jars) throws StartException, BundleException {
        framework.start();
        List<Bundle> bundles = new ArrayList<>();
        for (Path jar : jars) {
            bundles.add(context().installBundle(ClassPathConnector.location(jar)));
        }
        for (Bundle bundle : bundles) {
            try {
                bundle.start();
            } catch (BundleException e) {
                throw mendable(e);
            }
        }
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /**
     * The host first, while the plugins it drains are still there; how long that may take is its setting. A plugin whose
     * code does not return is left behind: it goes with the process.
     */
    void stop() throws BundleException, IOException, InterruptedException {
        stopHost(framework.getBundleContext());
        framework.stop();
        framework.waitForStop(STOP_MILLIS);
    }

    /** Left to itself, the framework would stop the youngest bundles first: the plugins, with their calls in flight. */
    private static void stopHost(@Nullable BundleContext context) throws BundleException {
        if (context == null) {
            return;
        }
        for (Bundle bundle : context.getBundles()) {
            if (Installation.HOST.equals(bundle.getSymbolicName())) {
                bundle.stop();
            }
        }
    }

    /**
     * What the host's activator throws itself as a BundleException without a cause is a sentence for the user;
     * anything else that went wrong the framework wraps in one with a cause.
     */
    private static BundleException mendable(BundleException e) throws StartException {
        if (e.getType() == BundleException.ACTIVATOR_ERROR && e.getCause() == null) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
        return e;
    }
}
