package dev.thanosgateway.strategy.roundrobin;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/**
 * Gives the members of {@code [routing] load_balance} their turns, exactly; without one, every provider. An entry is
 * {@code provider/model}, or a provider's id for its configured model. Whoever has the turn is first, the others
 * follow in an order that gives a dead member's turns to all of them alike ({@link Turns}).
 *
 * <p>Where the request names a model, the name stays: the turns are taken by the members that serve it, or, where
 * none does, by all that do. Who cannot serve is left out; where nobody can, all are asked all the same.
 */
@Component(property = RoutingStrategy.NAME + "=round-robin")
public final class RoundRobinStrategy implements RoutingStrategy {
    /** The model's name of a request that leaves provider and model open. */
    private static final String AUTO = "auto";

    private static final String MEMBERS = "load_balance";

    private final Turns turns = new Turns();

    @Override
    public Plan plan(ChatRequest request, Snapshot snapshot) {
        boolean open = request.model().equals(AUTO);
        Members members = new Members();
        boolean restricted = false;
        if (snapshot.settings().get(MEMBERS) instanceof List<?> list) {
            for (Object entry : list) {
                restricted |= entry instanceof String text && member(text, open, snapshot, members);
            }
        }
        for (Candidate candidate : snapshot.candidates()) {
            if (!restricted) {
                members.add(candidate, candidate.model());
            } else {
                members.exclude(candidate.provider(), "it is not in " + MEMBERS);
            }
        }
        return members.plan(turns, open);
    }

    /** @return whether the entry restricts the turns: for a named model, only one that serves it does */
    private static boolean member(String entry, boolean open, Snapshot snapshot, Members members) {
        int slash = entry.indexOf('/');
        String id = slash < 0 ? entry : entry.substring(0, slash);
        Candidate candidate = snapshot.candidate(id).orElse(null);
        if (candidate == null) {
            members.exclude(id, "it is in " + MEMBERS + ", but is not among the live providers that could serve this");
            return open;
        }
        members.add(candidate, open && slash >= 0 ? entry.substring(slash + 1) : candidate.model());
        return true;
    }

    /** Who takes part in one request's turn. */
    private static final class Members {
        private final Set<Target> able = new LinkedHashSet<>();
        private final Set<Target> setAside = new LinkedHashSet<>();
        private final Map<String, String> exclusions = new LinkedHashMap<>();

        /** The first reason stands, and none for who is asked in the end. */
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

        Plan plan(Turns turns, boolean open) {
            List<Target> members = List.copyOf(able.isEmpty() ? setAside : able);
            members.forEach(target -> exclusions.remove(target.provider()));
            // Callers name models as they like: of those that name one, only who takes part is told apart.
            List<?> group =
                    open ? members : members.stream().map(Target::provider).toList();
            return Plan.of(Turns.order(members, turns.next(group))).withExclusions(exclusions);
        }
    }
}
