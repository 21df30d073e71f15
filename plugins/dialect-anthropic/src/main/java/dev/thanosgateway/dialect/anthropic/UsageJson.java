package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Anthropic's usage object. Its input leaves out what was read from and written to the cache, {@link Usage} has it in.
 * Collects what a stream tells in pieces: the last word on each count stands.
 */
final class UsageJson {
    private long input = -1;
    private long output = -1;
    private long cacheRead = -1;
    private long cacheWrite = -1;
    private long thinking = -1;

    void read(@Nullable Value usage) throws JsonException {
        if (usage == null || !usage.isObject()) {
            return;
        }
        Map<String, Value> members = usage.members();
        input = count(members.get("input_tokens"), input);
        output = count(members.get("output_tokens"), output);
        cacheRead = count(members.get("cache_read_input_tokens"), cacheRead);
        cacheWrite = count(members.get("cache_creation_input_tokens"), cacheWrite);
        Value details = members.get("output_tokens_details");
        if (details != null && details.isObject()) {
            thinking = count(details.members().get("thinking_tokens"), thinking);
        }
    }

    /** A count that is no sensible number is not known. */
    private static long count(@Nullable Value value, long before) {
        if (value == null) {
            return before;
        }
        try {
            long count = value.integer();
            return count < 0 || count > 1_000_000_000_000_000L ? before : count;
        } catch (JsonException e) {
            return before;
        }
    }

    /** What has been counted so far; null = nothing. */
    @Nullable
    Usage usage() {
        if (input < 0 && output < 0) {
            return null;
        }
        long all = input < 0 ? -1 : input + Math.max(0, cacheRead) + Math.max(0, cacheWrite);
        return Usage.of(all, output)
                .withCachedInput(cacheRead)
                .withCacheWrite(cacheWrite)
                .withReasoning(thinking);
    }

    /** This API's clients add the counts up without looking: one that is not known is written as 0. */
    static void write(JsonOut out, @Nullable Usage usage) {
        out.beginObject();
        long cacheRead = usage == null ? 0 : Math.max(0, usage.cachedInputTokens());
        long cacheWrite = usage == null ? 0 : Math.max(0, usage.cacheWriteTokens());
        out.name("input_tokens").value(usage == null ? 0 : Math.max(0, usage.inputTokens() - cacheRead - cacheWrite));
        out.name("cache_creation_input_tokens").value(cacheWrite);
        out.name("cache_read_input_tokens").value(cacheRead);
        out.name("output_tokens").value(usage == null ? 0 : Math.max(0, usage.outputTokens()));
        if (usage != null && usage.reasoningTokens() >= 0) {
            out.name("output_tokens_details").beginObject();
            out.name("thinking_tokens").value(usage.reasoningTokens()).endObject();
        }
        out.endObject();
    }
}
