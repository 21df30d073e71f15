package dev.thanosgateway.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops the gateway with its bundle. Reads from the framework's properties where things are: {@code
 * thanos.home} (the installation), {@code thanos.plugins}, {@code thanos.state} (kept between runs), {@code
 * thanos.instance} (of this process alone), {@code thanos.config} (the file named on the command line; may be absent),
 * {@code thanos.version}. With {@code thanos.safe=true} it deploys only the plugins that ship. With {@code thanos.examine=true} it serves nobody, but offers to look for what is wrong.
 */
public final class HostActivator implements BundleActivator {
    /** What stopping may take beyond the time that calls in flight get. */
    private static final long STOP_MILLIS = 15_000;

    private static final Logger LOG = LoggerFactory.getLogger(HostActivator.class);

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
                config == null ? null : Path.of(config),
                Boolean.parseBoolean(context.getProperty("thanos.safe")));
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
        if (running == null) {
            return;
        }
        FutureTask<Boolean> closing = new FutureTask<>(() -> {
            running.close();
            return true;
        });
        Thread.ofPlatform().daemon().name("stop").start(closing);
        long drainMillis = running instanceof Gateway serving ? serving.drainMillis() : 0;
        try {
            closing.get(drainMillis + STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.error("The gateway did not stop within {} ms; the process ends.", drainMillis + STOP_MILLIS);
        }
    }
}
