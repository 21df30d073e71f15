package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.access.Access;
import dev.thanosgateway.host.access.GuardedAccess;
import dev.thanosgateway.host.admission.Admission;
import dev.thanosgateway.host.admission.CallerLimits;
import dev.thanosgateway.host.config.ConfigReader;
import dev.thanosgateway.host.config.Installed;
import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.dispatch.ChatService;
import dev.thanosgateway.host.inbound.Connections;
import dev.thanosgateway.host.metrics.Metrics;
import dev.thanosgateway.host.plugins.Lane;
import dev.thanosgateway.host.plugins.LiveCatalog;
import dev.thanosgateway.host.plugins.LiveDialect;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.LiveStrategy;
import dev.thanosgateway.host.plugins.ProviderStatus;
import dev.thanosgateway.host.plugins.ProviderType;
import dev.thanosgateway.host.plugins.Registry;
import dev.thanosgateway.host.transport.Transport;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;

/** The gateway without its plugins folder: real front end, dispatcher and transport, the toy language, port 0. */
public final class Rig implements AutoCloseable {
    public final List<Provider> providers = new ArrayList<>();
    public volatile List<LiveCatalog> catalogs = List.of();
    public volatile List<ProviderType> types = List.of();
    public final Counted metrics = new Counted();
    public final Language language = new Language();
    /** Any name selects it; null = none is deployed. */
    public volatile @Nullable RoutingStrategy strategy = (request, snapshot) -> Plan.of(snapshot.candidates().stream()
            .map(c -> new Target(c.provider(), "m"))
            .toList());

    /** Whether it looks at what providers signal. */
    public volatile boolean wantsSignals;

    public volatile Lane.Factory strategyLanes = Lane.Factory.INLINE;
    public final ChatService service;
    public final Registry registry;
    public final int port;
    public final Access access;
    public final Admission admission;
    private final List<Runnable> listeners = new ArrayList<>();
    private volatile Settings settings;
    final HttpFrontEnd http;
    private final Transport transport;
    private final HttpThreads threads = new HttpThreads();
    private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("rig", true);
    private final ExecutorService virtualThreads = Executors.newVirtualThreadPerTaskExecutor();

    /** @param toml providers of type {@code toy} need an endpoint */
    public Rig(String toml) throws Exception {
        settings = read(toml);
        for (ProviderSettings table : settings.providers().values()) {
            providers.add(new Provider(table));
        }
        admission = new CallerLimits(() -> settings.rateLimits());
        access = GuardedAccess.of(settings, Path.of("target", "rig-state"));
        scheduler.start();
        threads.start();
        transport = new Transport(threads, scheduler);
        registry = new Pictured();
        service = new ChatService(registry, () -> settings, transport, metrics);
        service.start();
        http = new HttpFrontEnd(
                new dev.thanosgateway.host.config.HostPort("127.0.0.1", 0),
                registry,
                service,
                service.models(),
                service.health(),
                access,
                admission,
                metrics,
                () -> settings,
                virtualThreads,
                threads,
                scheduler,
                new Connections(Integer.MAX_VALUE),
                "1.2.3");
        port = http.start();
    }

    private static Settings read(String toml) throws Exception {
        // Most tests are about one failure at a time, and answer each question once.
        String all = toml.contains("[retry]") ? toml : toml + "\n[retry]\nenabled = false\n";
        return new ConfigReader(Map.of(), Installed.UNKNOWN).parse(all, null);
    }

    public Settings settings() {
        return settings;
    }

    /** Other settings are in force; providers and access stay as they were. */
    public void change(String toml) throws Exception {
        settings = read(toml);
    }

    /** Nothing changes by itself here: tells that the language has other routes, or providers came or went. */
    public void changed() {
        listeners.forEach(Runnable::run);
    }

