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
 */
public record ProviderType(
        String type,
        String pid,
        @Nullable URI endpoint,
        List<String> env,
        boolean key,
        boolean probe,
        boolean aggregator) {
    public ProviderType {
        env = List.copyOf(env);
    }

    /** The same type with other variables. */
    ProviderType withEnv(List<String> other) {
        return new ProviderType(type, pid, endpoint, other, key, probe, aggregator);
    }

    /** Whether a table of this type is where the type's models come from: {@link LiveProvider#vendor}. */
    boolean vendor(ProviderSettings table) {
        URI said = table.endpoint();
        return !aggregator && (!key || said == null || table.id().equals(type) || sameHost(said, endpoint));
    }

    private static boolean sameHost(URI a, @Nullable URI b) {
        return b != null
                && a.getPort() == b.getPort()
                && String.valueOf(a.getHost()).equalsIgnoreCase(b.getHost());
    }
}
