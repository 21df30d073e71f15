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
 * {@code thanos.version}.
 */
public final class HostActivator implements BundleActivator {
    private @Nullable Gateway gateway;

    /**
     * @throws BundleException of type ACTIVATOR_ERROR and without a cause when the user can mend what is wrong; its
     *     message is what to tell
     */
    @Override
    public void start(BundleContext context) throws BundleException {
        String config = context.getProperty("thanos.config");
        Gateway starting = new Gateway(
                context,
                new Gateway.Places(
                        Path.of(property(context, "thanos.home")),
                        Path.of(property(context, "thanos.plugins")),
                        Path.of(property(context, "thanos.state")),
                        Path.of(property(context, "thanos.instance")),
                        config == null ? null : Path.of(config)),
                property(context, "thanos.version"));
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
    public void stop(BundleContext context) {
        Gateway running = gateway;
        gateway = null;
        if (running != null) {
            running.close();
        }
    }
}
