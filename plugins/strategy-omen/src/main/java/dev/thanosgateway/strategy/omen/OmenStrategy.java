package dev.thanosgateway.strategy.omen;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/**
 * Asks Omen first, for the model that suits the request and that its scores speak for, see {@link Choice}. Where it
 * signals no models, for the one it is configured with, else for {@code auto}. Behind it come the others, which serve
 * when Omen does not: {@code [routing] fallback_chain}, or without a chain all in the configuration's order.
 *
 * <p>Where the request names a model, the name stays, and Omen is only the first of those that serve it. Who cannot
 * serve is left out, unless nobody can.
 */
@Component(
        service = RoutingStrategy.class,
        property = {RoutingStrategy.NAME + "=omen", RoutingStrategy.SIGNALS + ":Boolean=true"})
public final class OmenStrategy implements RoutingStrategy {
    /** Of a provider that is an Omen, and the model's name of a request that leaves the model open. */
    private static final String TYPE = "omen";

    private static final String AUTO = "auto";
    private static final String CHAIN = "fallback_chain";
    private static final String ABSENT = "it is in the chain, but not among the live providers that could serve this";

    @Override
    public Plan plan(ChatRequest request, Snapshot snapshot) {
        boolean open = request.model().equals(AUTO);
        Plan.Builder plan = Plan.builder();
        Map<Target, Map<String, Double>> scores = new LinkedHashMap<>();
        for (Candidate candidate : snapshot.candidates()) {
            if (candidate.type().equals(TYPE)) {
                Model best = open ? Choice.of(candidate.models(), request) : null;
                String model = open ? model(candidate, best) : candidate.model();
                plan.add(candidate, model);
                if (best != null && model != null) {
                    scores.put(new Target(candidate.provider(), model), best.scores());
                }
            }
        }
        List<String> chain = snapshot.texts(CHAIN);
        if (open && !chain.isEmpty()) {
            chain.forEach(entry -> plan.add(entry, snapshot, true, ABSENT));
        } else {
            snapshot.candidates().stream()
                    .filter(candidate -> !candidate.type().equals(TYPE))
                    .forEach(candidate -> plan.add(candidate, candidate.model()));
        }
        return plan.build()
                .withWhy(why(open, scores.isEmpty(), chain.isEmpty()))
                .withScores(scores);
    }

    private static String why(boolean open, boolean unsaid, boolean chainless) {
        String then = open && !chainless ? ", then " + CHAIN : ", then the file's order";
        if (!open) {
            return "an Omen comes first, with the model that was named" + then;
        }
        return (unsaid
                        ? "an Omen comes first, with its own choice since it tells no models"
                        : "an Omen comes first, with its model that can do what is asked and has the best scores")
                + then;
    }

    private static String model(Candidate omen, @Nullable Model best) {
        String configured = omen.model();
        return best != null ? best.id() : configured != null ? configured : AUTO;
    }
}
