package dev.thanosgateway.strategy.leastlatency;

import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.tck.StrategyTck;

final class LeastLatencyTckTest extends StrategyTck {
    @Override
    protected RoutingStrategy strategy() {
        return new LeastLatencyStrategy();
    }

    @Override
    protected boolean takesTurns() {
        return true;
    }
}
