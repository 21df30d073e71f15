package dev.thanosgateway.host.plugins;

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
 */
public record ProviderType(
        String type, String pid, @Nullable URI endpoint, List<String> env, boolean key, boolean probe) {
    public ProviderType {
        env = List.copyOf(env);
    }
}
