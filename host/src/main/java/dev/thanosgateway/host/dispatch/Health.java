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
 */
public record Health(String status, boolean ready, long uptimeSeconds, Map<String, OfProvider> providers) {
    /**
     * @param status {@code healthy}, {@code degraded} or {@code unhealthy}
     * @param latencyMillis of the last answer's first event; null = none yet
     * @param lastCheck Unix seconds; 0 = never
     * @param error the last failure while not healthy
     */
    public record OfProvider(
            String status,
            @Nullable Long latencyMillis,
            long lastCheck,
            @Nullable String error) {}

    /** Where it is asked. */
    @FunctionalInterface
    public interface Source {
        Health now();
    }
}
