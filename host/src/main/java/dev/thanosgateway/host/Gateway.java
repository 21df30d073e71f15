package dev.thanosgateway.host;

import dev.thanosgateway.host.access.GuardedAccess;
import dev.thanosgateway.host.access.LiveAccess;
import dev.thanosgateway.host.admin.AdminSocket;
import dev.thanosgateway.host.admission.Admission;
import dev.thanosgateway.host.admission.CallerLimits;
import dev.thanosgateway.host.config.ConfigException;
import dev.thanosgateway.host.config.ConfigFile;
import dev.thanosgateway.host.config.ConfigReader;
import dev.thanosgateway.host.config.ConfigWatch;
import dev.thanosgateway.host.config.HostPort;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.dispatch.ChatService;
import dev.thanosgateway.host.dispatch.ModelCatalog;
import dev.thanosgateway.host.doctor.Finding;
import dev.thanosgateway.host.doctor.PortChecks;
import dev.thanosgateway.host.grpc.GrpcFrontEnd;
import dev.thanosgateway.host.http.HttpFrontEnd;
import dev.thanosgateway.host.http.HttpThreads;
import dev.thanosgateway.host.inbound.Connections;
import dev.thanosgateway.host.metrics.Metrics;
import dev.thanosgateway.host.metrics.PrometheusMetrics;
import dev.thanosgateway.host.plugins.FolderLook;
import dev.thanosgateway.host.plugins.PluginHost;
import dev.thanosgateway.host.plugins.PluginLock;
import dev.thanosgateway.host.plugins.TrustedDigests;
import dev.thanosgateway.host.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway as one thing: configuration, then plugins, then the dispatcher, the listeners last, so that nobody is
 * answered before the plugins present at the start serve or are refused. Stops in reverse, calls in flight first.
 */
final class Gateway implements AutoCloseable {
    /**
     * Where things are.
     *
     * @param home the installation
     * @param state kept between runs, shared by all instances of this user
     * @param instance of this process alone
     * @param config the file named on the command line; null = look in the usual places
     * @param safe whether only the plugins that ship are deployed
     */
    record Places(
            Path home,
            Path plugins,
            Path state,
            Path instance,
            @Nullable Path config,
            boolean safe) {}

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final int MESSAGE_BYTES_LIMIT = 1 << 30;

    private final BundleContext context;
    private final Places places;
    private final String version;
    private final Deque<Runnable> closing = new ArrayDeque<>();
    private volatile long drainMillis;

    Gateway(BundleContext context, Places places, String version) {
        this.context = context;
        this.places = places;
        this.version = version;
    }

    /** @throws IOException when something the user can mend is in the way; its message says what and how */
    void start() throws IOException {
        ConfigWatch watch = watch();
        Settings read = read(watch);
        LogLevel.set(read.server().logLevel());
        listenable(read);
        read.warnings().forEach(LOG::warn);
        GuardedAccess guard = GuardedAccess.of(read, places.state());
        LiveAccess access = new LiveAccess(guard);
        Metrics metrics = new PrometheusMetrics(version);

        PluginHost plugins = plugins(read, metrics);
        closing.push(() -> plugins.close(0));
        plugins.start(read);
        LiveSettings settings = new LiveSettings(read, plugins, new Discovery(System.getenv()));
        closing.push(settings::close);
        settings.start();
        settings.shutdowns().forEach(LOG::warn);

        HttpThreads threads = new HttpThreads();
        ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("http-timers", true);
        ExecutorService virtualThreads = Executors.newVirtualThreadPerTaskExecutor();
        closing.push(virtualThreads::shutdownNow);
        startQuietly(scheduler);
        closing.push(() -> LifeCycle.stop(scheduler));
        // Started here: the first that gets them unstarted would own them, and wait for all of them when it stops.
        startQuietly(threads);
        closing.push(() -> LifeCycle.stop(threads));
        Transport transport = new Transport(threads, scheduler);
        closing.push(transport::close);
        transport.open(connectLimits(settings.now()));
        ChatService service = new ChatService(plugins.registry(), settings::now, transport, metrics);
        closing.push(service::close);
        service.start();

        Admission admission = new CallerLimits(() -> settings.now().rateLimits());
        Descriptors.openAll();
        Connections connections = Connections.withinDescriptors();
        HttpFrontEnd http = new HttpFrontEnd(
                read.server().http(),
                plugins.registry(),
                service,
                service.models(),
                service.health(),
                access,
                admission,
                metrics,
                settings::now,
                virtualThreads,
                threads,
                scheduler,
                connections,
                version);
        GrpcFrontEnd grpc = new GrpcFrontEnd(
                new GrpcFrontEnd.Options(
                        read.server().grpc(),
                        (int) Math.min(read.server().maxBodyBytes(), MESSAGE_BYTES_LIMIT),
                        read.server().grpcReflection(),
                        version),
                service,
                service.models(),
                service.health(),
                access,
                admission,
                metrics,
                connections);
        int httpPort = http.start();
        closing.push(http::close);
        // Calls that are still under way fail before their callers' connections close.
        closing.push(transport::close);
        int grpcPort = grpc.start();
        drainMillis = read.server().drainMillis();
        closing.push(() -> {
            service.drain();
            http.drain();
            service.finish(drainMillis);
            grpc.close(Duration.ZERO);
        });
        if (watch != null) {
            watch.start(changed -> {
                settings.take(changed, access, places.state());
                transport.open(connectLimits(settings.now()));
            });
            closing.push(watch::close);
        }
        Map<String, @Nullable Object> status = status(read, guard.keyRequired(), httpPort, grpcPort);
        admin(new GatewayCommands(status, settings, plugins, service, watch));
        ModelCatalog models = service.models();
        String serving = Objects.requireNonNullElse(models.first(), "auto");
        new Banner(version, settings.now(), guard, plugins, models::defaultModel, serving, httpPort, grpcPort)
                .print(System.out);
        if (places.safe()) {
            LOG.warn("Safe mode: only the plugins that ship are deployed.");
        }
    }

