package dev.thanosgateway.provider.openai;

import dev.thanosgateway.api.provider.Embeddings;
import dev.thanosgateway.tck.EmbeddingsTck;

class OpenAiEmbeddingsTckTest extends EmbeddingsTck {
    @Override
    protected Embeddings provider() {
        return OpenAiProviderTest.provider();
    }
}
