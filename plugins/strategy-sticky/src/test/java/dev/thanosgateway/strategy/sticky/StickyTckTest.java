package dev.thanosgateway.strategy.sticky;

import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.tck.StrategyTck;

final class StickyTckTest extends StrategyTck {
    @Override
    protected RoutingStrategy strategy() {
        return new StickyStrategy();
    }
}
