package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.tck.EmbeddingsDialectTck;

class GeminiEmbeddingsTckTest extends EmbeddingsDialectTck {
    @Override
    protected Dialect dialect() {
        return new GeminiDialect();
    }

    @Override
    protected Exchange<EmbeddingsResponse> embed(EmbeddingsRequest request) {
        return Gemini.embed(request, Auth.BEARER);
    }
}
