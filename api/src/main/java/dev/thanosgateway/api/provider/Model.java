package dev.thanosgateway.api.provider;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of one model. Immutable. */
public final class Model {
    private final String id;
    private final @Nullable String name;
    private final @Nullable String ownedBy;
    private final long created;
    private final int contextLength;
    private final int maxOutput;
    private final Set<String> capabilities;
    private final Map<String, Double> pricing;
    private final int dimensions;

    private Model(Builder b) {
        id = b.id;
        name = b.name;
        ownedBy = b.ownedBy;
        created = b.created;
        contextLength = b.contextLength;
        maxOutput = b.maxOutput;
        capabilities = b.capabilities;
        pricing = b.pricing;
        dimensions = b.dimensions;
    }

    /** @param id as the provider names it, without the provider's own id before it */
    public static Builder builder(String id) {
        return new Builder(id);
    }

    public String id() {
        return id;
    }

    /** The name for people; null = the id. */
    public @Nullable String name() {
        return name;
    }

    /** Whose model it is, where a provider serves others' models. */
    public @Nullable String ownedBy() {
        return ownedBy;
    }

    /** Unix seconds; 0 = unknown. */
    public long created() {
        return created;
    }

    /** Tokens; 0 = unknown. */
    public int contextLength() {
        return contextLength;
    }

    /** Tokens; 0 = unknown. */
    public int maxOutput() {
        return maxOutput;
    }

    /**
     * Known abilities: {@code streaming}, {@code functions}, {@code vision}, {@code reasoning}, {@code
     * structured_output} (answers held to a JSON schema), {@code embeddings}; absent = unknown.
     */
    public Set<String> capabilities() {
        return capabilities;
    }

    /**
     * US dollars per million tokens by kind: {@code input}, {@code output}, {@code cache_read}, {@code cache_write};
     * absent or empty = unknown.
     */
    public Map<String, Double> pricing() {
        return pricing;
    }

    /** How many numbers an embedding has where the request says nothing; 0 = unknown, or it makes none. */
    public int dimensions() {
        return dimensions;
    }

    /** Collects values; used by one thread. */
    public static final class Builder {
        private final String id;
        private @Nullable String name;
        private @Nullable String ownedBy;
        private long created;
        private int contextLength;
        private int maxOutput;
        private Set<String> capabilities = Set.of();
        private Map<String, Double> pricing = Map.of();
        private int dimensions;

        private Builder(String id) {
            this.id = id;
        }

        public Builder name(@Nullable String value) {
            name = value;
            return this;
        }

        public Builder ownedBy(@Nullable String value) {
            ownedBy = value;
            return this;
        }

        public Builder created(long value) {
            created = value;
            return this;
        }

        public Builder contextLength(int value) {
            contextLength = value;
            return this;
        }

        public Builder maxOutput(int value) {
            maxOutput = value;
            return this;
        }

        public Builder capabilities(Set<String> value) {
            capabilities = Set.copyOf(value);
            return this;
        }

        public Builder pricing(Map<String, Double> value) {
            pricing = Map.copyOf(value);
            return this;
        }

        public Builder dimensions(int value) {
            dimensions = value;
            return this;
        }

        public Model build() {
            return new Model(this);
        }
    }
}
