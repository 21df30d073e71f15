package dev.thanosgateway.strategy.roundrobin;

import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.tck.StrategyTck;
import java.util.List;
import java.util.Map;

class RoundRobinTckTest extends StrategyTck {
    @Override
    protected RoutingStrategy strategy() {
        return new RoundRobinStrategy();
    }

    @Override
    protected List<Map<String, Object>> settings() {
        return List.of(Map.of(), Map.of("load_balance", List.of("b", "a/x", "a/y", "missing", "b")));
    }

    @Override
    protected boolean takesTurns() {
        return true;
    }
}
