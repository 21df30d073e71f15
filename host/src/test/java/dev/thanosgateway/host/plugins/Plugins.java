package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.host.config.HostPort;
import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.RateLimits;
import dev.thanosgateway.host.config.Secret;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.config.Timeouts;
import dev.thanosgateway.host.metrics.Metrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A plugin host over a folder of its own, in a framework of its own. */
final class Plugins implements AutoCloseable, Metrics {
    final Path root;
    final Path folder;
    final Osgi osgi;
    final PluginHost host;
    final Queue<String> swaps = new ConcurrentLinkedQueue<>();
    private final Object change = new Object();

    Plugins(Path root, TrustedDigests trusted, long sliceMillis) throws Exception {
        this.root = root;
        this.folder = Files.createDirectories(root.resolve("plugins"));
        this.osgi = new Osgi(root.resolve("cache"));
        this.host = new PluginHost(
                osgi.host(),
                new PluginHost.Folders(folder, root.resolve("state"), root.resolve("kept")),
                trusted,
                PluginLock.OPEN,
                this,
                sliceMillis);
        host.registry().onChange(() -> {
            synchronized (change) {
                change.notifyAll();
            }
        });
    }

    Plugins(Path root) throws Exception {
        this(root, TrustedDigests.NONE, PluginHost.DEFAULT_SLICE_MILLIS);
    }

    static Settings settings(long drainMillis, ProviderSettings... tables) {
        Map<String, ProviderSettings> providers = new LinkedHashMap<>();
        for (ProviderSettings table : tables) {
            providers.put(table.id(), table);
        }
        HostPort any = new HostPort("127.0.0.1", 0);
        return new Settings(
                null,
                new Settings.Server(
                        any,
                        any,
                        1,
                        1,
                        1,
                        1,
                        drainMillis,
                        0,
                        "info",
                        List.of(),
                        List.of(),
                        false,
                        new Settings.Sockets(1, 1, 1, 1)),
                new Settings.Access(false, List.of()),
                Timeouts.DEFAULT,
                RateLimits.NONE,
                providers,
                false,
                new Settings.Routing("preferred", List.of(), Map.of()),
                Map.of(),
                Map.of(),
                List.of());
    }

    static ProviderSettings table(String id, String type, Map<String, Object> own) {
        return new ProviderSettings(
                id,
                type,
                true,
                null,
                List.of(new Secret("sk-secret-key")),
                null,
                "m",
                Map.of("x-extra", new Secret("secret-header")),
                Timeouts.DEFAULT,
                own,
                null);
    }

    static ProviderSettings alpha() {
        return table("alpha", "alpha", Map.of());
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** What the provider that serves now says of itself, under a lease; null = none serves. */
    String mark(String id) {
        for (int i = 0; i < 100; i++) {
            LiveProvider live = host.registry().provider(id);
            if (live == null) {
                return null;
            }
            if (live.acquire()) {
                try {
                    return mark(live);
                } finally {
                    live.release();
                }
            }
        }
        throw new IllegalStateException("no lease to be had");
    }

    static String mark(LiveProvider live) {
        return String.valueOf(((Supplier<?>) live.service()).get());
    }

    /** Waits for a change that makes it true. */
    void until(String what, BooleanSupplier state) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        synchronized (change) {
            while (!state.getAsBoolean()) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("not within 20 s: " + what + "; deployed: " + host.deployed()
                            + "; statuses: " + host.registry().statuses());
                }
                change.wait(20);
            }
        }
    }

    void untilMark(String id, String mark) throws InterruptedException {
        until(id + " is " + mark, () -> Objects.equals(mark, mark(id)));
    }

    /** No new lease is to be had of it; between the switch and that moment one may be, which is drained like any. */
    void untilRetired(LiveProvider live) throws InterruptedException {
        until("retired", () -> {
            boolean taken = live.acquire();
            if (taken) {
                live.release();
            }
            return !taken;
        });
    }

    /** The reason of the jar that was refused. */
    String untilRefused(String file) throws InterruptedException {
        until(file + " refused", () -> reason(file) != null);
        return reason(file);
    }

    /** The reason of the jar that was refused; empty while it is not. */
    String refusal(String file) {
        String reason = reason(file);
        return reason == null ? "" : reason;
    }

    private String reason(String file) {
        return host.registry().statuses().stream()
                .filter(s -> s.id().equals(file) && s.state().equals("refused"))
                .map(ProviderStatus::reason)
                .findFirst()
                .orElse(null);
    }

    /** Why a jar is where it is; empty = it is not listed. */
    String reasonOf(String file) {
        return host.registry().statuses().stream()
                .filter(s -> s.id().equals(file))
                .map(s -> String.valueOf(s.reason()))
                .findFirst()
                .orElse("");
    }

    ProviderStatus status(String id) {
        return host.registry().statuses().stream()
                .filter(s -> s.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("not within 20 s");
        }
    }

    @Override
    public void close() throws Exception {
        host.close(0);
        osgi.close();
    }

    @Override
    public void pluginSwap(String plugin, String result) {
        swaps.add(plugin + " " + result);
    }

    @Override
    public void requestStarted(String endpoint) {
        throw new IllegalStateException();
    }

    @Override
    public void requestEnded(String endpoint, String method, int status, long nanos) {
        throw new IllegalStateException();
    }

    @Override
    public void streamStarted() {
        throw new IllegalStateException();
    }

    @Override
    public void streamEnded() {
        throw new IllegalStateException();
    }

    @Override
    public void attempt(String provider, String model, ErrorKind failure, long nanos) {
        throw new IllegalStateException();
    }

    @Override
    public void firstEvent(String provider, long nanos) {
        throw new IllegalStateException();
    }

    @Override
    public void usage(String provider, String model, Usage usage, double dollars) {
        throw new IllegalStateException();
    }

    @Override
    public void refused(String reason) {
        throw new IllegalStateException();
    }

    @Override
    public void rateLimited(String endpoint) {}

    @Override
    public void gauge(String name, String help, LongSupplier now) {}

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
