package dev.thanosgateway.api.dialect;

import org.osgi.annotation.versioning.ConsumerType;

/** Shows one model; its id is the route's parameter {@code model}. Does not block. */
@ConsumerType
public interface ModelEndpoint extends Endpoint {
    HttpBody one(ModelCard model);
}
