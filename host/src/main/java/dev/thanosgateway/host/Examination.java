package dev.thanosgateway.host;

import dev.thanosgateway.host.doctor.Doctor;
import dev.thanosgateway.host.doctor.Finding;
import dev.thanosgateway.host.metrics.Metrics;
import dev.thanosgateway.host.metrics.PrometheusMetrics;
import dev.thanosgateway.host.plugins.PluginHost;
import dev.thanosgateway.host.transport.Transport;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.osgi.framework.BundleContext;

/**
 * A gateway that serves nobody: configuration, plugins and the way upstream, to be looked at. Found by the launcher as
 * a {@link Callable} that gives the list of {@link Finding}s.
 */
final class Examination implements Callable<List<Finding>>, AutoCloseable {
    private static final int THREADS = 50;

    private final BundleContext context;
    private final Gateway gateway;
    private final String version;
    private final Deque<Runnable> closing = new ArrayDeque<>();

    Examination(BundleContext context, Gateway gateway, String version) {
        this.context = context;
        this.gateway = gateway;
        this.version = version;
    }

    void offer() {
        context.registerService(Callable.class, this, null);
    }

    @Override
    public List<Finding> call() throws IOException {
        var read = gateway.read();
        Metrics metrics = new PrometheusMetrics(version);
        PluginHost plugins = gateway.plugins(read, metrics);
        closing.push(() -> plugins.close(0));
        plugins.start(read);
        LiveSettings settings = new LiveSettings(read, plugins, new Discovery(System.getenv()));
        closing.push(settings::close);
        settings.start();
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4);
        threads.setDaemon(true);
        ScheduledExecutorScheduler timers = new ScheduledExecutorScheduler("timers", true);
        LifeCycle.start(threads);
        closing.push(() -> LifeCycle.stop(threads));
        LifeCycle.start(timers);
        closing.push(() -> LifeCycle.stop(timers));
        Transport transport = new Transport(threads, timers);
        closing.push(transport::close);
        return Doctor.started(settings.now(), plugins, transport);
    }

    @Override
    public void close() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
