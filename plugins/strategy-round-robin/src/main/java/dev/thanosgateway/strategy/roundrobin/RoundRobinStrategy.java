package dev.thanosgateway.strategy.roundrobin;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.List;
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
    private static final String ABSENT =
            "it is in " + MEMBERS + ", but is not among the live providers that could serve this";

    private final Turns turns = new Turns();

    @Override
    public Plan plan(ChatRequest request, Snapshot snapshot) {
        boolean open = request.model().equals(AUTO);
        Plan.Builder members = Plan.builder();
        boolean restricted = false;
        for (String entry : snapshot.texts(MEMBERS)) {
            // For a named model, only a member that serves it restricts the turns.
            restricted |= members.add(entry, snapshot, open, ABSENT) || open;
        }
        for (Candidate candidate : snapshot.candidates()) {
            if (!restricted) {
                members.add(candidate, candidate.model());
            } else {
                members.exclude(candidate.provider(), "it is not in " + MEMBERS);
            }
        }
        return inTurn(members.build(), open, snapshot.dryRun());
    }

    private Plan inTurn(Plan members, boolean open, boolean dryRun) {
        // Callers name models as they like: of those that name one, only who takes part is told apart.
        List<?> group = open
                ? members.targets()
                : members.targets().stream().map(Target::provider).toList();
        long turn = dryRun ? turns.upcoming(group) : turns.next(group);
        return Plan.of(Turns.order(members.targets(), turn))
                .withExclusions(members.exclusions())
                .withWhy(members.targets().isEmpty() ? "" : "it is turn " + turn + " of those that can serve this");
    }
}
