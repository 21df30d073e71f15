package dev.thanosgateway.strategy.leastbusy;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.api.routing.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * Asks who has the fewest calls in flight; between equals, the configuration's order. Who failed a moment ago comes last:
 * one that refuses at once is never busy.
 */
@Component(property = RoutingStrategy.NAME + "=least-busy")
public final class LeastBusyStrategy implements RoutingStrategy {
    private static final Comparator<Candidate> IDLEST =
            Comparator.comparing((Candidate c) -> c.failures() > 0).thenComparingInt(Candidate::inFlight);

    private static final String WHY =
            "the fewest calls in flight come first, then the file's order, and last who failed a moment ago";

    @Override
    public Plan plan(ChatRequest request, Snapshot snapshot) {
        List<Candidate> order = new ArrayList<>(snapshot.askable());
        order.sort(IDLEST);
        return Plan.inOrder(order).withExclusions(snapshot.leftOut()).withWhy(WHY);
    }
}
