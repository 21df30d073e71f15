package dev.thanosgateway.host.plugins;

import org.jspecify.annotations.Nullable;

/**
 * What {@code /v1/providers} tells of one provider table, or of a jar that was refused.
 *
 * @param bundle symbolic name; null = none serves it
 * @param state {@code active}, {@code waiting} (for a plugin), {@code failed}, {@code disabled}, {@code draining},
 *     {@code refused}
 * @param reason one sentence, when not active
 * @param enabled whether the configuration wants it to serve
 * @param authMethod {@code apikey}, or {@code none} where calls need no credential and have none
 * @param model as its table says; null = its table names none
 * @param endpoint without credentials; null = local or unknown
 */
public record ProviderStatus(
        String id,
        String type,
        @Nullable String bundle,
        @Nullable String version,
        String state,
        @Nullable String reason,
        boolean enabled,
        String authMethod,
        @Nullable String model,
        @Nullable String endpoint) {}
