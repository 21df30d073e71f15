package dev.thanosgateway.host.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code [rate_limiting]}. */
final class RateLimitReader {
    /** What the original gateway documents for a table that only says {@code enabled = true}. */
    private static final long UNSAID_PER_MINUTE = 60;

    private static final long UNSAID_PER_HOUR = 1_000;
    private static final long MOST = 1_000_000;
    private static final String SUFFIX = "_rpm";

    private final @Nullable Set<String> providers;

    /** @param providers ids of all tables; null = those of the built-in defaults, which others may join */
    RateLimitReader(@Nullable Set<String> providers) {
        this.providers = providers;
    }

    RateLimits read(Section table) {
        Boolean enabled = table.bool("enabled");
        long minute = table.whole("requests_per_minute", 1, MOST, 0);
        long hour = table.whole("requests_per_hour", 1, MOST, 0);
        boolean unsaid = !table.has("requests_per_minute") && !table.has("requests_per_hour");
        Section perProvider = table.section("providers");
        Map<String, Long> upstream = perProvider == null ? Map.of() : providers(perProvider);
        table.refuseOthers(List.of("enabled", "requests_per_minute", "requests_per_hour", "providers"));
        if (Boolean.FALSE.equals(enabled)) {
            return RateLimits.NONE;
        }
        return Boolean.TRUE.equals(enabled) && unsaid
                ? new RateLimits(UNSAID_PER_MINUTE, UNSAID_PER_HOUR, upstream)
                : new RateLimits(minute, hour, upstream);
    }

    private Map<String, Long> providers(Section table) {
        Map<String, Long> limits = new LinkedHashMap<>();
        for (String key : table.keys()) {
            if (!key.endsWith(SUFFIX) || key.length() == SUFFIX.length()) {
                table.error(key, "is unknown. Write <provider's id>" + SUFFIX + ", such as '" + key + SUFFIX + "'.");
                continue;
            }
            String id = key.substring(0, key.length() - SUFFIX.length());
            if (providers != null && !providers.contains(id)) {
                table.warning(
                        key, "limits a provider that has no table in [providers]." + Nearest.question(id, providers));
            }
            long limit = table.whole(key, 1, MOST, 0);
            if (limit > 0) {
                limits.put(id, limit);
            }
        }
        return limits;
    }
}
