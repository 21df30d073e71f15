package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.wire.request.ModelFit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much a model is asked to think, in the words it knows. Effort and budget stand for each other: 1,024 tokens are
 * minimal, 2,048 low, 8,192 medium, 16,384 high, 32,000 anything above. Thought as the model likes is adaptive without an
 * effort, or the budget of medium.
 *
 * @param type of the {@code thinking} object; null = it is left out
 * @param budget tokens; 0 = not said
 * @param effort null = not said
 * @param limit the answer's, thought included
 * @param dropped whether the caller asked for thought that cannot be had with the rest of the request
 */
record ThinkingPlan(
        @Nullable String type, long budget, @Nullable String effort, long limit, boolean dropped) {
    /** The limit on an answer, which this API wants to be told, where nobody names one. Tokens. */
    private static final long USUAL_LIMIT = 8192;

    /** The least budget of this API. Tokens. */
    private static final long LEAST = 1024;

    /** What thought leaves of the highest limit for the answer. */
    private static final long REST = 4096;

    /** @param forced whether a tool must be called, which rules thinking by a budget out */
    static ThinkingPlan of(ChatContent content, ModelTraits traits, boolean forced) {
        Reasoning asked = content.reasoning();
        Long max = content.maxOutputTokens();
        long limit = max == null ? traits.number(Trait.OUTPUT_DEFAULT, USUAL_LIMIT) : max;
        ThinkingPlan none = new ThinkingPlan(null, 0, null, limit, false);
        if (asked == null) {
            return none;
        }
        String effort = asked.effort();
        Long given = asked.budgetTokens();
        boolean dynamic = effort == null && given == null;
        long budget = given != null ? given : budget(effort == null ? "medium" : effort);
        ThinkingPlan dropped = new ThinkingPlan(null, 0, null, limit, true);
        String thinking = traits.word(Trait.THINKING);
        return switch (thinking == null ? "budget" : thinking) {
            case "none" -> budget == 0 || dynamic ? none : dropped;
            case "effort" -> {
                if (budget == 0 && traits.flag(Trait.THINKING_OFF, true)) {
                    yield new ThinkingPlan("disabled", 0, null, limit, false);
                }
                String word = dynamic ? null : effort(effort, budget, traits);
                if (budget == 0) {
                    yield new ThinkingPlan(null, 0, word, limit, false);
                }
                yield forced
                        ? new ThinkingPlan(null, 0, word, limit, false)
                        : new ThinkingPlan("adaptive", 0, word, limit, false);
            }
            default -> {
                if (budget == 0) {
                    yield none;
                }
                long asking = traits.budget(budget);
                long most = max == null ? Math.min(limit + asking, traits.number(Trait.OUTPUT, Long.MAX_VALUE)) : max;
                // A caller that names a budget has counted; of another's limit a quarter is left for the answer.
                long free = given != null ? most - 1 : Math.min(most - 1, Math.max(LEAST, most - most / 4));
                long room = Math.min(asking, max == null ? most - REST : free);
                yield forced || room < LEAST || thoughtless(content.messages(), Unsigned.taken(traits))
                        ? dropped
                        : new ThinkingPlan("enabled", Math.max(LEAST, room), null, most, false);
            }
        };
    }

    private static long budget(String effort) {
        return switch (effort) {
            case "none" -> 0;
            case "minimal" -> LEAST;
            case "low" -> 2048;
            case "medium" -> 8192;
            case "high" -> 16_384;
            default -> 32_000;
        };
    }

    /** The nearest effort that the model knows; this API has none below low. */
    private static @Nullable String effort(@Nullable String effort, long budget, ModelTraits traits) {
        String word = effort != null ? effort : budget <= 2048 ? "low" : budget <= 8192 ? "medium" : "high";
        return ModelFit.effort(Set.of("none", "minimal").contains(word) ? "low" : word, traits);
    }

    /**
     * Whether the conversation goes on from calls of tools whose thoughts are lost, as clients without a place for
     * signatures lose them: a model that thinks by a budget refuses to go on from those.
     *
     * @param unsigned whether thoughts need no signature
     */
    private static boolean thoughtless(List<Message> messages, boolean unsigned) {
        boolean results = false;
        boolean calls = false;
        boolean thoughts = false;
        boolean answered = false;
        for (int i = messages.size() - 1; i >= 0; i--) {
            Message message = messages.get(i);
            List<Part> parts = MessageWriter.said(message.parts(), unsigned);
            if (parts.isEmpty() || message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER) {
                continue;
            }
            boolean assistant = message.role() == Role.ASSISTANT;
            if (answered && !assistant) {
                break;
            }
            answered |= assistant;
            for (Part part : parts) {
                results |= part instanceof Part.ToolResult;
                calls |= part instanceof Part.ToolCall;
                thoughts |= part instanceof Part.Reasoning || part instanceof Part.RedactedReasoning;
            }
        }
        return results && calls && !thoughts;
    }

    /** Whether the model is asked to think. */
    boolean thinks() {
        return type != null && Set.of("enabled", "adaptive").contains(type);
    }
}
