package dev.thanosgateway.host.http;

import dev.thanosgateway.api.dialect.EmbeddingsEndpoint;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.host.dispatch.Begun;
import dev.thanosgateway.host.plugins.Lane;
import java.nio.ByteBuffer;

/** Embeddings on HTTP. */
final class HttpEmbeddings extends HttpWhole<EmbeddingsResponse> {
    private final EmbeddingsRequest request;
    private final EmbeddingsEndpoint endpoint;

    HttpEmbeddings(HttpExchange exchange, EmbeddingsRequest request, EmbeddingsEndpoint endpoint, Lane.Factory lanes) {
        super(exchange, lanes);
        this.request = request;
        this.endpoint = endpoint;
    }

    @Override
    HttpBody body(Begun begun, EmbeddingsResponse response) {
        return endpoint.whole(request, begun, response);
    }

    @Override
    HttpBody body(Begun begun, ByteBuffer relayed) {
        return endpoint.whole(request, begun, relayed);
    }
}
