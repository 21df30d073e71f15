package dev.thanosgateway.api.dialect;

import dev.thanosgateway.api.GatewayException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Lists the models of the gateway. Does not block. */
@ConsumerType
public interface ModelsEndpoint extends Endpoint {
    HttpBody list(List<ModelCard> models);

    /**
     * The page of them that a request asks for, where the language has pages; else all.
     *
     * @throws GatewayException INVALID_REQUEST naming the query parameter
     */
    default HttpBody page(List<ModelCard> models, Incoming request) throws GatewayException {
        return list(models);
    }
}
