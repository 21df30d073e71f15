package dev.thanosgateway.provider.gemini;

import dev.thanosgateway.api.provider.Embeddings;
import dev.thanosgateway.tck.EmbeddingsTck;

class GeminiEmbeddingsTckTest extends EmbeddingsTck {
    @Override
    protected Embeddings provider() {
        return new GeminiProvider();
    }
}
