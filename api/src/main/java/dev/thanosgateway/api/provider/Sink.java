package dev.thanosgateway.api.provider;

import dev.thanosgateway.api.GatewayException;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where an {@link Exchange} puts what it read. Valid only during the call it was handed to; never blocks.
 *
 * @param <T> what the exchange is for: {@code ChatEvent}s, or one result
 */
@ProviderType
public interface Sink<T> {
    /**
     * The next event, or the one result.
     *
     * @throws GatewayException UPSTREAM_PROTOCOL when the event may not come here; pass it on
     */
    void event(T event) throws GatewayException;

    /**
     * The relay lane: the next whole frame of the answer as it goes on the wire, framing included, in the dialect of
     * the request's {@code original()}. An answer is either events or frames, never both. A whole answer is one frame.
     *
     * @param bytes copied before this returns; empty = nothing for the caller, only its meaning for the host
     */
    void frame(ByteBuffer bytes, Meaning meaning) throws GatewayException;

    /**
     * A further call, where an API needs one to answer: begins when this exchange has ended. At most four in a row,
     * to the same origin.
     */
    void then(Exchange<T> next);
}
