package dev.thanosgateway.host.config;

import java.util.Map;

/**
 * How often may be asked, as {@code [rate_limiting]} says.
 *
 * @param perMinute requests of one caller; 0 = as many as it likes
 * @param perHour the same for an hour
 * @param providersPerMinute provider id to requests sent to it; one that is not here is asked as often as need be
 */
public record RateLimits(long perMinute, long perHour, Map<String, Long> providersPerMinute) {
    public static final RateLimits NONE = new RateLimits(0, 0, Map.of());

    public RateLimits {
        providersPerMinute = Map.copyOf(providersPerMinute);
    }
}
