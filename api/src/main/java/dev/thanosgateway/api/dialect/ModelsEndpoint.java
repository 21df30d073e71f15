package dev.thanosgateway.api.dialect;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Lists the models of the gateway. Does not block. */
@ConsumerType
public interface ModelsEndpoint extends Endpoint {
    HttpBody list(List<ModelCard> models);
}
