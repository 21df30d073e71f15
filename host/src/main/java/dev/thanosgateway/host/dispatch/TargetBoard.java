package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.config.BreakerSettings;
import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.RetrySettings;
import dev.thanosgateway.host.metrics.Metrics;
import dev.thanosgateway.host.plugins.LiveProvider;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the targets are doing, per provider and model, as seen from the calls they were asked for: the one state that
 * the dispatcher, strategies, health and metrics read. A provider with another endpoint, key, header or jar starts
 * afresh; other edits of its table leave it what it is. Used from many threads.
 */
final class TargetBoard {
    private static final Logger LOG = LoggerFactory.getLogger(TargetBoard.class);
    private static final int TARGETS_LIMIT = 2_000;
    private static final long FORGOTTEN_AFTER_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** What makes a provider another one. Holds no class of a plugin. */
    private record Identity(String bundle, @Nullable URI endpoint, ProviderSettings settings) {
        static Identity of(LiveProvider live) {
            return new Identity(live.bundle(), live.endpoint(), live.settings());
        }

        boolean is(LiveProvider live) {
            ProviderSettings other = live.settings();
            return bundle.equals(live.bundle())
                    && Objects.equals(endpoint, live.endpoint())
                    && (settings == other
                            || (settings.keys().equals(other.keys())
                                    && settings.headers().equals(other.headers())));
        }
    }

    private record Known(Identity identity, TargetState state) {}

    private final Supplier<BreakerSettings> settings;
    private final Supplier<RetrySettings> retry;
    private final Metrics metrics;
    private final LongSupplier clock;
    private final Map<Target, Known> known = new ConcurrentHashMap<>();
    /** By provider, whose load it is about; of all its models together. */
    private final Map<String, RetryBudget> budgets = new ConcurrentHashMap<>();

    /** @param clock as {@code System.nanoTime()} */
    TargetBoard(
            Supplier<BreakerSettings> settings, Supplier<RetrySettings> retry, Metrics metrics, LongSupplier clock) {
        this.settings = settings;
        this.retry = retry;
        this.metrics = metrics;
        this.clock = clock;
    }

    BreakerSettings settings() {
        return settings.get();
    }

    long nanos() {
        return clock.getAsLong();
    }

    /** @param forced whether it is asked even while it is set aside: then the answer is a {@link Pass} */
    Standing admit(LiveProvider live, String model, boolean stream, boolean forced) {
        return state(live, model).admit(stream, forced, nanos());
    }

    private TargetState state(LiveProvider live, String model) {
        Target target = new Target(live.id(), model);
        Known found = known.get(target);
        if (found != null && found.identity().is(live)) {
            return found.state();
        }
        Known fresh = new Known(Identity.of(live), new TargetState(target, this, nanos()));
        if (found == null && !room()) {
            return fresh.state();
        }
        Known now =
                known.compute(target, (t, was) -> was == null || !was.identity().is(live) ? fresh : was);
        return Objects.requireNonNull(now).state();
    }

    /** Callers name models as they like; what nobody asks for any more makes room, else the new one is not kept. */
    private boolean room() {
        if (known.size() >= TARGETS_LIMIT) {
            long nanos = nanos();
            known.values().removeIf(one -> one.state().idleSince(nanos - FORGOTTEN_AFTER_NANOS, nanos));
        }
        return known.size() < TARGETS_LIMIT;
    }

    /** What a strategy may know of a candidate, for a request that wants a stream or not. */
    Candidate describe(Candidate candidate, LiveProvider live, boolean stream) {
        String model = candidate.model();
        Known found = model == null ? null : known.get(new Target(live.id(), model));
        return found == null || !found.identity().is(live)
                ? candidate
                : found.state().describe(candidate, stream, nanos());
    }

    void counted(Target target) {
        metrics.breakerFailure(target.provider());
        budget(target.provider()).failed();
    }

    void served(Target target) {
        budget(target.provider()).served(retry.get().budgetPercent());
    }

    /** Whether a provider that fails may be asked again for the same call. */
    boolean mayRetry(String provider) {
        return budget(provider).allows();
    }

    private RetryBudget budget(String provider) {
        return budgets.computeIfAbsent(provider, id -> new RetryBudget());
    }

    void changed(Target target, Breaker.State state, @Nullable GatewayException failure) {
        if (state == Breaker.State.CLOSED) {
            LOG.info("{} serves again.", target);
        } else {
            LOG.warn(
                    "{} is set aside for {} s after too many failures, the last: {}",
                    target,
                    settings().timeoutSeconds(),
                    failure == null ? "" : failure.message());
        }
    }

    /** When any target of a provider was last asked for, in {@code nanoTime}; null = not since it is what it is. */
    @Nullable
    Long usedNanos(String provider) {
        Long latest = null;
        for (Map.Entry<Target, Known> one : known.entrySet()) {
            if (one.getKey().provider().equals(provider)) {
                long used = one.getValue().state().usedNanos();
                latest = latest == null || used - latest > 0 ? Long.valueOf(used) : latest;
            }
        }
        return latest;
    }

    /** A provider was reached: its targets whose breaker is open may be tried by the next call. */
    void reached(String provider) {
        for (Map.Entry<Target, Known> one : known.entrySet()) {
            if (one.getKey().provider().equals(provider)) {
                one.getValue().state().reached(nanos());
            }
        }
    }

    /** Forgets the providers that no longer serve. */
    void keep(Predicate<String> provider) {
        known.keySet().removeIf(target -> !provider.test(target.provider()));
        budgets.keySet().removeIf(id -> !provider.test(id));
    }

    /**
     * How a provider's targets are doing together.
     *
     * @param breaker open if one is, else half-open if one is
     * @param aside why models are set aside, by name
     * @param serving whether one that was asked of late is not set aside, or none was
     */
    record OfProvider(Breaker.State breaker, Map<String, String> aside, boolean serving) {}

    OfProvider of(String provider) {
        Breaker.State worst = Breaker.State.CLOSED;
        Map<String, String> aside = new TreeMap<>();
        int all = 0;
        long nanos = nanos();
        for (Map.Entry<Target, Known> one : known.entrySet()) {
            if (one.getKey().provider().equals(provider)) {
                all++;
                TargetState state = one.getValue().state();
                Breaker.State breaker = state.state();
                if (breaker == Breaker.State.OPEN || worst == Breaker.State.CLOSED) {
                    worst = breaker;
                }
                String why = state.aside(nanos);
                if (why != null) {
                    aside.put(one.getKey().model(), why);
                }
            }
        }
        return new OfProvider(worst, aside, all == 0 || aside.size() < all);
    }
}
