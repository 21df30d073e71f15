package dev.thanosgateway.api.provider;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** HTTP header fields of an answer or a request, read-only. Names are matched without regard to case. */
@ProviderType
public interface Headers {
    /** The first value of a field; null = absent. */
    @Nullable
    String first(String name);

    /** All values of a field in order. */
    List<String> all(String name);
}
