package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.chat.Usage;
import java.util.Map;

/** What a call cost, by the prices known of its model: US dollars per million tokens of each kind. */
final class Cost {
    private static final double MILLION = 1e6;

    private Cost() {}

    /** @return 0 = a price that is needed is not known, or it costs nothing */
    static double dollars(Usage usage, Map<String, Double> prices) {
        long output = Math.max(0, usage.outputTokens());
        long read = Math.max(0, usage.cachedInputTokens());
        long written = Math.max(0, usage.cacheWriteTokens());
        long fresh = Math.max(0, usage.inputTokens() - read - written);
        Double in = prices.get("input");
        Double out = prices.get("output");
        if (in == null || (out == null && output > 0)) {
            return 0;
        }
        double tokens = fresh * in
                + read * prices.getOrDefault("cache_read", in)
                + written * prices.getOrDefault("cache_write", in)
                + (out == null ? 0 : output * out);
        return tokens / MILLION;
    }
}
