package dev.thanosgateway.strategy.weighted;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.service.component.annotations.Component;

/**
 * Gives each provider the share of requests that {@code [routing.weights]} says: id = weight, of which only the
 * proportions count. Who has no weight, or 0, is left out; where none of those that could serve has one, all are alike.
 *
 * <p>Requests are drawn, not dealt: the request's number and the target seed the draw, so that shares are met
 * within sampling error, the same on every run. Who is drawn second is drawn by the same weights, so that the requests of
 * one that fails are shared as the weights say.
 */
@Component(property = RoutingStrategy.NAME + "=weighted")
public final class WeightedStrategy implements RoutingStrategy {
    private static final String WEIGHTS = "weights";

    private static final String DRAWN = "it was drawn so by the weights";
    private static final String ALIKE = "it was drawn so, all alike, since none of these has a share in " + WEIGHTS;

    private record Draw(Candidate candidate, double weight, double at) {}

    private final AtomicLong count = new AtomicLong();

    @Override
    public Plan plan(ChatRequest request, Snapshot snapshot) {
        Map<String, Double> weights = weights(snapshot);
        List<Candidate> members = snapshot.candidates().stream()
                .filter(c -> c.model() != null && weights.containsKey(c.provider()))
                .toList();
        boolean alike = members.isEmpty();
        Snapshot drawn = alike ? snapshot : Snapshot.of(members, snapshot.settings());
        long number = snapshot.dryRun() ? count.get() : count.getAndIncrement();
        List<Draw> draws = new ArrayList<>();
        for (Candidate candidate : drawn.askable()) {
            double weight = alike ? 1 : weights.getOrDefault(candidate.provider(), 1.0);
            // The first of several exponential clocks to ring is each one as often as its rate says; then the second.
            double uniform = uniform(number, candidate.provider() + "/" + candidate.model());
            draws.add(new Draw(candidate, weight, -Math.log(uniform) / weight));
        }
        draws.sort(Comparator.comparingDouble(Draw::at));
        Map<String, String> reasons = new LinkedHashMap<>(snapshot.leftOut());
        if (!alike) {
            for (Candidate candidate : snapshot.candidates()) {
                if (!weights.containsKey(candidate.provider())) {
                    reasons.putIfAbsent(candidate.provider(), "it has no share in " + WEIGHTS);
                }
            }
            reasons.putAll(drawn.leftOut());
        }
        draws.forEach(draw -> reasons.remove(draw.candidate().provider()));
        Plan plan = Plan.inOrder(draws.stream().map(Draw::candidate).toList());
        return plan.withExclusions(reasons).withWhy(alike ? ALIKE : DRAWN).withScores(scores(plan, draws));
    }

    /** In the order of the plan, which is that of the draws: all of them have a model. */
    private static Map<Target, Map<String, Double>> scores(Plan plan, List<Draw> draws) {
        double all = draws.stream().mapToDouble(Draw::weight).sum();
        Map<Target, Map<String, Double>> scores = new LinkedHashMap<>();
        for (int i = 0; i < draws.size(); i++) {
            scores.put(plan.targets().get(i), Map.of("weight", draws.get(i).weight(), "weight_of_all", all));
        }
        return scores;
    }

    /** Those that are more than nothing. */
    private static Map<String, Double> weights(Snapshot snapshot) {
        Map<String, Double> weights = new LinkedHashMap<>();
        if (snapshot.settings().get(WEIGHTS) instanceof Map<?, ?> all) {
            all.forEach((id, value) -> {
                if (id instanceof String name && value instanceof Number number && number.doubleValue() > 0) {
                    weights.put(name, number.doubleValue());
                }
            });
        }
        return weights;
    }

    /** A number above 0 and at most 1, for the request's number and the provider: SplitMix64's last steps. */
    private static double uniform(long number, String provider) {
        long mixed = mix(mix(number * 0x9E3779B97F4A7C15L) + provider.hashCode());
        return ((mixed >>> 11) + 1) * 0x1.0p-53;
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
