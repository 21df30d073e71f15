package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's usage object, in the words of chat completions or those of Responses: input includes cached tokens, output
 * includes reasoning, as in {@link Usage}.
 */
final class UsageJson {
    private UsageJson() {}

    /** Reads the next value; null when it counts nothing. */
    static @Nullable Usage read(JsonReader json) throws JsonException {
        if (json.peek() != '{') {
            json.skip();
            return null;
        }
        long input = -1;
        long output = -1;
        long total = -1;
        long cached = -1;
        long written = -1;
        long reasoning = -1;
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "prompt_tokens", "input_tokens" -> input = count(json);
                case "completion_tokens", "output_tokens" -> output = count(json);
                case "total_tokens" -> total = count(json);
                case "prompt_tokens_details", "input_tokens_details" -> {
                    if (json.peek() != '{') {
                        json.skip();
                        continue;
                    }
                    json.enterObject();
                    while (json.nextMember()) {
                        switch (json.name()) {
                            case "cached_tokens" -> cached = count(json);
                            case "cache_write_tokens" -> written = count(json);
                            default -> json.skip();
                        }
                    }
                }
                case "completion_tokens_details", "output_tokens_details" -> {
                    if (json.peek() != '{') {
                        json.skip();
                        continue;
                    }
                    json.enterObject();
                    while (json.nextMember()) {
                        if (json.name().equals("reasoning_tokens")) {
                            reasoning = count(json);
                        } else {
                            json.skip();
                        }
                    }
                }
                default -> json.skip();
            }
        }
        if (input < 0 && output < 0 && total < 0) {
            return null;
        }
        if (reasoning > 0 && input >= 0 && output >= 0 && total == input + output + reasoning) {
            // Some, xAI among them, count what was thought beside the output instead of within it.
            output += reasoning;
        }
        return Usage.of(input, output)
                .withTotal(total)
                .withCachedInput(cached)
                .withCacheWrite(written)
                .withReasoning(reasoning);
    }

    /** A count that is no sensible number is not known. */
    private static long count(JsonReader json) throws JsonException {
        int c = json.peek();
        if (c < '0' || c > '9') {
            json.skip();
            return -1;
        }
        double value = json.number();
        return value <= 1e15 ? (long) value : -1;
    }

    static void write(JsonWriter json, Usage usage) {
        json.beginObject();
        known(json, "prompt_tokens", usage.inputTokens());
        known(json, "completion_tokens", usage.outputTokens());
        json.name("total_tokens").value(usage.totalTokens());
        if (usage.cachedInputTokens() >= 0 || usage.cacheWriteTokens() >= 0) {
            json.name("prompt_tokens_details").beginObject();
            known(json, "cached_tokens", usage.cachedInputTokens());
            known(json, "cache_write_tokens", usage.cacheWriteTokens());
            json.endObject();
        }
        if (usage.reasoningTokens() >= 0) {
            json.name("completion_tokens_details").beginObject();
            known(json, "reasoning_tokens", usage.reasoningTokens());
            json.endObject();
        }
        json.endObject();
    }

    private static void known(JsonWriter json, String name, long count) {
        if (count >= 0) {
            json.name(name).value(count);
        }
    }
}
