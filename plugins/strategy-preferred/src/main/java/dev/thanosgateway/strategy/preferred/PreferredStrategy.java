package dev.thanosgateway.strategy.preferred;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/**
 * Plans one target: the provider that {@code [routing] preferred} names, else the first in the configuration's order.
 * One that cannot serve gives way to the next that can; where none can, the one that would have been chosen is asked
 * all the same. Never plans a second target: whether others are tried after a failure is the chain's to say.
 */
@Component(property = RoutingStrategy.NAME + "=preferred")
public final class PreferredStrategy implements RoutingStrategy {
    private static final String PREFERRED = "preferred";
    private static final String IT = "it is the preferred provider";
    private static final String INSTEAD =
            "it is the first in the file that can be asked, and a preferred one is not set or cannot";

    @Override
    public Plan plan(ChatRequest request, Snapshot snapshot) {
        Map<String, String> exclusions = new LinkedHashMap<>();
        String preferred = preferred(snapshot);
        if (preferred != null && snapshot.candidate(preferred).isEmpty()) {
            exclusions.put(preferred, "it is preferred, but is not among the live providers that could serve this");
        }
        Target chosen = null;
        Target lastResort = null;
        for (Candidate candidate : inOrder(snapshot.candidates(), preferred)) {
            String model = candidate.model();
            String unavailable = candidate.unavailable();
            if (model == null) {
                exclusions.put(candidate.provider(), "it has no model configured; set model in its table");
                continue;
            }
            if (unavailable != null) {
                exclusions.put(candidate.provider(), unavailable);
                if (lastResort == null) {
                    lastResort = new Target(candidate.provider(), model);
                }
            } else if (chosen == null) {
                chosen = new Target(candidate.provider(), model);
            }
        }
        if (chosen == null && lastResort != null) {
            chosen = lastResort;
            exclusions.remove(lastResort.provider());
        }
        Plan plan = Plan.of(chosen == null ? List.of() : List.of(chosen)).withExclusions(exclusions);
        return chosen == null ? plan : plan.withWhy(chosen.provider().equals(preferred) ? IT : INSTEAD);
    }

    private static @Nullable String preferred(Snapshot snapshot) {
        return snapshot.settings().get(PREFERRED) instanceof String id && !id.isBlank() ? id : null;
    }

    private static List<Candidate> inOrder(List<Candidate> candidates, @Nullable String preferred) {
        List<Candidate> ordered = new ArrayList<>();
        for (Candidate candidate : candidates) {
            ordered.add(candidate.provider().equals(preferred) ? 0 : ordered.size(), candidate);
        }
        return ordered;
    }
}
