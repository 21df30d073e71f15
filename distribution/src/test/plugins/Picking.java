package fixture;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.List;

/** Always picks the same provider, or throws, loops, or talks nonsense. */
public final class Picking implements RoutingStrategy {
    @Override
    public Plan plan(ChatRequest request, Snapshot snapshot) {
        String pick = "@TEXT@";
        if (pick.equals("throw")) {
            throw new IllegalStateException("as it was told");
        }
        while (pick.equals("loop") && !Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
        return Plan.of(List.of(new Target(pick, pick.equals("nobody") ? null : "fake-large")));
    }
}
