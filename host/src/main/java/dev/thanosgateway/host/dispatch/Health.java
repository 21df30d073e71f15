package dev.thanosgateway.host.dispatch;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's health at one moment.
 *
 * @param status {@code healthy}, {@code degraded} or {@code unhealthy}
 * @param ready whether new calls can be served: some provider can, and the gateway is not stopping
 * @param uptimeSeconds since the gateway started
 * @param providers by id, in the configuration's order
 * @param routing why the strategy of the configuration does not choose, one sentence; null = it does
 */
public record Health(
        String status,
        boolean ready,
        long uptimeSeconds,
        Map<String, OfProvider> providers,
        @Nullable String routing) {
    public Health(String status, boolean ready, long uptimeSeconds, Map<String, OfProvider> providers) {
        this(status, ready, uptimeSeconds, providers, null);
    }

    /**
     * @param status {@code healthy}, {@code degraded} or {@code unhealthy}
     * @param latencyMillis of the last answer's first event; null = none yet
     * @param lastCheck Unix seconds; 0 = never
     * @param error the last failure while not healthy
     * @param breaker {@code closed}, {@code open} or {@code half-open}: of its models the one that is worst
     * @param aside why models are not asked now, one clause each, by name
     * @param restingKeys why credentials are not used now, one clause each; by place, such as {@code key 2}
     */
    public record OfProvider(
            String status,
            @Nullable Long latencyMillis,
            long lastCheck,
            @Nullable String error,
            String breaker,
            Map<String, String> aside,
            Map<String, String> restingKeys) {
        public OfProvider(String status, @Nullable Long latencyMillis, long lastCheck, @Nullable String error) {
            this(status, latencyMillis, lastCheck, error, "closed", Map.of(), Map.of());
        }
    }

    /** Where it is asked. */
    @FunctionalInterface
    public interface Source {
        Health now();
    }
}
