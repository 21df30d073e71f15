package dev.thanosgateway.strategy.weighted;

import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.tck.StrategyTck;
import java.util.List;
import java.util.Map;

final class WeightedTckTest extends StrategyTck {
    @Override
    protected RoutingStrategy strategy() {
        return new WeightedStrategy();
    }

    @Override
    protected List<Map<String, Object>> settings() {
        return List.of(
                Map.of(), Map.of("weights", Map.of("a", 3L, "b", 1.5, "c", 0L)), Map.of("weights", Map.of("e", 1L)));
    }

    @Override
    protected boolean takesTurns() {
        return true;
    }
}
