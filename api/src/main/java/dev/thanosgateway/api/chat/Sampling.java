package dev.thanosgateway.api.chat;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How tokens are drawn; null = the vendor's default. Numbers keep the value the caller wrote. Immutable. */
public final class Sampling {
    public static final Sampling DEFAULT = builder().build();

    private final Builder values;

    private Sampling(Builder values) {
        this.values = values;
    }

    public static Builder builder() {
        return new Builder();
    }

    public @Nullable Double temperature() {
        return values.temperature;
    }

    public @Nullable Double topP() {
        return values.topP;
    }

    public @Nullable Integer topK() {
        return values.topK;
    }

    public @Nullable Double presencePenalty() {
        return values.presencePenalty;
    }

    public @Nullable Double frequencyPenalty() {
        return values.frequencyPenalty;
    }

    public @Nullable Long seed() {
        return values.seed;
    }

    /** Token id to bias; empty = none. */
    public Map<String, Double> logitBias() {
        return values.logitBias;
    }

    /** Collects values; used by one thread. */
    public static final class Builder {
        private @Nullable Double temperature;
        private @Nullable Double topP;
        private @Nullable Integer topK;
        private @Nullable Double presencePenalty;
        private @Nullable Double frequencyPenalty;
        private @Nullable Long seed;
        private Map<String, Double> logitBias = Map.of();

        private Builder() {}

        public Builder temperature(@Nullable Double value) {
            temperature = value;
            return this;
        }

        public Builder topP(@Nullable Double value) {
            topP = value;
            return this;
        }

        public Builder topK(@Nullable Integer value) {
            topK = value;
            return this;
        }

        public Builder presencePenalty(@Nullable Double value) {
            presencePenalty = value;
            return this;
        }

        public Builder frequencyPenalty(@Nullable Double value) {
            frequencyPenalty = value;
            return this;
        }

        public Builder seed(@Nullable Long value) {
            seed = value;
            return this;
        }

        public Builder logitBias(Map<String, Double> value) {
            logitBias = Map.copyOf(value);
            return this;
        }

        public Sampling build() {
            Builder copy = new Builder();
            copy.temperature = temperature;
            copy.topP = topP;
            copy.topK = topK;
            copy.presencePenalty = presencePenalty;
            copy.frequencyPenalty = frequencyPenalty;
            copy.seed = seed;
            copy.logitBias = logitBias;
            return new Sampling(copy);
        }
    }
}
