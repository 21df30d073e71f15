package dev.thanosgateway.strategy.omen;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Model;
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

    @Override
    public Plan plan(ChatRequest request, Snapshot snapshot) {
        boolean open = request.model().equals(AUTO);
        Planning planning = new Planning();
        for (Candidate candidate : snapshot.candidates()) {
            if (candidate.type().equals(TYPE)) {
                planning.add(candidate, open ? model(candidate, request) : candidate.model());
            }
        }
        List<String> chain = chain(snapshot);
        if (open && !chain.isEmpty()) {
            chain.forEach(entry -> planning.add(entry, snapshot));
        } else {
            snapshot.candidates().stream()
                    .filter(candidate -> !candidate.type().equals(TYPE))
                    .forEach(candidate -> planning.add(candidate, candidate.model()));
        }
        return planning.plan();
    }

    private static String model(Candidate omen, ChatRequest request) {
        Model best = Choice.of(omen.models(), request);
        String configured = omen.model();
        return best != null ? best.id() : configured != null ? configured : AUTO;
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
        private final List<Target> able = new ArrayList<>();
        private final List<Target> setAside = new ArrayList<>();
        private final Map<String, String> exclusions = new LinkedHashMap<>();

        void add(String entry, Snapshot snapshot) {
            int slash = entry.indexOf('/');
            String id = slash < 0 ? entry : entry.substring(0, slash);
            Candidate candidate = snapshot.candidate(id).orElse(null);
            if (candidate == null) {
                exclusions.putIfAbsent(
                        id, "it is in the chain, but not among the live providers that could serve this");
            } else {
                add(candidate, slash < 0 ? candidate.model() : entry.substring(slash + 1));
            }
        }

        void add(Candidate candidate, @Nullable String model) {
            String id = candidate.provider();
            String unavailable = candidate.unavailable();
            if (model == null || model.isBlank()) {
                exclusions.putIfAbsent(id, "it has no model configured; set model in its table");
                return;
            }
            Target target = new Target(id, model);
            List<Target> among = unavailable == null ? able : setAside;
            if (!among.contains(target)) {
                among.add(target);
            }
            if (unavailable != null) {
                exclusions.putIfAbsent(id, unavailable);
            }
        }

        Plan plan() {
            List<Target> targets = able.isEmpty() ? setAside : able;
            targets.forEach(target -> exclusions.remove(target.provider()));
            return Plan.of(targets).withExclusions(exclusions);
        }
    }
}
