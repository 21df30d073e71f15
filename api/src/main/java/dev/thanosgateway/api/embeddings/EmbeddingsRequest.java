package dev.thanosgateway.api.embeddings;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Original;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request for embeddings: a batch of inputs, one vector each, in the same order. Immutable. */
public final class EmbeddingsRequest {
    private final String model;
    private final List<String> spellings;
    private final List<EmbeddingInput> inputs;
    private final int dimensions;
    private final boolean base64;
    private final @Nullable String user;
    private final @Nullable String task;
    private final @Nullable String title;
    private final @Nullable Boolean truncate;
    private final List<String> hints;
    private final List<String> fallbacks;
    private final Map<String, Json> extensions;
    private final @Nullable Original original;

    private EmbeddingsRequest(Builder b, String model, List<String> spellings) {
        this.model = model;
        this.spellings = List.copyOf(spellings);
        inputs = List.copyOf(b.inputs);
        dimensions = b.dimensions;
        base64 = b.base64;
        user = b.user;
        task = b.task;
        title = b.title;
        truncate = b.truncate;
        hints = List.copyOf(b.hints);
        fallbacks = List.copyOf(b.fallbacks);
        extensions = Map.copyOf(b.extensions);
        original = b.original;
    }

    public static Builder builder(String model) {
        return new Builder(model);
    }

    /** The same request for another model name: how a target's own name reaches its provider. */
    public EmbeddingsRequest withModel(String model) {
        return new EmbeddingsRequest(toBuilder(), model, List.of());
    }

    private Builder toBuilder() {
        Builder b = new Builder(model)
                .inputs(inputs)
                .dimensions(dimensions)
                .base64(base64)
                .user(user)
                .task(task)
                .title(title)
                .truncate(truncate)
                .hints(hints)
                .fallbacks(fallbacks)
                .extensions(extensions);
        b.original = original;
        return b;
    }

    /** The model as the caller named it; for a provider, as that provider names it. */
    public String model() {
        return model;
    }

    /** What else the caller may mean by the model's name; see {@code ChatRequest}. Empty = nothing. */
    public List<String> spellings() {
        return spellings;
    }

    /** At least one. */
    public List<EmbeddingInput> inputs() {
        return inputs;
    }

    /** Numbers per vector; 0 = as many as the model has. */
    public int dimensions() {
        return dimensions;
    }

    /**
     * Whether the caller wants vectors as base64 of little-endian 32-bit floats. Its dialect's writer sees to that; a
     * provider may ask for the same to save bytes.
     */
    public boolean base64() {
        return base64;
    }

    /** Who the caller asks for; a hint. */
    public @Nullable String user() {
        return user;
    }

    /** What the vectors are for, in Gemini's words ({@code RETRIEVAL_QUERY}, …); a hint. */
    public @Nullable String task() {
        return task;
    }

    /** The title of the document that is embedded; a hint. */
    public @Nullable String title() {
        return title;
    }

    /** Whether inputs too long for the model are cut (true) or refused (false); null = as the provider does. */
    public @Nullable Boolean truncate() {
        return truncate;
    }

    /**
     * Names of further fields that only the caller's own dialect has; hints. A provider that is not relayed to leaves them
     * out and says so.
     */
    public List<String> hints() {
        return hints;
    }

    /** Targets to try after the named one, as the caller gave them; empty = none. */
    public List<String> fallbacks() {
        return fallbacks;
    }

    /** Request fields of this gateway ({@code tags}, {@code omen}); no vendor sees them unless it owns them. */
    public Map<String, Json> extensions() {
        return extensions;
    }

    /** The bytes the request came in, where its dialect can be relayed. */
    public @Nullable Original original() {
        return original;
    }

    /** Collects values; used by one thread. */
    public static final class Builder {
        private final String model;
        private List<String> spellings = List.of();
        private List<EmbeddingInput> inputs = List.of();
        private int dimensions;
        private boolean base64;
        private @Nullable String user;
        private @Nullable String task;
        private @Nullable String title;
        private @Nullable Boolean truncate;
        private List<String> hints = List.of();
        private List<String> fallbacks = List.of();
        private Map<String, Json> extensions = Map.of();
        private @Nullable Original original;

        private Builder(String model) {
            this.model = model;
        }

        public Builder spellings(List<String> value) {
            spellings = value;
            return this;
        }

        public Builder inputs(List<EmbeddingInput> value) {
            inputs = value;
            return this;
        }

        public Builder dimensions(int value) {
            dimensions = value;
            return this;
        }

        public Builder base64(boolean value) {
            base64 = value;
            return this;
        }

        public Builder user(@Nullable String value) {
            user = value;
            return this;
        }

        public Builder task(@Nullable String value) {
            task = value;
            return this;
        }

        public Builder title(@Nullable String value) {
            title = value;
            return this;
        }

        public Builder truncate(@Nullable Boolean value) {
            truncate = value;
            return this;
        }

        public Builder hints(List<String> value) {
            hints = value;
            return this;
        }

        public Builder fallbacks(List<String> value) {
            fallbacks = value;
            return this;
        }

        public Builder extensions(Map<String, Json> value) {
            extensions = value;
            return this;
        }

        public Builder original(Original value) {
            original = value;
            return this;
        }

        /** @throws IllegalStateException without inputs */
        public EmbeddingsRequest build() {
            if (inputs.isEmpty()) {
                throw new IllegalStateException("a request for embeddings needs inputs");
            }
            return new EmbeddingsRequest(this, model, spellings);
        }
    }
}
