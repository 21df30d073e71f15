package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.plugins.ProviderStatus;
import dev.thanosgateway.host.plugins.Registry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How providers are doing, as seen from the calls they served. One state for HTTP, gRPC and metrics. */
final class ProviderHealth implements Health.Source {
    private static final int UNHEALTHY_AFTER = 3;

    private record Seen(
            int failuresInARow,
            @Nullable Long latencyMillis,
            long atSeconds,
            @Nullable String error) {
        boolean well() {
            return failuresInARow == 0;
        }
    }

    private static final Seen NEVER = new Seen(0, null, 0, null);

    private final Registry registry;
    private final TargetBoard targets;
    private final KeyRings keys;
    private final BooleanSupplier draining;
    private final Supplier<String> strategy;
    private final long startNanos = System.nanoTime();
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    /** @param strategy the name of the one in force */
    ProviderHealth(
            Registry registry,
            TargetBoard targets,
            KeyRings keys,
            BooleanSupplier draining,
            Supplier<String> strategy) {
        this.strategy = strategy;
        this.registry = registry;
        this.targets = targets;
        this.keys = keys;
        this.draining = draining;
    }

    /** @param latencyNanos to the first event */
    void served(String provider, long latencyNanos) {
        long now = System.currentTimeMillis() / 1000;
        long millis = TimeUnit.NANOSECONDS.toMillis(latencyNanos);
        Seen last = seen.get(provider);
        if (last == null || last.failuresInARow() > 0 || last.atSeconds() != now) {
            seen.put(provider, new Seen(0, millis, now, null));
        }
    }

    /** Counts only what is the provider's own doing. */
    void failed(String provider, GatewayException failure) {
        ErrorKind kind = failure.kind();
        boolean own = kind == ErrorKind.UPSTREAM_AUTH
                || kind == ErrorKind.UPSTREAM_LIMITED
                || kind == ErrorKind.UPSTREAM_TIMEOUT
                || kind == ErrorKind.UPSTREAM_UNAVAILABLE
                || kind == ErrorKind.UPSTREAM_PROTOCOL;
        if (own) {
            long now = System.currentTimeMillis() / 1000;
            seen.compute(
                    provider,
                    (id, last) -> new Seen(
                            last == null ? 1 : last.failuresInARow() + 1,
                            last == null ? null : last.latencyMillis(),
                            now,
                            failure.message()));
        }
    }

    /** Whether nothing is known of it, or nothing good. */
    boolean doubtful(String provider) {
        Seen last = seen.get(provider);
        return last == null || !last.well() || targets.of(provider).breaker() == Breaker.State.OPEN;
    }

    /**
     * It was reached without being asked for a chat. What its chats failed by stands until one is served; only that
     * nobody reached it is over.
     */
    void reached(String provider) {
        long now = System.currentTimeMillis() / 1000;
        seen.compute(
                provider,
                (id, last) -> last == null || last.well() || unasked(id)
                        ? new Seen(0, last == null ? null : last.latencyMillis(), now, null)
                        : new Seen(
                                Math.min(last.failuresInARow(), UNHEALTHY_AFTER - 1),
                                last.latencyMillis(),
                                now,
                                last.error()));
    }

    private boolean unasked(String provider) {
        return targets.usedNanos(provider) == null;
    }

    /** The state of each provider's breakers, by id: 0 closed, 1 open, 2 half-open. */
    Map<String, Integer> breakers() {
        Map<String, Integer> states = new LinkedHashMap<>();
        registry.providers()
                .forEach(provider -> states.put(
                        provider.id(), targets.of(provider.id()).breaker().number()));
        return states;
    }

    @Override
    public Health now() {
        Map<String, Health.OfProvider> providers = new LinkedHashMap<>();
        int healthy = 0;
        int serving = 0;
        for (ProviderStatus status : registry.statuses()) {
            if (status.state().equals("disabled") || status.state().equals("refused")) {
                continue;
            }
            Health.OfProvider one = of(status);
            providers.put(status.id(), one);
            healthy += one.status().equals("healthy") ? 1 : 0;
            serving += status.state().equals("active") ? 1 : 0;
        }
        String routing = routing();
        String overall = serving == 0 || allUnhealthy(providers)
                ? "unhealthy"
                : healthy == providers.size() && routing == null ? "healthy" : "degraded";
        long uptime = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos);
        return new Health(overall, serving > 0 && !draining.getAsBoolean(), uptime, providers, routing);
    }

    private @Nullable String routing() {
        String name = strategy.get();
        return registry.strategy(name) != null
                ? null
                : "The strategy '" + name + "' is not deployed; the order of the configuration file serves.";
    }

    private static boolean allUnhealthy(Map<String, Health.OfProvider> providers) {
        return providers.values().stream().allMatch(p -> p.status().equals("unhealthy"));
    }

    private Health.OfProvider of(ProviderStatus status) {
        if (!status.state().equals("active")) {
            return new Health.OfProvider("unhealthy", null, 0, status.reason());
        }
        Seen last = seen.getOrDefault(status.id(), NEVER);
        TargetBoard.OfProvider asked = targets.of(status.id());
        String word = !asked.serving() || last.failuresInARow() >= UNHEALTHY_AFTER
                ? "unhealthy"
                : last.failuresInARow() > 0
                                || asked.breaker() != Breaker.State.CLOSED
                                || !asked.aside().isEmpty()
                        ? "degraded"
                        : "healthy";
        String error = last.error();
        if (error == null && !asked.aside().isEmpty()) {
            Map.Entry<String, String> first =
                    asked.aside().entrySet().iterator().next();
            error = "The model '" + first.getKey() + "' is not asked: " + first.getValue() + ".";
        }
        return new Health.OfProvider(
                word,
                last.latencyMillis(),
                last.atSeconds(),
                error,
                asked.breaker().word(),
                asked.aside(),
                keys.resting(status.id()));
    }
}
