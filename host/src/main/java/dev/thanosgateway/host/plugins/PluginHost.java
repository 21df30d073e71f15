package dev.thanosgateway.host.plugins;

import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.metrics.Metrics;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins folder, alive: what is in it serves, what is replaced in it is swapped without a lost call, what is
 * deleted from it drains and goes. The registry says what serves right now.
 *
 * <p>Needs Declarative Services in the framework, no other Configuration Admin than its own, and {@code
 * org.osgi.framework.bsnversion=multiple} so that two copies of one plugin can live side by side.
 *
 * <p>Methods may be called on any thread but a listener's.
 */
public final class PluginHost {
    /** How long a task of a bundle that is not trusted may run before its call fails. */
    public static final long DEFAULT_SLICE_MILLIS = 2_000;

    private static final long SERVICE_MILLIS = 10_000;
    /** How long a start waits for plugins whose code does not return. */
    private static final long START_MILLIS = 30_000;

    /** What a plugin's code may take to stop at the end, beyond the drain time. */
    private static final long STOP_MILLIS = 3_000;

    private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);

    private final BundleContext context;
    private final Path folder;
    private final Path state;
    private final Path kept;
    private final TrustedDigests trusted;
    private final PluginLock lock;
    private final Metrics metrics;
    private final long sliceMillis;
    private final LiveRegistry registry = new LiveRegistry();
    private final Turn turn = new Turn();
    private @Nullable Running running;

    /** What there is between start and close. */
    private record Running(
            Deployer deployer,
            Deployments deployments,
            PluginFolder files,
            ServiceWatch services,
            PoolWatch pools,
            ConfigurationStore store,
            StartMarks marks,
            Owners owners,
            Guarded guarded,
            Path work,
            List<ServiceTracker<?, ?>> trackers) {}

    /**
     * Where it works.
     *
     * @param jars watched; made if it is not there
     * @param instance where a folder of this process' own is made for its copies of the jars, and deleted on close
     * @param kept between runs, shared by all instances of a state folder: who owns what, what is quarantined
     */
    public record Folders(Path jars, Path instance, Path kept) {}

    /**
     * @param trusted digests of the jars whose code runs on its callers' threads
     * @param lock which jars may be deployed
     */
    public PluginHost(
            BundleContext context, Folders folders, TrustedDigests trusted, PluginLock lock, Metrics metrics) {
        this(context, folders, trusted, lock, metrics, DEFAULT_SLICE_MILLIS);
    }

    /** @param sliceMillis how long a task of a bundle that is not trusted may run before its call fails */
    public PluginHost(
            BundleContext context,
            Folders folders,
            TrustedDigests trusted,
            PluginLock lock,
            Metrics metrics,
            long sliceMillis) {
        this.context = context;
        this.folder = folders.jars();
        this.state = folders.instance();
        this.kept = folders.kept();
        this.trusted = trusted;
        this.lock = lock;
        this.metrics = metrics;
        this.sliceMillis = sliceMillis;
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
        ServiceComponentRuntime components = service(scr, "Declarative Services (felix.scr)");
        Path work = work();
        StartMarks marks = new StartMarks(kept, turn);
        marks.collect();
        Owners owners = new Owners(kept.resolve("owners"));
        Deployer[] deployer = new Deployer[1];
        Guarded guarded = new Guarded(turn, () -> deployer[0].publish(), () -> deployer[0].reconcile());
        ConfigurationStore store = new ConfigurationStore(context);
        Deployments deployments = new Deployments();
        BundleSlots slots = new BundleSlots(context);
        PoolWatch pools = new PoolWatch();
        Installer installer = new Installer(
                context,
                components,
                slots,
                deployments,
                new Configurations(store),
                guarded,
                owners,
                work,
                pools,
                sliceMillis);
        Deployer made = new Deployer(
                deployments,
                new Tables(),
                installer,
                registry,
                metrics,
                new Deployer.Rules(turn, guarded, owners, marks),
                changed -> new Drains(turn, deployments, installer, changed));
        deployer[0] = made;
        JarCopies copies = new JarCopies(work, new JarInspector(trusted), lock, deployments::digestsInUse);
        PluginFolder files = new PluginFolder(folder, copies, seen -> turn.orDrop(() -> made.folder(seen)));
        Foreign foreign = new Foreign(context, slots, deployments, made, owners, pools, sliceMillis);
        ServiceWatch services = new ServiceWatch(
                context,
                slots,
                deployments,
                turn::orDrop,
                new ServiceWatch.Found(foreign::found, made::left),
                made::drainMillis);
        running = new Running(
                made, deployments, files, services, pools, store, marks, owners, guarded, work, List.of(scr));
        turn.await(() -> {
            made.settings(settings);
            return true;
        });
        services.start();
        files.start();
        turn.awaitQuiet(START_MILLIS, START_MILLIS);
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
     * Takes over new settings: changed tables are made ready beside the old ones. Returns when they serve, are refused, or
     * wait for a plugin whose code does not return; calls in flight go on.
     */
    public void apply(Settings settings) {
        Running now = running();
        turn.awaitUnlessAway(() -> now.deployer().settings(settings), Guarded.QUIET_MILLIS);
    }

    /**
     * Looks at the folder now; returns when what has changed in it serves, is refused, or waits for a plugin whose code
     * does not return.
     */
    public void look() {
        running().files().lookNow();
        turn.awaitQuiet(START_MILLIS, Guarded.QUIET_MILLIS);
    }

    /** The provider types of what is deployed, by name. */
    public List<ProviderType> providerTypes() {
        return registry.picture().types();
    }

    /** The same types with only those variables that their bundle may be given a key from unasked. */
    public List<ProviderType> adoptableTypes() {
        return registry.picture().adoptable();
    }

    /**
     * Gives a type, PID, strategy or dialect to a bundle that waits for it, and approves its endpoint. Returns when it
     * serves.
     *
     * @throws IOException whose message is for the operator, when it cannot be: nothing has changed
     */
    public void give(String what, String bundle) throws IOException {
        decide(deployer -> deployer.give(what, bundle));
    }

    /**
     * Lifts the quarantine of a jar, and tries it again.
     *
     * @param name of the jar or its bundle
     * @throws IOException whose message is for the operator, when it is not quarantined
     */
    public void release(String name) throws IOException {
        decide(deployer -> deployer.release(name));
    }

    private interface Decision {
        void take(Deployer deployer) throws PluginRefusal, IOException;
    }

    private void decide(Decision decision) throws IOException {
        Deployer deployer = running().deployer();
        String refused = turn.await(() -> {
            try {
                decision.take(deployer);
                return "";
            } catch (PluginRefusal e) {
                return e.reason() + ".";
            }
        });
        if (!refused.isEmpty()) {
            throw new IOException(refused);
        }
    }

    /** Every jar and what became of it: what serves or drains first, then what waits or was refused. */
    public List<Deployed> deployed() {
        return registry.picture().deployed();
    }

    /**
     * Takes everything away: no new leases, those that are out get {@code drainMillis} to come back. Blocks until all
     * has gone but plugins whose code does not return, which are named and left behind.
     */
    public void close(long drainMillis) {
        Running now;
        synchronized (this) {
            now = running;
            running = null;
        }
        if (now == null) {
            turn.close();
            return;
        }
        quietly(now.files());
        turn.await(() -> {
            now.deployer().close(drainMillis);
            return true;
        });
        awaitGone(now, drainMillis);
        now.services().close();
        now.store().close();
        turn.close();
        now.marks().close();
        now.pools().close();
        now.trackers().forEach(ServiceTracker::close);
        delete(now.work());
    }

    private void awaitGone(Running now, long drainMillis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(drainMillis + STOP_MILLIS);
        while (System.nanoTime() < end && !turn.await(() -> gone(now))) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static boolean gone(Running now) {
        return now.guarded().stuck().containsAll(now.deployments().all());
    }

    private synchronized Running running() {
        if (running == null) {
            throw new IllegalStateException("not started, or closed");
        }
        return running;
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
