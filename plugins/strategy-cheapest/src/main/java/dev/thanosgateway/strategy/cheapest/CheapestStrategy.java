package dev.thanosgateway.strategy.cheapest;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.api.routing.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/**
 * Asks who takes the least money for this request: its estimated tokens times the prices that {@code
 * [routing.cheapest]} gives for a {@code "provider/model"} or a provider, else those that are known of the model. Who
 * has no known price comes last, in the configuration's order. Local models cost what is written for them, such as
 * nothing.
 *
 * <p>A token is taken for four characters; an answer for as many tokens as it may have, at most {@value
 * #ANSWER_TOKENS}.
 */
@Component(property = RoutingStrategy.NAME + "=cheapest")
public final class CheapestStrategy implements RoutingStrategy {
    private static final String PRICES = "cheapest";
    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final long ANSWER_TOKENS = 1_000;

    private record Priced(Candidate candidate, double dollars) {}

    /** What is bought, in tokens. */
    private record Size(double input, double output) {}

    @Override
    public Plan plan(ChatRequest request, Snapshot snapshot) {
        Size size = size(request);
        List<Priced> priced = new ArrayList<>();
        for (Candidate candidate : snapshot.askable()) {
            priced.add(new Priced(candidate, dollars(prices(candidate, snapshot), size)));
        }
        priced.sort(Comparator.comparingDouble(Priced::dollars));
        return Plan.inOrder(priced.stream().map(Priced::candidate).toList()).withExclusions(snapshot.leftOut());
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
        return dollars(prices, "input", size.input()) + dollars(prices, "output", size.output());
    }

    /** By the price per million tokens; where that is not known, more than any. */
    private static double dollars(Map<?, ?> prices, String kind, double tokens) {
        if (tokens == 0) {
            return 0;
        }
        return tokens * price(prices, kind);
    }

    private static double price(Map<?, ?> prices, String kind) {
        return prices.get(kind) instanceof Number number && number.doubleValue() >= 0
                ? number.doubleValue()
                : Double.POSITIVE_INFINITY;
    }

    private static Size size(ChatRequest request) {
        long characters = 0;
        Long most = null;
        try {
            ChatContent content = request.content();
            most = content.maxOutputTokens();
            characters = content.characters();
        } catch (GatewayException e) {
            // Whoever is asked with it will tell the caller what is wrong.
            characters = 0;
        }
        // None are written where embeddings are made, and their models have no price for it.
        long output = most == null ? ANSWER_TOKENS : Math.min(Math.max(most, 0), ANSWER_TOKENS);
        return new Size(1 + (double) characters / CHARACTERS_PER_TOKEN, output);
    }
}
