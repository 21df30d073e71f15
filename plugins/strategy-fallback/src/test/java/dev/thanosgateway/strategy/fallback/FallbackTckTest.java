package dev.thanosgateway.strategy.fallback;

import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.tck.StrategyTck;
import java.util.List;
import java.util.Map;

class FallbackTckTest extends StrategyTck {
    @Override
    protected RoutingStrategy strategy() {
        return new FallbackStrategy();
    }

    @Override
    protected List<Map<String, Object>> settings() {
        return List.of(Map.of(), Map.of("fallback_chain", List.of("c", "a/other", "missing", "b", "c", "a")));
    }
}
