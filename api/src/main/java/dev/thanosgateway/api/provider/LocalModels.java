package dev.thanosgateway.api.provider;

import org.osgi.annotation.versioning.ConsumerType;

/** A provider that knows its models by itself. */
@ConsumerType
public interface LocalModels extends Provider {
    /** Does not block. */
    ModelList models();
}
