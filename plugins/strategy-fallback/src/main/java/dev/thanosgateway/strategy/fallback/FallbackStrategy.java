package dev.thanosgateway.strategy.fallback;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

    @Override
    public Plan plan(ChatRequest request, Snapshot snapshot) {
        boolean open = request.model().equals(AUTO);
        Planning planning = new Planning();
        List<String> chain = chain(snapshot);
        for (String entry : chain) {
            int slash = entry.indexOf('/');
            String id = slash < 0 ? entry : entry.substring(0, slash);
            Candidate candidate = snapshot.candidate(id).orElse(null);
            if (candidate == null) {
                planning.exclude(id, "it is in the chain, but is not among the live providers that could serve this");
            } else {
                planning.add(candidate, open && slash >= 0 ? entry.substring(slash + 1) : candidate.model());
            }
        }
        if (chain.isEmpty() || !open) {
            snapshot.candidates().forEach(candidate -> planning.add(candidate, candidate.model()));
        }
        return planning.plan();
    }

    private static List<String> chain(Snapshot snapshot) {
        List<String> chain = new ArrayList<>();
        if (snapshot.settings().get(CHAIN) instanceof List<?> list) {
            for (Object entry : list) {
                if (entry instanceof String text && !text.isBlank()) {
                    chain.add(text);
                }
            }
        }
        return chain;
    }

    /** One plan while it is made. */
    private static final class Planning {
        private final Set<Target> able = new LinkedHashSet<>();
        private final Set<Target> setAside = new LinkedHashSet<>();
        private final Map<String, String> exclusions = new LinkedHashMap<>();

        void exclude(String provider, String reason) {
            exclusions.putIfAbsent(provider, reason);
        }

        void add(Candidate candidate, @Nullable String model) {
            String unavailable = candidate.unavailable();
            if (model == null || model.isEmpty()) {
                exclude(candidate.provider(), "it has no model configured; set model in its table");
            } else if (unavailable != null) {
                exclude(candidate.provider(), unavailable);
                setAside.add(new Target(candidate.provider(), model));
            } else {
                able.add(new Target(candidate.provider(), model));
            }
        }

        Plan plan() {
            List<Target> targets = List.copyOf(able.isEmpty() ? setAside : able);
            targets.forEach(target -> exclusions.remove(target.provider()));
            return Plan.of(targets).withExclusions(exclusions);
        }
    }
}
