package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.chat.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Usage as Google counts it: candidates without their thoughts, the prompt with what was cached of it but without what
 * tools of Google's added. A count of zero is left out there.
 */
final class UsageJson {
    private UsageJson() {}

    /** @return null = nothing was counted */
    static @Nullable Usage read(JsonNode counts) {
        if (!counts.has("promptTokenCount") && !counts.has("totalTokenCount")) {
            return null;
        }
        long thoughts = count(counts, "thoughtsTokenCount");
        long input = count(counts, "promptTokenCount") + count(counts, "toolUsePromptTokenCount");
        Usage usage = Usage.of(input, count(counts, "candidatesTokenCount") + thoughts);
        if (counts.has("totalTokenCount")) {
            usage = usage.withTotal(count(counts, "totalTokenCount"));
        }
        if (counts.has("cachedContentTokenCount")) {
            usage = usage.withCachedInput(count(counts, "cachedContentTokenCount"));
        }
        return counts.has("thoughtsTokenCount") ? usage.withReasoning(thoughts) : usage;
    }

    private static long count(JsonNode counts, String name) {
        JsonNode count = counts.path(name);
        return count.isIntegralNumber() ? Math.max(0, count.longValue()) : 0;
    }

    static void write(Usage usage, ObjectNode out) {
        ObjectNode counts = out.putObject("usageMetadata");
        long thoughts = usage.reasoningTokens();
        put(counts, "promptTokenCount", usage.inputTokens());
        put(
                counts,
                "candidatesTokenCount",
                usage.outputTokens() < 0 ? -1 : Math.max(0, usage.outputTokens() - Math.max(0, thoughts)));
        put(counts, "totalTokenCount", usage.totalTokens());
        put(counts, "cachedContentTokenCount", usage.cachedInputTokens());
        put(counts, "thoughtsTokenCount", thoughts);
    }

    private static void put(ObjectNode counts, String name, long count) {
        if (count >= 0) {
            counts.put(name, count);
        }
    }
}