    /** Each needs an upstream client of its own. */
    private static Set<Long> connectLimits(Settings settings) {
        Set<Long> limits = new HashSet<>();
        limits.add(settings.timeouts().connectMillis());
        settings.providers().values().forEach(one -> limits.add(one.timeouts().connectMillis()));
        return limits;
    }

    /** How long calls in flight get when it stops. */
    long drainMillis() {
        return drainMillis;
    }

    /** Asked first: a start that fails later has made the first key and never shown it. */
    private static void listenable(Settings read) throws IOException {
        List<Finding> taken = PortChecks.taken(read);
        if (!taken.isEmpty()) {
            throw new IOException(taken.get(0).what() + " " + taken.get(0).mend());
        }
    }

    /** Where others can reach the gateway, only jars that are listed may be deployed. */
    PluginHost plugins(Settings read, Metrics metrics) throws IOException {
        TrustedDigests shipped =
                TrustedDigests.read(places.home().resolve("lib").resolve("plugins.lock"));
        boolean reachable =
                !(read.server().http().loopback() && read.server().grpc().loopback());
        PluginLock lock =
                places.safe() ? PluginLock.safe(shipped) : PluginLock.of(places.plugins(), shipped, reachable);
        PluginHost.Folders folders = new PluginHost.Folders(
                places.plugins(), places.instance(), places.state().resolve("plugins"));
        return new PluginHost(context, folders, shipped, lock, metrics);
    }

    /** What stays as it is while this process runs. */
    private Map<String, @Nullable Object> status(Settings read, boolean keyRequired, int httpPort, int grpcPort) {
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        status.put("pid", ProcessHandle.current().pid());
        status.put("version", version);
        status.put("url", "http://" + reachable(read.server().http(), httpPort));
        status.put("grpc", reachable(read.server().grpc(), grpcPort).toString());
        status.put("key", keyRequired);
        status.put("plugins", places.plugins().toString());
        status.put("config", read.file() == null ? null : read.file().toString());
        return status;
    }

    /** From this machine; a listener on every address has none of its own. */
    private static HostPort reachable(HostPort bind, int port) {
        String host = !bind.everyAddress() ? bind.host() : bind.host().indexOf(':') >= 0 ? "::1" : "127.0.0.1";
        return new HostPort(host, port);
    }

    /** A gateway without its socket serves all the same. */
    private void admin(GatewayCommands commands) {
        try {
            AdminSocket socket = AdminSocket.open(places.instance(), commands);
            closing.push(socket::close);
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("No command can reach this gateway, its socket cannot be opened: {}", e.toString());
        }
    }

    /** @throws IOException with everything that is wrong with the configuration */
    Settings read() throws IOException {
        return read(watch());
    }

    /** Of the configuration file; null = there is none. */
    private @Nullable ConfigWatch watch() {
        Path here = Path.of("").toAbsolutePath();
        return ConfigFile.find(places.config(), System.getenv(), here)
                .map(file -> new ConfigWatch(file, (text, at) -> reader().parse(text, at)))
                .orElse(null);
    }

    private Settings read(@Nullable ConfigWatch watch) throws IOException {
        try {
            return watch == null ? reader().read(null) : watch.first();
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private ConfigReader reader() {
        return new ConfigReader(System.getenv(), FolderLook.at(places.plugins()).installed());
    }

    private static void startQuietly(LifeCycle threads) {
        try {
            threads.start();
        } catch (Exception e) {
            throw new IllegalStateException("The gateway's threads do not start: " + e.getMessage(), e);
        }
    }

    /** Stops what was started: new calls are refused, those in flight finish or are told, then everything goes. */
    @Override
    public void close() {
        while (!closing.isEmpty()) {
            try {
                closing.pop().run();
            } catch (RuntimeException e) {
                LOG.warn("Stopping a part of the gateway failed.", e);
            }
        }
    }
}
