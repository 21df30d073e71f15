package dev.thanosgateway.api.dialect;

import dev.thanosgateway.api.provider.Headers;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** A client's request as a dialect reads it. Valid as long as the request; the body must not be changed. */
@ProviderType
public interface Incoming {
    /** Path parameters by name, decoded. */
    Map<String, String> pathParameters();

    /** The first value of a query parameter, decoded; null = absent. */
    @Nullable
    String query(String name);

    /** The client's headers, but for those that carry credentials. */
    Headers headers();

    /** The body, read-only, its own position each time; at most the host's limit, perhaps empty. */
    ByteBuffer body();
}
