package dev.thanosgateway.host.plugins;

import dev.thanosgateway.host.config.ProviderSettings;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provider type as a bundle declares it in its manifest ({@code Provide-Capability: thanos.provider}).
 *
 * @param type what {@code [providers.<id>] type} names
 * @param pid the factory PID of the component
 * @param endpoint the usual root; null = not called over HTTP, or the table must name one
 * @param env variables a key is adopted from, in order
 * @param key whether calls need a credential
 * @param probe whether it may be looked for at its usual endpoint when nobody configured it
 * @param aggregator whether it only passes on the models of others
 * @param compatible the profile of tables with another endpoint; null = the type's own
 * @param named whether a table that bears the type's name has the type's profile at every endpoint
 */
public record ProviderType(
        String type,
        String pid,
        @Nullable URI endpoint,
        List<String> env,
        boolean key,
        boolean probe,
        boolean aggregator,
        @Nullable String compatible,
        boolean named) {
    public ProviderType {
        env = List.copyOf(env);
    }

    /** A type whose tables have its own profile at every endpoint. */
    public ProviderType(
            String type,
            String pid,
            @Nullable URI endpoint,
            List<String> env,
            boolean key,
            boolean probe,
            boolean aggregator) {
        this(type, pid, endpoint, env, key, probe, aggregator, null, false);
    }

    /** The same type with other variables. */
    ProviderType withEnv(List<String> other) {
        return new ProviderType(type, pid, endpoint, other, key, probe, aggregator, compatible, named);
    }

    /** Whether a table of this type is where the type's models come from: {@link LiveProvider#vendor}. */
    public boolean vendor(ProviderSettings table) {
        return !aggregator && official(table);
    }

    /** Whether a table of this type calls the type's own service: {@link LiveProvider#official}. */
    public boolean official(ProviderSettings table) {
        URI said = table.endpoint();
        return !key || said == null || table.id().equals(type) || sameHost(said, endpoint);
    }

    /** Whether a table must name an endpoint, since the type has none of its own and its calls go to a server. */
    public boolean needsEndpoint() {
        return endpoint == null && key;
    }

    /** Which vendor's rules hold for a table of this type: {@link LiveProvider#profile}. */
    String profile(ProviderSettings table) {
        URI said = table.endpoint();
        if (table.profile() != null) {
            return table.profile();
        }
        boolean own =
                said == null || sameHost(said, endpoint) || (named && table.id().equals(type));
        return own || compatible == null ? type : compatible;
    }

    private static boolean sameHost(URI a, @Nullable URI b) {
        return b != null
                && a.getPort() == b.getPort()
                && String.valueOf(a.getHost()).equalsIgnoreCase(b.getHost());
    }
}
