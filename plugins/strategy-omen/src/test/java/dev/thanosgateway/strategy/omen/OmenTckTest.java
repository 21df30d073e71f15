package dev.thanosgateway.strategy.omen;

import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.tck.StrategyTck;
import java.util.List;
import java.util.Map;

final class OmenTckTest extends StrategyTck {
    @Override
    protected RoutingStrategy strategy() {
        return new OmenStrategy();
    }

    @Override
    protected List<Map<String, Object>> settings() {
        return List.of(Map.of(), Map.of("fallback_chain", List.of("c", "a/other", "missing", "b", "c", "a")));
    }
}
