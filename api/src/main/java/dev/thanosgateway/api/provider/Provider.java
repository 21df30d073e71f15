package dev.thanosgateway.api.provider;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * An upstream that models are asked at: a declarative service, one component per configured provider table
 * (factory PID, policy REQUIRE). What it can do it says by also implementing {@link Chat}, {@link Embeddings}, {@link
 * TokenCounting}, {@link ModelListing}, {@link Signals} or {@link LocalChat}; a new ability is a new interface, so a method
 * that says "not supported" never exists.
 *
 * <p>The host sets the properties below on the component; DS publishes them with the service. A table's secrets are
 * never among them. Called from many threads at once.
 */
@ConsumerType
public interface Provider {
    /** Service property (String), set by the host: the id of the provider table. */
    String ID = "provider.id";

    /** Service property (String), set by the host: the provider's type. */
    String TYPE = "provider.type";

    /** Service property (String), set by the host where the table names one: the root that calls go to. */
    String ENDPOINT = "endpoint";

    /**
     * Service property (String), set by the component, optional: the strategy that says which model {@code auto} is at
     * this provider. That strategy is asked, with this provider as the only candidate, wherever a plan has {@code
     * auto} for it; where it is not deployed, {@code auto} goes upstream.
     */
    String AUTO = "provider.auto";

    /** Service property (String), set by the host: which generation of the table this instance was made of. */
    String GENERATION = "provider.generation";
}
