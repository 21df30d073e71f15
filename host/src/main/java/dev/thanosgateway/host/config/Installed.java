package dev.thanosgateway.host.config;

import java.util.Map;
import java.util.Set;

/**
 * What the jars of the plugins folder offer, as far as a configuration is checked against it.
 *
 * @param keys by provider type, the environment variable its key usually is in; empty = its calls need no key, or no
 *     variable is usual
 * @param keyed the types whose calls need a key
 * @param strategies names that {@code strategy} may have
 */
public record Installed(Map<String, String> keys, Set<String> keyed, Set<String> strategies) {
    /** Nothing is known, so nothing is warned of. */
    public static final Installed UNKNOWN = new Installed(Map.of(), Set.of(), Set.of());

    public Installed {
        keys = Map.copyOf(keys);
        keyed = Set.copyOf(keyed);
        strategies = Set.copyOf(strategies);
    }

    Set<String> types() {
        return keys.keySet();
    }
}
