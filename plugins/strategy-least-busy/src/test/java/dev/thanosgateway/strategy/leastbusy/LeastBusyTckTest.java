package dev.thanosgateway.strategy.leastbusy;

import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.tck.StrategyTck;

final class LeastBusyTckTest extends StrategyTck {
    @Override
    protected RoutingStrategy strategy() {
        return new LeastBusyStrategy();
    }
}
