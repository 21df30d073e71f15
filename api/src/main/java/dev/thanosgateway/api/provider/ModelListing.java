package dev.thanosgateway.api.provider;

import dev.thanosgateway.api.GatewayException;
import org.osgi.annotation.versioning.ConsumerType;

/** A provider that can list its models over HTTP. The call must be one that is never billed: it is also the probe. */
@ConsumerType
public interface ModelListing extends Provider {
    /** One result, exactly once, before {@link Exchange#end} returns. */
    Exchange<ModelList> models() throws GatewayException;
}
