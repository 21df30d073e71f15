package dev.thanosgateway.strategy.omen;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Model;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of Omen's models suits a request best. First those that can do what it needs, as far as that is known: images,
 * tools, room for it (a token is taken for four characters). Of these the ones whose vendor is healthy and recommended,
 * then the highest overall score, then the lowest price.
 */
final class Choice {
    private static final int CHARACTERS_PER_TOKEN = 4;

    private static final Comparator<Model> BEST_FIRST = Comparator.comparing((Model model) -> spokenFor(model))
            .thenComparingDouble(model -> score(model, "overall", -1))
            .reversed()
            .thenComparingDouble(model -> price(model, "input") + price(model, "output"));

    private Choice() {}

    /** What a request cannot do without. */
    private record Needs(boolean images, boolean tools, long tokens) {
        static Needs of(ChatRequest request) {
            try {
                ChatContent content = request.content();
                Long most = content.maxOutputTokens();
                long tokens = content.characters() / CHARACTERS_PER_TOKEN + (most == null ? 0 : most);
                return new Needs(content.hasImages(), content.mayCallTools(), tokens);
            } catch (GatewayException e) {
                // Whoever is asked with it will tell the caller what is wrong.
                return new Needs(false, false, 0);
            }
        }

        boolean ability(Model model) {
            return (!images || model.capabilities().contains("vision"))
                    && (!tools || model.capabilities().contains("functions"));
        }

        boolean room(Model model) {
            return model.contextLength() == 0 || model.contextLength() >= tokens;
        }
    }

    /** Null = there are no models. */
    static @Nullable Model of(List<Model> models, ChatRequest request) {
        Needs needs = Needs.of(request);
        // The order is stable: what is equal in everything stays in Omen's own order.
        Comparator<Model> order = Comparator.comparing((Model model) -> !needs.ability(model))
                .thenComparing(model -> !needs.room(model))
                .thenComparing(BEST_FIRST);
        return models.stream().min(order).orElse(null);
    }

    private static boolean spokenFor(Model model) {
        return score(model, "health", 1) > 0 && score(model, "recommended", 1) > 0;
    }

    private static double score(Model model, String name, double unsaid) {
        return model.scores().getOrDefault(name, unsaid);
    }

    private static double price(Model model, String kind) {
        return model.pricing().getOrDefault(kind, Double.POSITIVE_INFINITY);
    }
}
