package dev.thanosgateway.strategy.cheapest;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
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
import org.osgi.service.component.annotations.Component;

/**
 * Asks who takes the least money for this request: its estimated tokens times the prices that {@code
 * [routing.cheapest]} gives for a {@code "provider/model"} or a provider, else those that are known of the model. Who
 * has no known price comes last, in the configuration's order. Local models cost what is written for them, such as
 * nothing.
 *
 * <p>Tokens are {@linkplain ChatContent#estimatedTokens() estimated}; an answer is taken for as many as it may have, at
 * most {@value #ANSWER_TOKENS}.
 */
@Component(property = RoutingStrategy.NAME + "=cheapest")
public final class CheapestStrategy implements RoutingStrategy {
    private static final String PRICES = "cheapest";
    private static final long ANSWER_TOKENS = 1_000;
    private static final double PER = 1_000_000;
    private static final String INPUT = "input";
    private static final String OUTPUT = "output";
    private static final String WHY =
            "what is estimated to cost the least comes first, and last what has no known price";

    /** @param dollars infinite = there is no known price */
    private record Priced(Candidate candidate, Map<?, ?> prices, double dollars) {}

    /** What is bought, in tokens. */
    private record Size(double input, double output) {}

    @Override
    public Plan plan(ChatRequest request, Snapshot snapshot) {
        Size size = size(request);
        List<Priced> priced = new ArrayList<>();
        for (Candidate candidate : snapshot.askable()) {
            Map<?, ?> prices = prices(candidate, snapshot);
            priced.add(new Priced(candidate, prices, dollars(prices, size)));
        }
        priced.sort(Comparator.comparingDouble(Priced::dollars));
        Plan plan = Plan.inOrder(priced.stream().map(Priced::candidate).toList());
        return plan.withExclusions(snapshot.leftOut()).withWhy(WHY).withScores(scores(plan, priced, size));
    }

    /** In the order of the plan, which is that of the priced: all of them have a model. */
    private static Map<Target, Map<String, Double>> scores(Plan plan, List<Priced> priced, Size size) {
        Map<Target, Map<String, Double>> scores = new LinkedHashMap<>();
        for (int i = 0; i < priced.size(); i++) {
            Priced one = priced.get(i);
            Map<String, Double> numbers = new LinkedHashMap<>();
            numbers.put("estimated_input_tokens", size.input());
            numbers.put("estimated_output_tokens", size.output());
            put(numbers, "input_usd_per_million", price(one.prices(), INPUT));
            put(numbers, "output_usd_per_million", price(one.prices(), OUTPUT));
            put(numbers, "estimated_usd", one.dollars());
            scores.put(plan.targets().get(i), numbers);
        }
        return scores;
    }

    private static void put(Map<String, Double> numbers, String name, double value) {
        if (Double.isFinite(value)) {
            numbers.put(name, value);
        }
    }

    private static Map<?, ?> prices(Candidate candidate, Snapshot snapshot) {
        if (snapshot.settings().get(PRICES) instanceof Map<?, ?> all) {
            if (all.get(candidate.provider() + "/" + candidate.model()) instanceof Map<?, ?> ofModel) {
                return ofModel;
            }
            if (all.get(candidate.provider()) instanceof Map<?, ?> ofProvider) {
                return ofProvider;
            }
        }
        return candidate.prices();
    }

    private static double dollars(Map<?, ?> prices, Size size) {
        return dollars(prices, INPUT, size.input()) + dollars(prices, OUTPUT, size.output());
    }

    /** By the price per million tokens; where that is not known, more than any. */
    private static double dollars(Map<?, ?> prices, String kind, double tokens) {
        if (tokens == 0) {
            return 0;
        }
        return tokens * price(prices, kind) / PER;
    }

    private static double price(Map<?, ?> prices, String kind) {
        return prices.get(kind) instanceof Number number && number.doubleValue() >= 0
                ? number.doubleValue()
                : Double.POSITIVE_INFINITY;
    }

    private static Size size(ChatRequest request) {
        long input = 0;
        Long most = null;
        try {
            ChatContent content = request.content();
            most = content.maxOutputTokens();
            input = content.estimatedTokens();
        } catch (GatewayException e) {
            // Whoever is asked with it will tell the caller what is wrong.
            input = 0;
        }
        // None are written where embeddings are made, and their models have no price for it.
        long output = most == null ? ANSWER_TOKENS : Math.min(Math.max(most, 0), ANSWER_TOKENS);
        return new Size(1.0 + input, output);
    }
}
