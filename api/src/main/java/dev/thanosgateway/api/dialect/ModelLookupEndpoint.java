package dev.thanosgateway.api.dialect;

import dev.thanosgateway.api.GatewayException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Shows one model that the request's body names. Called from many threads at once, never blocks. */
@ConsumerType
public interface ModelLookupEndpoint extends Endpoint {
    /**
     * Reads which model is meant.
     *
     * @return what it may be called, the most likely first; the first that is known is shown, and if none is the host
     *     answers MODEL_NOT_FOUND
     * @throws GatewayException INVALID_REQUEST naming the field
     */
    List<String> names(Incoming request) throws GatewayException;

    HttpBody one(ModelCard model);
}
