package dev.thanosgateway.host.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the jars of the plugins folder offer, as far as a configuration is checked against it.
 *
 * @param keys by provider type, the environment variable its key usually is in; empty = its calls need no key, or no
 *     variable is usual
 * @param keyed the types whose calls need a key
 * @param rootless the types whose tables must name an endpoint
 * @param profiles by provider type, the profiles that its tables may name
 * @param strategies names that {@code strategy} may have
 */
public record Installed(
        Map<String, String> keys,
        Set<String> keyed,
        Set<String> rootless,
        Map<String, Set<String>> profiles,
        Set<String> strategies) {
    /** Nothing is known, so nothing is warned of. */
    public static final Installed UNKNOWN = new Installed(Map.of(), Set.of(), Set.of(), Map.of(), Set.of());

    public Installed {
        keys = Map.copyOf(keys);
        keyed = Set.copyOf(keyed);
        rootless = Set.copyOf(rootless);
        profiles = Map.copyOf(profiles);
        strategies = Set.copyOf(strategies);
    }

    Set<String> types() {
        return keys.keySet();
    }

    /** The profiles of every type, sorted. */
    Set<String> allProfiles() {
        Set<String> all = new TreeSet<>();
        profiles.values().forEach(all::addAll);
        return all;
    }
}
