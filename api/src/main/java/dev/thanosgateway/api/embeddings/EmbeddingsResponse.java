package dev.thanosgateway.api.embeddings;

import dev.thanosgateway.api.chat.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The vectors of one request. Immutable, as long as nobody writes into the arrays: nobody may. */
public final class EmbeddingsResponse {
    private final List<float[]> vectors;
    private final @Nullable String model;
    private final @Nullable Usage usage;

    private EmbeddingsResponse(List<float[]> vectors, @Nullable String model, @Nullable Usage usage) {
        this.vectors = List.copyOf(vectors);
        this.model = model;
        this.usage = usage;
    }

    /** @param vectors one for each input, in their order; owned by the response from now on */
    public static EmbeddingsResponse of(List<float[]> vectors) {
        return new EmbeddingsResponse(vectors, null, null);
    }

    /** @param name the model as the upstream names it in its answer */
    public EmbeddingsResponse withModel(@Nullable String name) {
        return new EmbeddingsResponse(vectors, name, usage);
    }

    /** @param counted as the upstream counted; its output is 0 or unknown */
    public EmbeddingsResponse withUsage(@Nullable Usage counted) {
        return new EmbeddingsResponse(vectors, model, counted);
    }

    /** One for each input, in their order; 32-bit floats as all vendors give them. */
    public List<float[]> vectors() {
        return vectors;
    }

    /** The model as the upstream names it; null = it did not. */
    public @Nullable String model() {
        return model;
    }

    /** Null = the upstream did not count. */
    public @Nullable Usage usage() {
        return usage;
    }
}
