package dev.thanosgateway.api.provider;

import dev.thanosgateway.api.GatewayException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A provider that tells how good a choice each of its models is at this moment. Unlike {@link ModelListing} the calls may
 * cost something, so this is no probe: the host asks only while the strategy in force or a request wants to know, and
 * not again for minutes ({@code [routing] signals_ms}). What it tells stands for its list of models too, and reaches
 * strategies in {@link dev.thanosgateway.api.routing.Candidate#models()}.
 */
@ConsumerType
public interface Signals extends Provider {
    /**
     * Begins to ask. Does not block. Gives the models with what is known of them; may give them again with more, where
     * that takes a further call. The last one counts, also where a further call fails.
     */
    Exchange<ModelList> signals() throws GatewayException;
}
