package dev.thanosgateway.api.dialect;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What is done at a route: one of {@link ChatEndpoint}, {@link EmbeddingsEndpoint}, {@link TokenCountEndpoint}, {@link
 * ModelsEndpoint}, {@link ModelEndpoint}, {@link ModelLookupEndpoint}, {@link FixedEndpoint}, {@link SocketEndpoint}. A new
 * kind of operation is a new interface; a host that does not know one answers 404 there and says so in its log.
 */
@ConsumerType
public interface Endpoint {}
