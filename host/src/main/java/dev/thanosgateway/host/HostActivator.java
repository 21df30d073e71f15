package dev.thanosgateway.host;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/**
 * Starts and stops the gateway with its bundle. Reads from the framework's properties where things are: {@code
 * thanos.home} (the installation), {@code thanos.plugins}, {@code thanos.state} (kept between runs), {@code
 * thanos.instance} (of this process alone), {@code thanos.config} (the file named on the command line; may be absent),
 * {@code thanos.version}. With {@code thanos.examine=true} it serves nobody, but offers to look for what is wrong.
 */
public final class HostActivator implements BundleActivator {
    private @Nullable AutoCloseable gateway;

    /**
     * @throws BundleException of type ACTIVATOR_ERROR and without a cause when the user can mend what is wrong; its
     *     message is what to tell
     */
    @Override
    public void start(BundleContext context) throws BundleException {
        String config = context.getProperty("thanos.config");
        Gateway.Places places = new Gateway.Places(
                Path.of(property(context, "thanos.home")),
                Path.of(property(context, "thanos.plugins")),
                Path.of(property(context, "thanos.state")),
                Path.of(property(context, "thanos.instance")),
                config == null ? null : Path.of(config));
        String version = property(context, "thanos.version");
        Gateway starting = new Gateway(context, places, version);
        if (Boolean.parseBoolean(context.getProperty("thanos.examine"))) {
            Examination examination = new Examination(context, starting, version);
            examination.offer();
            gateway = examination;
            return;
        }
        try {
            starting.start();
        } catch (IOException e) {
            starting.close();
            throw new BundleException(e.getMessage(), BundleException.ACTIVATOR_ERROR);
        } catch (RuntimeException | Error e) {
            starting.close();
            throw e;
        }
        gateway = starting;
    }

    private static String property(BundleContext context, String name) {
        String value = context.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("The launcher does not say " + name + ".");
        }
        return value;
    }

    @Override
    public void stop(BundleContext context) throws Exception {
        AutoCloseable running = gateway;
        gateway = null;
        if (running != null) {
            running.close();
        }
    }
}
