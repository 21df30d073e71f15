package dev.thanosgateway.provider.omen;

import dev.thanosgateway.api.provider.Embeddings;
import dev.thanosgateway.tck.EmbeddingsTck;

class OmenEmbeddingsTckTest extends EmbeddingsTck {
    @Override
    protected Embeddings provider() {
        return new OmenProvider();
    }
}
