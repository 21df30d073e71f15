package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.tck.EmbeddingsDialectTck;

class OllamaEmbeddingsTckTest extends EmbeddingsDialectTck {
    @Override
    protected Dialect dialect() {
        return new OllamaDialect();
    }

    @Override
    protected Exchange<EmbeddingsResponse> embed(EmbeddingsRequest request) {
        return Ollama.embed(request, Auth.BEARER);
    }
}
