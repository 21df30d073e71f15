package dev.thanosgateway.api.provider;

/** The tokens of a request. Immutable. */
public final class TokenCount {
    private final long inputTokens;
    private final boolean estimated;
    private final long cachedTokens;

    private TokenCount(long inputTokens, boolean estimated, long cachedTokens) {
        this.inputTokens = inputTokens;
        this.estimated = estimated;
        this.cachedTokens = cachedTokens;
    }

    /** @param inputTokens as the upstream counts them: messages, system, tools, images */
    public static TokenCount of(long inputTokens) {
        return new TokenCount(inputTokens, false, -1);
    }

    /** @param inputTokens a guess, because nobody counts for this model */
    public static TokenCount estimate(long inputTokens) {
        return new TokenCount(inputTokens, true, -1);
    }

    /** @param tokens those of the input that come from a prompt cache */
    public TokenCount withCached(long tokens) {
        return new TokenCount(inputTokens, estimated, tokens);
    }

    public long inputTokens() {
        return inputTokens;
    }

    /** Whether it is a guess; answers that carry one say so. */
    public boolean estimated() {
        return estimated;
    }

    /** Those of the input that come from a prompt cache; -1 = unknown. */
    public long cachedTokens() {
        return cachedTokens;
    }
}
