package dev.thanosgateway.api.embeddings;

import java.util.List;

/** One thing to make a vector of. Immutable. Grows by new kinds: a plugin's switch has a default. */
public sealed interface EmbeddingInput {
    /** Plain text; never empty unless the caller sent it so. */
    record Text(String text) implements EmbeddingInput {}

    /** Tokens of the model's own vocabulary, for providers that take them. */
    record Tokens(List<Integer> tokens) implements EmbeddingInput {
        public Tokens {
            tokens = List.copyOf(tokens);
        }
    }

    /**
     * What only the caller's own dialect has a word for, such as a picture: served by relay, and UNSUPPORTED elsewhere.
     *
     * @param field where it stands in the request, as the caller wrote it
     */
    record Other(String field) implements EmbeddingInput {}
}
