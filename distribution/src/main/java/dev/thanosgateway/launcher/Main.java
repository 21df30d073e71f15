package dev.thanosgateway.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/**
 * Starts the gateway: the framework, the bundles of {@code lib/} that plugins may wire to, the host last. Exit codes:
 * 0 stopped as asked, 2 a reason the user can mend (one sentence on stderr), 1 a defect (with its stack trace).
 */
public final class Main {
    static final int MENDABLE = 2;
    static final int DEFECT = 1;

    private Main() {}

    public static void main(String[] words) {
        int code;
        try {
            code = run(words);
        } catch (StartException e) {
            System.err.println("thanos: " + e.getMessage());
            code = MENDABLE;
        } catch (BundleException | IOException | RuntimeException e) {
            e.printStackTrace();
            code = DEFECT;
        } catch (InterruptedException e) {
            code = DEFECT;
        }
        Logging.end();
        System.out.flush();
        // Not the end of main: a plugin's thread must not keep the process alive.
        System.exit(code);
    }

    private static int run(String[] words) throws StartException, BundleException, IOException, InterruptedException {
        Arguments arguments = Arguments.parse(words);
        switch (arguments.command()) {
            case HELP -> System.out.print(Arguments.HELP);
            case VERSION -> System.out.println("thanos " + version());
            case SERVE -> serve(Installation.find(), arguments.config());
        }
        return 0;
    }

    private static void serve(Installation installation, @Nullable Path config)
            throws StartException, BundleException, IOException, InterruptedException {
        List<Path> bundles = installation.bundles();
        try (StateFolder state = StateFolder.open(StateFolder.path(System.getenv()))) {
            Framework framework = new FrameworkFactory()
                    .newFramework(settings(installation, state, config), new ClassPathConnector());
            // From here on, so that a signal during a slow start is not lost.
            CountDownLatch stop = new CountDownLatch(1);
            Signals.first(stop::countDown);
            try {
                framework.start();
                start(framework.getBundleContext(), bundles);
                stop.await();
            } finally {
                // The host first, while the plugins it drains are still there; how long that may take is its setting.
                stopHost(framework.getBundleContext());
                framework.stop();
                framework.waitForStop(0);
            }
        }
    }

    private static Map<String, String> settings(Installation installation, StateFolder state, @Nullable Path config) {
        Map<String, String> settings = new HashMap<>();
        Path instance = state.instance();
        settings.put(Constants.FRAMEWORK_STORAGE, instance.resolve("bundles").toString());
        settings.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        settings.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        settings.put("felix.service.urlhandlers", "false");
        settings.put("felix.log.level", "1");
        settings.put("felix.cm.pm", "memory");
        settings.put("ds.loglevel", "warn");
        settings.put("thanos.home", installation.home().toString());
        settings.put("thanos.plugins", installation.plugins().toString());
        settings.put("thanos.state", state.shared().toString());
        settings.put("thanos.instance", instance.toString());
        settings.put("thanos.version", version());
        if (config != null) {
            settings.put("thanos.config", config.toAbsolutePath().toString());
        }
        return settings;
    }

    private static void start(BundleContext context, List<Path> jars) throws StartException, BundleException {
        List<Bundle> bundles = new ArrayList<>();
        for (Path jar : jars) {
            bundles.add(context.installBundle(ClassPathConnector.location(jar)));
        }
        for (Bundle bundle : bundles) {
            try {
                bundle.start();
            } catch (BundleException e) {
                throw mendable(e);
            }
        }
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

    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "0" : version;
    }
}
