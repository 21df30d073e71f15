package dev.thanosgateway.api.dialect;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** An operation that makes embeddings, facing clients. Called from many threads at once, never blocks. */
@ConsumerType
public interface EmbeddingsEndpoint extends Endpoint {
    /**
     * Reads a request.
     *
     * @throws GatewayException INVALID_REQUEST naming the field, TOO_LARGE, UNSUPPORTED
     */
    EmbeddingsRequest read(Incoming request) throws GatewayException;

    /** Writes an answer. */
    HttpBody whole(EmbeddingsRequest request, Served served, EmbeddingsResponse response);

    /**
     * The relay lane: an answer in this dialect already.
     *
     * @param body as the provider gave it
     */
    HttpBody whole(EmbeddingsRequest request, Served served, ByteBuffer body);
}
