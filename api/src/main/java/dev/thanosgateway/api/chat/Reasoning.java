package dev.thanosgateway.api.chat;

import org.jspecify.annotations.Nullable;

/** How much a model may think before it answers. Immutable; each vendor's form is derived from the one given. */
public final class Reasoning {
    private final @Nullable String effort;
    private final @Nullable Long budgetTokens;
    private final @Nullable Boolean visible;

    private Reasoning(@Nullable String effort, @Nullable Long budgetTokens, @Nullable Boolean visible) {
        this.effort = effort;
        this.budgetTokens = budgetTokens;
        this.visible = visible;
    }

    /** @param effort none, minimal, low, medium, high, or a vendor's further word */
    public static Reasoning effort(String effort) {
        return new Reasoning(effort, null, null);
    }

    /** @param tokens at most this many tokens of thought; 0 = none */
    public static Reasoning budget(long tokens) {
        return new Reasoning(null, tokens, null);
    }

    /** The model decides how much it thinks, as its vendor's default is for most. */
    public static Reasoning dynamic() {
        return new Reasoning(null, null, null);
    }

    /** @param visible whether the answer shows the thoughts; null = the vendor's default */
    public Reasoning withVisible(@Nullable Boolean visible) {
        return new Reasoning(effort, budgetTokens, visible);
    }

    /** Null = a budget, or the model's own choice. */
    public @Nullable String effort() {
        return effort;
    }

    /** Null = an effort, or the model's own choice. */
    public @Nullable Long budgetTokens() {
        return budgetTokens;
    }

    /** Whether the answer shows the thoughts; null = the vendor's default. */
    public @Nullable Boolean visible() {
        return visible;
    }
}
