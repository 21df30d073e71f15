package dev.thanosgateway.provider.omen;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;

/** Embeddings in OpenAI's language, refused in Omen's. Omen's own are all zeros so far; that is its affair. */
final class OmenEmbeddings implements Exchange<EmbeddingsResponse> {
    private final Exchange<EmbeddingsResponse> openAi;

    OmenEmbeddings(Exchange<EmbeddingsResponse> openAi) {
        this.openAi = openAi;
    }

    @Override
    public HttpCall call() throws GatewayException {
        return openAi.call();
    }

    @Override
    public void head(int status, Headers headers, Sink<EmbeddingsResponse> out) throws GatewayException {
        openAi.head(status, headers, out);
    }

    @Override
    public void body(ByteBuffer slice, Sink<EmbeddingsResponse> out) throws GatewayException {
        openAi.body(slice, out);
    }

    @Override
    public void end(Sink<EmbeddingsResponse> out) throws GatewayException {
        openAi.end(out);
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return OmenProvider.failure(status, headers, body);
    }
}
