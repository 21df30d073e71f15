package dev.thanosgateway.strategy.fallback;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.api.routing.Snapshot;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * Plans the targets of {@code [routing] fallback_chain} in its order; without a chain, every provider in the
 * configuration's order. An entry is {@code provider/model}, or a provider's id for its configured model.
 *
 * <p>Where the request names a model, the name stays: the chain only orders those that serve it, and those it does
 * not name come after it. Who cannot serve is left out; where nobody can, all are asked all the same.
 */
@Component(property = RoutingStrategy.NAME + "=fallback")
public final class FallbackStrategy implements RoutingStrategy {
    /** The model's name of a request that leaves provider and model open. */
    private static final String AUTO = "auto";

    private static final String CHAIN = "fallback_chain";
    private static final String ABSENT =
            "it is in the chain, but is not among the live providers that could serve this";

    @Override
    public Plan plan(ChatRequest request, Snapshot snapshot) {
        boolean open = request.model().equals(AUTO);
        Plan.Builder plan = Plan.builder();
        List<String> chain = snapshot.texts(CHAIN);
        chain.forEach(entry -> plan.add(entry, snapshot, open, ABSENT));
        if (chain.isEmpty() || !open) {
            snapshot.candidates().forEach(candidate -> plan.add(candidate, candidate.model()));
        }
        return plan.build().withWhy(chain.isEmpty() ? "it is the file's order" : "it is the order of " + CHAIN);
    }
}