    /** A table for one toy provider that asks an upstream. */
    public static String table(String id, Upstream upstream) {
        return "[providers." + id + "]\ntype = \"toy\"\nendpoint = \"" + upstream.endpoint()
                + "\"\napi_key = \"secret-of-" + id + "\"\n";
    }

    public Client client() throws Exception {
        return new Client(port);
    }

    public Provider provider(String id) {
        return providers.stream().filter(p -> p.id().equals(id)).findFirst().orElseThrow();
    }

    /** Another instance takes a provider's place. */
    public Provider replace(String id) {
        Provider before = provider(id);
        Provider next = new Provider(before.table);
        next.service = before.service;
        providers.set(providers.indexOf(before), next);
        changed();
        return next;
    }

    /** Bytes of bodies and answers that are held. */
    public long held() {
        return http.held();
    }

    /** Waits until nothing is leased, held or open, and no lease was given back that was not taken. */
    public void awaitIdle() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!leaks().isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        if (!leaks().isEmpty()) {
            throw new AssertionError(leaks());
        }
    }

    private String leaks() {
        StringBuilder leaks = new StringBuilder();
        for (Provider provider : providers) {
            if (provider.inFlight() != 0) {
                leaks.append(provider.inFlight()).append(" leases of ").append(provider.id());
            }
        }
        if (language.leases.get() != 0) {
            leaks.append(" dialect: ").append(language.leases);
        }
        if (http.held() != 0) {
            leaks.append(" budget: ").append(http.held());
        }
        if (service.held().memory().used() != 0) {
            leaks.append(" memory: ").append(service.held().memory().used());
        }
        if (metrics.open.get() != 0) {
            leaks.append(" open: ").append(metrics.open);
        }
        if (metrics.streams.get() != 0) {
            leaks.append(" streams: ").append(metrics.streams);
        }
        return leaks.toString();
    }

    @Override
    public void close() throws Exception {
        http.close();
        service.close();
        transport.close();
        virtualThreads.shutdownNow();
        threads.stop();
        scheduler.stop();
    }

    /** A live provider whose leases can be counted and whose service and lanes can be replaced. */
    public static final class Provider implements LiveProvider {
        public volatile dev.thanosgateway.api.provider.Provider service = new Toy.Provider(Auth.BEARER);
        public volatile Lane.Factory lanes = Lane.Factory.INLINE;
        public volatile @Nullable String autoBy;
        public volatile boolean retired;
        public volatile boolean gone;
        public volatile boolean vendor = true;
        public volatile boolean aggregator;
        public volatile boolean needsKey = true;
        private final ProviderSettings table;
        private final AtomicInteger leases = new AtomicInteger();

        Provider(ProviderSettings table) {
            this.table = table;
        }

        @Override
        public String id() {
            return table.id();
        }

        @Override
        public String type() {
            return table.type();
        }

        @Override
        public dev.thanosgateway.api.provider.Provider service() {
            return service;
        }

        @Override
        public ProviderSettings settings() {
            return table;
        }

        @Override
        public @Nullable URI endpoint() {
            return table.endpoint();
        }

        @Override
        public boolean vendor() {
            return vendor && !aggregator;
        }

        @Override
        public boolean official() {
            return vendor;
        }

        @Override
        public String profile() {
            return type();
        }

        @Override
        public boolean needsKey() {
            return needsKey;
        }

        @Override
        public @Nullable String autoBy() {
            return autoBy;
        }

        @Override
        public String bundle() {
            return "test.toy 1.0.0";
        }

        @Override
        public Lane.Factory lanes() {
            return lanes;
        }

        @Override
        public boolean acquire() {
            if (retired) {
                return false;
            }
            leases.incrementAndGet();
            return true;
        }

        @Override
        public void release() {
            leases.decrementAndGet();
        }

        @Override
        public int inFlight() {
            return leases.get();
        }
    }

    /** The toy language, mounted. */
    public static final class Language implements LiveDialect {
        public volatile Lane.Factory lanes = Lane.Factory.INLINE;
        private final Toy.Language service = new Toy.Language();
        final AtomicInteger leases = new AtomicInteger();

        @Override
        public dev.thanosgateway.api.dialect.Dialect service() {
            return service;
        }

        @Override
        public String bundle() {
            return "test.dialect 1.0.0";
        }

        @Override
        public Lane.Factory lanes() {
            return lanes;
        }

        @Override
        public boolean acquire() {
            leases.incrementAndGet();
            return true;
        }

        @Override
        public void release() {
            leases.decrementAndGet();
        }
    }

    private final class Pictured implements Registry, LiveStrategy {
        @Override
        public List<LiveProvider> providers() {
            return providers.stream()
                    .filter(p -> !p.gone)
                    .map(LiveProvider.class::cast)
                    .toList();
        }

        @Override
        public @Nullable LiveProvider provider(String id) {
            return providers().stream()
                    .filter(p -> p.id().equals(id))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public List<ProviderStatus> statuses() {
            return List.of();
        }

        @Override
        public List<LiveDialect> dialects() {
            return List.of(language);
        }

        @Override
        public @Nullable LiveStrategy strategy(String name) {
            return strategy == null ? null : this;
        }

        @Override
        public List<String> strategies() {
            return List.of("order");
        }

        @Override
        public List<LiveCatalog> catalogs() {
            return catalogs;
        }

        @Override
        public List<ProviderType> providerTypes() {
            return types;
        }

        @Override
        public void onChange(Runnable listener) {
            listeners.add(listener);
        }

        @Override
        public String name() {
            return "order";
        }

        @Override
        public RoutingStrategy service() {
            return Objects.requireNonNull(strategy);
        }

        @Override
        public boolean wantsSignals() {
            return wantsSignals;
        }

        @Override
        public String bundle() {
            return "test.order 1.0.0";
        }

        @Override
        public Lane.Factory lanes() {
            return strategyLanes;
        }

        @Override
        public boolean acquire() {
            return true;
        }

        @Override
        public void release() {
            // Strategies are not what these tests are about.
        }
    }

    /** What was counted. */
    public static final class Counted implements Metrics {
        public final AtomicInteger open = new AtomicInteger();
        public final AtomicInteger streams = new AtomicInteger();
        public final AtomicInteger limited = new AtomicInteger();
        public final List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
        public final List<String> usages = Collections.synchronizedList(new ArrayList<>());
        public final List<String> attempts = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void requestStarted(String endpoint) {
            open.incrementAndGet();
        }

        @Override
        public void requestEnded(String endpoint, String method, int status, long nanos) {
            statuses.add(status);
            open.decrementAndGet();
        }

        @Override
        public void streamStarted() {
            streams.incrementAndGet();
        }

        @Override
        public void streamEnded() {
            streams.decrementAndGet();
        }

        @Override
        public void attempt(String provider, String model, @Nullable ErrorKind failure, long nanos) {
            attempts.add(provider + " " + failure);
        }

        @Override
        public void firstEvent(String provider, long nanos) {
            // Not asked about.
        }

        @Override
        public void usage(String provider, String model, Usage usage, double dollars) {
            usages.add(provider + "/" + model + " " + usage.inputTokens() + (dollars > 0 ? " $" + dollars : ""));
        }

        @Override
        public void pluginSwap(String plugin, String result) {
            // There are no plugins here.
        }

        @Override
        public void refused(String reason) {
            // Told by the answer.
        }

        @Override
        public void rateLimited(String endpoint) {
            limited.incrementAndGet();
        }

        @Override
        public void gauge(String name, String help, LongSupplier now) {
            // Asked directly.
        }

        @Override
        public void breakerFailure(String provider) {
            // Not asked about.
        }

        @Override
        public void breakers(Supplier<Map<String, Integer>> states) {
            // Not asked about.
        }

        @Override
        public byte[] text() {
            return new byte[0];
        }
    }
}
