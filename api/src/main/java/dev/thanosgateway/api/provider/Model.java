package dev.thanosgateway.api.provider;

import dev.thanosgateway.api.chat.ModelTraits;
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
    private final Set<String> lacking;
    private final Map<String, Double> pricing;
    private final int dimensions;
    private final Map<String, Double> scores;
    private final ModelTraits traits;
    private final Set<String> aliases;

    private Model(Builder b) {
        id = b.id;
        name = b.name;
        ownedBy = b.ownedBy;
        created = b.created;
        contextLength = b.contextLength;
        maxOutput = b.maxOutput;
        capabilities = b.capabilities;
        lacking = b.lacking;
        pricing = b.pricing;
        dimensions = b.dimensions;
        scores = b.scores;
        traits = b.traits;
        aliases = b.aliases;
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

    /** Abilities the model is known not to have, in the words of {@link #capabilities()}; absent = unknown. */
    public Set<String> lacking() {
        return lacking;
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

    /**
     * How good a choice its provider says it is now, by name, the higher the better: {@code overall} counts for all;
     * {@code health} and {@code recommended} are 0 for one that should not be chosen. Empty = nothing is said.
     */
    public Map<String, Double> scores() {
        return scores;
    }

    /** What it takes in a request. */
    public ModelTraits traits() {
        return traits;
    }

    /** Further ids that the provider itself answers to with this model; {@link #id} goes upstream for them. */
    public Set<String> aliases() {
        return aliases;
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
        private Set<String> lacking = Set.of();
        private Map<String, Double> pricing = Map.of();
        private int dimensions;
        private Map<String, Double> scores = Map.of();
        private ModelTraits traits = ModelTraits.UNKNOWN;
        private Set<String> aliases = Set.of();

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

        /** @param value see {@link Model#lacking()}; what is listed as an ability as well is taken for one */
        public Builder lacking(Set<String> value) {
            lacking = Set.copyOf(value);
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

        public Builder scores(Map<String, Double> value) {
            scores = Map.copyOf(value);
            return this;
        }

        public Builder traits(ModelTraits value) {
            traits = value;
            return this;
        }

        public Builder aliases(Set<String> value) {
            aliases = Set.copyOf(value);
            return this;
        }

        public Model build() {
            return new Model(this);
        }
    }
}
