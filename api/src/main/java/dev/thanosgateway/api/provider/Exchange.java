package dev.thanosgateway.api.provider;

import dev.thanosgateway.api.GatewayException;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One upstream conversation as pure translation: what to send, how to read what comes back. Made for one call, used
 * by one caller at a time (not always the same thread), never blocks. The host may drop it at any moment; there is
 * nothing to close.
 *
 * <p>After {@link #call()} comes either {@link #failure}, or {@link #head}, {@link #body} any number of times, and
 * {@link #end}. When a method throws, none follows.
 *
 * @param <T> what it reads: {@code ChatEvent}s, or one result such as a {@code ModelList}
 */
@ConsumerType
public interface Exchange<T> {
    /**
     * The call to send. Asked once. Its path is below the provider's endpoint; its credential is named, not held.
     *
     * @throws GatewayException UNSUPPORTED when the request needs what this provider has no counterpart for
     */
    HttpCall call() throws GatewayException;

    /**
     * The answer has begun with a 2xx status.
     *
     * @throws GatewayException UPSTREAM_PROTOCOL when it cannot be right
     */
    void head(int status, Headers headers, Sink<T> out) throws GatewayException;

    /**
     * Reads the next slice of the answer's body; slices may split anywhere, also inside a character. Events go to
     * {@code out} in order.
     *
     * @param slice read-only; the host's again when this returns
     * @throws GatewayException UPSTREAM_PROTOCOL for bytes that cannot be; the host then closes the connection
     */
    void body(ByteBuffer slice, Sink<T> out) throws GatewayException;

    /**
     * The body has ended.
     *
     * @throws GatewayException UPSTREAM_PROTOCOL when the answer is not whole: an early end is an error
     */
    void end(Sink<T> out) throws GatewayException;

    /**
     * Reads an error status (anything but 2xx).
     *
     * @param body its body, up to the host's limit, perhaps empty
     * @return what to throw: the kind from the body where it says more, else {@link
     *     dev.thanosgateway.api.ErrorKind#ofUpstreamStatus}; with the upstream's own message and {@code retry-after}
     */
    GatewayException failure(int status, Headers headers, ByteBuffer body);
}
