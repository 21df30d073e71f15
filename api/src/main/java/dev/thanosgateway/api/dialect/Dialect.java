package dev.thanosgateway.api.dialect;

import dev.thanosgateway.api.GatewayException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** A wire language facing clients: a declarative service. Called from many threads at once, never blocks. */
@ConsumerType
public interface Dialect {
    /** The dialect's name, such as {@code openai}; an {@code Original} with this name can be relayed. */
    String name();

    /** Where its operations are mounted. Asked once per service. */
    List<Route> routes();

    /**
     * Names of client headers that mean something to an upstream of this dialect, in lower case: they go along with a
     * call that {@link dev.thanosgateway.api.provider.HttpCall#asRelay() relays} the request, and with no other.
     */
    default List<String> forwardedHeaders() {
        return List.of();
    }

    /** An error in the dialect's own shape, before anything of an answer has been sent. */
    HttpBody error(GatewayException error, String requestId);
}
