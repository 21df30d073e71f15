package dev.thanosgateway.strategy.preferred;

import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.tck.StrategyTck;
import java.util.List;
import java.util.Map;

class PreferredTckTest extends StrategyTck {
    @Override
    protected RoutingStrategy strategy() {
        return new PreferredStrategy();
    }

    @Override
    protected List<Map<String, Object>> settings() {
        return List.of(Map.of(), Map.of("preferred", "b"), Map.of("preferred", "missing"));
    }
}
