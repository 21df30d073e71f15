package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.Role;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much a model is asked to think, in the words it knows. Effort and budget stand for each other: 1,024 tokens are
 * minimal, 2,048 low, 8,192 medium, 16,384 high, 32,000 anything above.
 *
 * @param type of the {@code thinking} object; null = it is left out
 * @param budget tokens; 0 = not said
 * @param effort null = not said
 * @param limit the answer's, thought included
 * @param dropped whether the caller asked for thought that cannot be had with the rest of the request
 */
record ThinkingPlan(
        @Nullable String type, long budget, @Nullable String effort, long limit, boolean dropped) {
    private static final long LEAST = 1024;

    /** What thought leaves of the highest limit for the answer. */
    private static final long REST = 4096;

    /** @param forced whether a tool must be called, which rules thinking by a budget out */
    static ThinkingPlan of(ChatContent content, ModelTraits traits, boolean forced) {
        Reasoning asked = content.reasoning();
        Long max = content.maxOutputTokens();
        long limit = max == null ? traits.defaultLimit() : max;
        ThinkingPlan none = new ThinkingPlan(null, 0, null, limit, false);
        if (asked == null || (asked.effort() == null && asked.budgetTokens() == null)) {
            return none;
        }
        String effort = asked.effort();
        Long given = asked.budgetTokens();
        long budget = given != null ? given : budget(effort == null ? "" : effort);
        ThinkingPlan dropped = new ThinkingPlan(null, 0, null, limit, true);
        return switch (traits.thinking()) {
            case NONE -> budget == 0 ? none : dropped;
            case EFFORT -> {
                if (budget == 0) {
                    yield traits.canBeThoughtless()
                            ? new ThinkingPlan("disabled", 0, null, limit, false)
                            : new ThinkingPlan(null, 0, "low", limit, false);
                }
                String word = effort(effort, budget, traits);
                yield forced
                        ? new ThinkingPlan(null, 0, word, limit, false)
                        : new ThinkingPlan("adaptive", 0, word, limit, false);
            }
            case BUDGET -> {
                if (budget == 0) {
                    yield none;
                }
                long most = max == null ? Math.min(limit + budget, traits.highestLimit()) : max;
                long room = Math.min(budget, max == null ? most - REST : most - 1);
                yield forced || room < LEAST || unsigned(content.messages())
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

    private static String effort(@Nullable String effort, long budget, ModelTraits traits) {
        if (effort == null) {
            return budget <= 2048 ? "low" : budget <= 8192 ? "medium" : "high";
        }
        if (effort.equals("minimal")) {
            return "low";
        }
        return effort.equals("xhigh") && !traits.knowsExtraHigh() ? "high" : effort;
    }

    /**
     * Whether the conversation goes on from calls of tools whose thoughts are lost, as clients without a place for
     * signatures lose them: a model that thinks by a budget refuses to go on from those.
     */
    private static boolean unsigned(List<Message> messages) {
        boolean results = false;
        boolean calls = false;
        boolean signed = false;
        boolean answered = false;
        for (int i = messages.size() - 1; i >= 0; i--) {
            Message message = messages.get(i);
            List<Part> parts = MessageWriter.said(message.parts());
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
                signed |= part instanceof Part.Reasoning || part instanceof Part.RedactedReasoning;
            }
        }
        return results && calls && !signed;
    }

    /** Whether the model is asked to think. */
    boolean thinks() {
        return type != null && Set.of("enabled", "adaptive").contains(type);
    }
}
