package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.host.config.ProbeSettings;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.Registry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Asks providers of which nothing good is known, and which nobody asks, for their models: that costs nothing. Whoever
 * answers is known to be there, and what is set aside may be tried by the next call; whether it serves chats only a chat
 * can show. Decision 0026. Ticks on the deadlines' thread, which it does not hold up.
 */
final class IdleProbes implements Deadlines.Watched {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int DOUBLINGS = 4;

    /** Sends the question; the consumer hears of it once. */
    interface Asking {
        void ask(LiveProvider provider, ModelListing listing, Consumer<Listed> found);
    }

    /** When a provider is probed next, unless it is asked before, and how often it was in vain. */
    private static final class Probe {
        private long dueNanos;
        private int times;

        Probe(long dueNanos) {
            this.dueNanos = dueNanos;
        }
    }

    private final Registry registry;
    private final Supplier<ProbeSettings> settings;
    private final TargetBoard targets;
    private final ProviderHealth health;
    private final Asking asking;
    private final Map<String, Probe> probes = new HashMap<>();
    private final Set<String> underway = ConcurrentHashMap.newKeySet();
    private long lookedNanos = System.nanoTime();

    IdleProbes(
            Registry registry,
            Supplier<ProbeSettings> settings,
            TargetBoard targets,
            ProviderHealth health,
            Asking asking) {
        this.registry = registry;
        this.settings = settings;
        this.targets = targets;
        this.health = health;
        this.asking = asking;
    }

    @Override
    public void tick(long nanos) {
        if (nanos - lookedNanos < LOOK_NANOS) {
            return;
        }
        lookedNanos = nanos;
        Set<String> doubtful = new HashSet<>();
        if (settings.get().enabled()) {
            for (LiveProvider provider : registry.providers()) {
                if (provider.endpoint() != null
                        && provider.service() instanceof ModelListing listing
                        && health.doubtful(provider.id())) {
                    doubtful.add(provider.id());
                    look(provider, listing, nanos);
                }
            }
        }
        probes.keySet().retainAll(doubtful);
    }

    private void look(LiveProvider provider, ModelListing listing, long nanos) {
        long idle = TimeUnit.MILLISECONDS.toNanos(settings.get().idleMillis());
        Probe probe = probes.computeIfAbsent(provider.id(), id -> new Probe(nanos + jittered(idle)));
        Long used = targets.usedNanos(provider.id());
        boolean busy = provider.inFlight() > 0 || (used != null && nanos - used < idle);
        if (busy || nanos - probe.dueNanos < 0 || !underway.add(provider.id())) {
            return;
        }
        probe.times = Math.min(probe.times + 1, DOUBLINGS);
        probe.dueNanos = nanos + jittered(idle << probe.times);
        asking.ask(provider, listing, listed -> {
            underway.remove(provider.id());
            learn(provider.id(), listed);
        });
    }

    /** At least half: gateways that were started together do not ask together. */
    private static long jittered(long nanos) {
        return nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1);
    }

    private void learn(String provider, Listed listed) {
        GatewayException failure = listed.failure();
        ErrorKind kind = failure == null ? null : failure.kind();
        if (failure != null
                && (kind == ErrorKind.UPSTREAM_UNAVAILABLE
                        || kind == ErrorKind.UPSTREAM_TIMEOUT
                        || kind == ErrorKind.UPSTREAM_AUTH)) {
            health.failed(provider, failure);
        } else if (failure != null || listed.models() != null) {
            // One that has no list to give has answered all the same.
            health.reached(provider);
            targets.reached(provider);
        }
    }
}
