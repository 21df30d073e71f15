package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.transport.KeyRing;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of all providers. A table that changes keeps what is known of those that stay in it; another endpoint
 * begins anew. Holds no class of a plugin. Used from many threads.
 */
final class KeyRings {
    private record Known(@Nullable URI endpoint, KeyRing ring) {}

    private final Map<String, Known> known = new ConcurrentHashMap<>();

    KeyRing of(LiveProvider provider) {
        Known found = known.get(provider.id());
        if (found == null || !fits(found, provider)) {
            found = Objects.requireNonNull(known.compute(
                    provider.id(), (id, was) -> was != null && fits(was, provider) ? was : made(was, provider)));
        }
        return found.ring();
    }

    private static boolean fits(Known known, LiveProvider provider) {
        return Objects.equals(known.endpoint(), provider.endpoint())
                && known.ring().holds(provider.settings().keys());
    }

    private static Known made(@Nullable Known was, LiveProvider provider) {
        KeyRing ring = was != null && Objects.equals(was.endpoint(), provider.endpoint())
                ? was.ring().with(provider.settings().keys())
                : new KeyRing(provider.settings().keys(), System::nanoTime);
        return new Known(provider.endpoint(), ring);
    }

    /** Why the ones of a provider that rest do, by name. */
    Map<String, String> resting(String provider) {
        Known found = known.get(provider);
        return found == null ? Map.of() : found.ring().resting();
    }

    /** Forgets the providers that no longer serve. */
    void keep(Predicate<String> provider) {
        known.keySet().removeIf(id -> !provider.test(id));
    }
}
