package dev.thanosgateway.api.provider;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import org.osgi.annotation.versioning.ConsumerType;

/** A provider that makes embeddings over HTTP. */
@ConsumerType
public interface Embeddings extends Provider {
    /**
     * Begins one request. {@code request.model()} is the provider's own name for the model. Does not block. The exchange
     * gives one response with as many vectors as there are inputs or, on the relay lane, one frame that means {@link
     * Meaning#FINISH} with the usage it tells.
     *
     * @throws GatewayException UNSUPPORTED or INVALID_REQUEST before anything is sent
     */
    Exchange<EmbeddingsResponse> embed(EmbeddingsRequest request) throws GatewayException;
}
