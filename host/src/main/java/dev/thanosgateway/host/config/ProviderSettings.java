package dev.thanosgateway.host.config;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One {@code [providers.<id>]} table.
 *
 * @param id as calls and routing name it
 * @param type which plugin serves it; the id unless said
 * @param enabled as written, and every {@code ${NAME}} it needs is set
 * @param disabledReason one clause, when not enabled
 * @param keys credentials in order; empty = none
 * @param endpoint root of the API as written; null = the plugin's own
 * @param profile which vendor's rules hold at the endpoint; null = the type and the endpoint decide
 * @param model asked for when a request leaves the model open; null = none
 * @param headers sent with every call; values may be credentials
 * @param own the plugin's own settings: String, Long, Double, Boolean, List or Map of these
 * @param adopted why it is used although nobody configured it, one clause; null = it is configured or built in
 */
public record ProviderSettings(
        String id,
        String type,
        boolean enabled,
        @Nullable String disabledReason,
        List<Secret> keys,
        @Nullable URI endpoint,
        @Nullable String profile,
        @Nullable String model,
        Map<String, Secret> headers,
        Timeouts timeouts,
        Map<String, Object> own,
        @Nullable String adopted) {
    public ProviderSettings {
        keys = List.copyOf(keys);
        headers = Map.copyOf(headers);
        own = Map.copyOf(own);
    }

    /** A table that leaves its profile to its type and endpoint. */
    public ProviderSettings(
            String id,
            String type,
            boolean enabled,
            @Nullable String disabledReason,
            List<Secret> keys,
            @Nullable URI endpoint,
            @Nullable String model,
            Map<String, Secret> headers,
            Timeouts timeouts,
            Map<String, Object> own,
            @Nullable String adopted) {
        this(id, type, enabled, disabledReason, keys, endpoint, null, model, headers, timeouts, own, adopted);
    }

    /** Without the values of {@code own}, which may come from the environment. */
    @Override
    public String toString() {
        return "ProviderSettings[id=" + id + ", type=" + type + ", enabled=" + enabled + ", keys=" + keys.size()
                + ", endpoint=" + endpoint + ", model=" + model + ", headers=" + headers.keySet() + ", own="
                + own.keySet() + "]";
    }
}
