package dev.thanosgateway.host.transport;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Headers;
import java.nio.ByteBuffer;

/**
 * Hears what comes of one upstream call: {@code head (body)* (end | failed)}, or {@code failed} at any point. Called
 * by one thread at a time, usually an I/O thread: must not block. After the head, and after each slice, nothing comes
 * until {@link UpstreamCall#demand()}.
 */
public interface UpstreamListener {
    void head(int status, Headers headers);

    /** @param slice read-only; the transport's again when this returns */
    void body(ByteBuffer slice);

    /** The body has ended as its framing says. */
    void end();

    /**
     * @param failure UPSTREAM_UNAVAILABLE, UPSTREAM_TIMEOUT (connecting) or UPSTREAM_PROTOCOL
     * @param stale whether a pooled connection turned out to be dead before anything of an answer came
     */
    void failed(GatewayException failure, boolean stale);
}
