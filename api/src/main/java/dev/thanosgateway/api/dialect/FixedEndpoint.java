package dev.thanosgateway.api.dialect;

import org.osgi.annotation.versioning.ConsumerType;

/** Answers the same to everybody, without looking at the request, such as a version. Does not block. */
@ConsumerType
public interface FixedEndpoint extends Endpoint {
    /** The answer; a new one each time, since its bytes are read once. */
    HttpBody answer();
}
