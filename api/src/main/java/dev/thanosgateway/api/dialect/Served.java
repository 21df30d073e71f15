package dev.thanosgateway.api.dialect;

import org.osgi.annotation.versioning.ProviderType;

/** Who serves an answer, as far as its writer needs to know. Immutable. */
@ProviderType
public interface Served {
    /** The id of the request, as in the {@code x-request-id} header. */
    String requestId();

    /** The id of the provider that serves it. */
    String provider();

    /** The model's name at that provider. */
    String model();

    /** When the answer began, Unix seconds. */
    long created();
}
