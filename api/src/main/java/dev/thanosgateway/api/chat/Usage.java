package dev.thanosgateway.api.chat;

/**
 * Tokens as the upstream counted them, never invented; -1 = it did not say. Input includes cached tokens, output
 * includes reasoning; dialects that count otherwise convert. Immutable.
 */
public final class Usage {
    private final long inputTokens;
    private final long outputTokens;
    private final long totalTokens;
    private final long cachedInputTokens;
    private final long cacheWriteTokens;
    private final long reasoningTokens;

    private Usage(long input, long output, long total, long cached, long cacheWrite, long reasoning) {
        this.inputTokens = input;
        this.outputTokens = output;
        this.totalTokens = total;
        this.cachedInputTokens = cached;
        this.cacheWriteTokens = cacheWrite;
        this.reasoningTokens = reasoning;
    }

    public static Usage of(long inputTokens, long outputTokens) {
        return new Usage(inputTokens, outputTokens, -1, -1, -1, -1);
    }

    /** @param tokens the upstream's own total, where it differs from the sum or the parts are unknown */
    public Usage withTotal(long tokens) {
        return new Usage(inputTokens, outputTokens, tokens, cachedInputTokens, cacheWriteTokens, reasoningTokens);
    }

    /** @param tokens input read from a prompt cache, part of {@link #inputTokens()} */
    public Usage withCachedInput(long tokens) {
        return new Usage(inputTokens, outputTokens, totalTokens, tokens, cacheWriteTokens, reasoningTokens);
    }

    /** @param tokens input written to a prompt cache, part of {@link #inputTokens()} */
    public Usage withCacheWrite(long tokens) {
        return new Usage(inputTokens, outputTokens, totalTokens, cachedInputTokens, tokens, reasoningTokens);
    }

    /** @param tokens output spent on reasoning, part of {@link #outputTokens()} */
    public Usage withReasoning(long tokens) {
        return new Usage(inputTokens, outputTokens, totalTokens, cachedInputTokens, cacheWriteTokens, tokens);
    }

    public long inputTokens() {
        return inputTokens;
    }

    public long outputTokens() {
        return outputTokens;
    }

    /** The upstream's total, else the sum of what is known. */
    public long totalTokens() {
        return totalTokens >= 0 ? totalTokens : Math.max(0, inputTokens) + Math.max(0, outputTokens);
    }

    public long cachedInputTokens() {
        return cachedInputTokens;
    }

    public long cacheWriteTokens() {
        return cacheWriteTokens;
    }

    public long reasoningTokens() {
        return reasoningTokens;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Usage u
                && inputTokens == u.inputTokens
                && outputTokens == u.outputTokens
                && totalTokens() == u.totalTokens()
                && cachedInputTokens == u.cachedInputTokens
                && cacheWriteTokens == u.cacheWriteTokens
                && reasoningTokens == u.reasoningTokens;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(inputTokens * 31 + outputTokens);
    }

    @Override
    public String toString() {
        return "Usage[input=" + inputTokens + ", output=" + outputTokens + ", total=" + totalTokens() + ", cached="
                + cachedInputTokens + ", cacheWrite=" + cacheWriteTokens + ", reasoning=" + reasoningTokens + "]";
    }
}
