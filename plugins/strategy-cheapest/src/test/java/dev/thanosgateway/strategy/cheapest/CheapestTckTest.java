package dev.thanosgateway.strategy.cheapest;

import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.tck.StrategyTck;
import java.util.List;
import java.util.Map;

final class CheapestTckTest extends StrategyTck {
    @Override
    protected RoutingStrategy strategy() {
        return new CheapestStrategy();
    }

    @Override
    protected List<Map<String, Object>> settings() {
        return List.of(
                Map.of(),
                Map.of("cheapest", Map.of("b", Map.of("input", 1L, "output", 2.5), "c", Map.of("input", "none"))));
    }
}
