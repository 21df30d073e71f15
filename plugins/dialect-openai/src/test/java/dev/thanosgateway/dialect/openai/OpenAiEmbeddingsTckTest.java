package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.tck.EmbeddingsDialectTck;

class OpenAiEmbeddingsTckTest extends EmbeddingsDialectTck {
    @Override
    protected Dialect dialect() {
        return new OpenAiDialect();
    }

    @Override
    protected Exchange<EmbeddingsResponse> embed(EmbeddingsRequest request) {
        return OpenAi.embed(request, Auth.BEARER);
    }
}
