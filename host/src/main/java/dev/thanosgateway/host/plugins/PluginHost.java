package dev.thanosgateway.host.plugins;

import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.metrics.Metrics;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins folder, alive: what is in it serves, what is replaced in it is swapped without a lost call, what is
 * deleted from it drains and goes. The registry says what serves right now.
 *
 * <p>Needs Declarative Services and Configuration Admin in the framework, the latter with {@code felix.cm.pm=memory} so
 * that nothing of a provider's settings lands on a disk, and {@code org.osgi.framework.bsnversion=multiple} so that two
 * copies of one plugin can live side by side.
 *
 * <p>Methods may be called on any thread but a listener's.
 */
public final class PluginHost {
    /** How long a task of a bundle that is not trusted may run before its call fails. */
    public static final long DEFAULT_SLICE_MILLIS = 2_000;

    private static final long SERVICE_MILLIS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);

    private final BundleContext context;
    private final Path folder;
    private final Path state;
    private final TrustedDigests trusted;
    private final PluginLock lock;
    private final Metrics metrics;
    private final long sliceMillis;
    private final LiveRegistry registry = new LiveRegistry();
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread made = new Thread(task, "plugins");
        made.setDaemon(true);
        return made;
    });
    private @Nullable Running running;

    /** What there is between start and close. */
    private record Running(
            Deployer deployer,
            Deployments deployments,
            PluginFolder files,
            ServiceWatch services,
            PoolWatch pools,
            Configurations configurations,
            Path work,
            List<ServiceTracker<?, ?>> trackers) {}

    /**
     * @param folder watched; made if it is not there
     * @param state where a folder of this process' own is made for its copies of the jars, and deleted on close
     * @param trusted digests of the jars whose code runs on its callers' threads
     * @param lock which jars may be deployed
     */
    public PluginHost(
            BundleContext context, Path folder, Path state, TrustedDigests trusted, PluginLock lock, Metrics metrics) {
        this(context, folder, state, trusted, lock, metrics, DEFAULT_SLICE_MILLIS);
    }

    /** @param sliceMillis how long a task of a bundle that is not trusted may run before its call fails */
    public PluginHost(
            BundleContext context,
            Path folder,
            Path state,
            TrustedDigests trusted,
            PluginLock lock,
            Metrics metrics,
            long sliceMillis) {
        this.context = context;
        this.folder = folder;
        this.state = state;
        this.trusted = trusted;
        this.lock = lock;
        this.metrics = metrics;
        this.sliceMillis = sliceMillis;
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Deploys what is in the folder and goes on watching it. Returns when every jar that is there serves or is refused.
     *
     * @throws IOException when the folder cannot be used, or the framework lacks a service; the message says what to do
     */
    public synchronized void start(Settings settings) throws IOException {
        if (running != null) {
            throw new IllegalStateException("started already");
        }
        ServiceTracker<ServiceComponentRuntime, ServiceComponentRuntime> scr =
                new ServiceTracker<>(context, ServiceComponentRuntime.class, null);
        ServiceTracker<ConfigurationAdmin, ConfigurationAdmin> cm =
                new ServiceTracker<>(context, ConfigurationAdmin.class, null);
        ServiceComponentRuntime components = service(scr, "Declarative Services (felix.scr)");
        Configurations configurations = new Configurations(service(cm, "Configuration Admin (felix.configadmin)"));
        Path work = work();
        Deployments deployments = new Deployments();
        Tables tables = new Tables();
        BundleSlots slots = new BundleSlots(context);
        PoolWatch pools = new PoolWatch();
        Installer installer =
                new Installer(context, components, slots, deployments, configurations, work, pools, sliceMillis);
        Deployer deployer = new Deployer(
                deployments,
                tables,
                configurations,
                installer,
                registry,
                metrics,
                changed -> new Drains(thread, deployments, configurations, installer, changed));
        JarCopies copies = new JarCopies(work, new JarInspector(trusted), lock, deployments::digestsInUse);
        PluginFolder files = new PluginFolder(folder, copies, seen -> onThread(() -> deployer.folder(seen)));
        Foreign foreign = new Foreign(context, slots, deployments, deployer, pools, sliceMillis);
        ServiceWatch services = new ServiceWatch(
                context,
                slots,
                deployments,
                task -> onThread(task),
                new ServiceWatch.Found(foreign::found, deployer::left),
                deployer::drainMillis);
        running = new Running(deployer, deployments, files, services, pools, configurations, work, List.of(scr, cm));
        await(() -> {
            deployer.settings(settings);
            return true;
        });
        services.start();
        files.start();
        await(() -> true); // everything told so far is done
    }

    private static <T> T service(ServiceTracker<T, T> tracker, String what) throws IOException {
        tracker.open();
        try {
            T service = tracker.waitForService(SERVICE_MILLIS);
            if (service == null) {
                throw new IOException("the framework has no " + what + "; add its bundle");
            }
            return service;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + what, e);
        }
    }

    /** Only this process' folder: others' that are left over go, if their process has gone. */
    private Path work() throws IOException {
        Files.createDirectories(state);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(state, "plugins-*-*")) {
            for (Path folder : left) {
                String pid = String.valueOf(folder.getFileName()).split("-", 3)[1];
                if (pid.matches("\\d{1,18}")
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    delete(folder);
                }
            }
        }
        return Files.createTempDirectory(
                state, "plugins-" + ProcessHandle.current().pid() + "-");
    }

    /** What serves right now. */
    public Registry registry() {
        return registry;
    }

    /**
     * Takes over new settings: changed tables are made ready beside the old ones. Returns when they serve or are
     * refused; calls in flight go on.
     */
    public void apply(Settings settings) {
        Running now = running();
        await(() -> {
            now.deployer().settings(settings);
            return true;
        });
    }

    /** Looks at the folder now; returns when what has changed in it serves or is refused. */
    public void look() {
        running().files().lookNow();
        await(() -> true); // everything told so far is done
    }

    /** The provider types of what is deployed, by name. */
    public List<ProviderType> providerTypes() {
        return registry.picture().types();
    }

    /** Every jar and what became of it: what serves or drains first, then what waits or was refused. */
    public List<Deployed> deployed() {
        return registry.picture().deployed();
    }

    /**
     * Takes everything away: no new leases, those that are out get {@code drainMillis} to come back. Blocks until all
     * has gone.
     */
    public void close(long drainMillis) {
        Running now;
        synchronized (this) {
            now = running;
            running = null;
        }
        if (now == null) {
            thread.shutdownNow();
            return;
        }
        quietly(now.files());
        await(() -> {
            now.deployer().close(drainMillis);
            return true;
        });
        awaitGone(now, drainMillis);
        now.services().close();
        await(() -> {
            now.configurations().keepPids(Set.of());
            return true;
        });
        thread.shutdownNow();
        now.pools().close();
        now.trackers().forEach(ServiceTracker::close);
        delete(now.work());
    }

    private void awaitGone(Running now, long drainMillis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(drainMillis + SERVICE_MILLIS);
        while (System.nanoTime() < end && !await(() -> now.deployments().all().isEmpty())) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private synchronized Running running() {
        if (running == null) {
            throw new IllegalStateException("not started, or closed");
        }
        return running;
    }

    private void onThread(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | LinkageError e) {
                    LOG.error("a change of the plugins failed; what serves goes on", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("a change of the plugins came after the end", e);
        }
    }

    private <T> T await(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        thread.execute(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the plugins could not be changed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the plugins were changed", e);
        }
    }

    private static void quietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.warn("closing failed: {}", e.toString());
        }
    }

    private static void delete(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", folder.getFileName(), e.toString());
        }
    }
}
