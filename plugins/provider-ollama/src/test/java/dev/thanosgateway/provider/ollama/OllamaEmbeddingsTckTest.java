package dev.thanosgateway.provider.ollama;

import dev.thanosgateway.api.provider.Embeddings;
import dev.thanosgateway.tck.EmbeddingsTck;

class OllamaEmbeddingsTckTest extends EmbeddingsTck {
    @Override
    protected Embeddings provider() {
        return new OllamaProvider();
    }
}
