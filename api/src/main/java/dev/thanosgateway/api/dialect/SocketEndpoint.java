package dev.thanosgateway.api.dialect;

import dev.thanosgateway.api.GatewayException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A chat operation over a WebSocket (RFC 6455), at a GET route. The host opens and closes sockets, and gives each text
 * message that a client sends to {@link #read}, one at a time: the next one waits until the answer to the last is
 * complete. What the operation needs to know of a socket's past it keeps as bytes, which the host holds for it: so a
 * socket survives the replacement of the dialect's bundle.
 *
 * <p>Called from many threads at once, never blocks.
 */
@ConsumerType
public interface SocketEndpoint extends Endpoint {
    /**
     * Whether a message builds on what is remembered of the socket: its memory is counted as a part of the message then,
     * and {@link #read} gets it. A look at the message, which may turn out not to be one.
     *
     * @param message as for {@link #read}
     */
    boolean continues(Incoming message);

    /**
     * Reads a message.
     *
     * @param message its body is the message, UTF-8 that has been checked; its headers are those of the handshake
     * @param memory what {@link SocketTurn#memory} gave at the end of the socket's last answer, read-only, perhaps by
     *     another version of this bundle; empty = there was none, it failed, the host had no room for it, or the message
     *     does not build on it
     * @throws GatewayException INVALID_REQUEST naming the field, TOO_LARGE, UNSUPPORTED; the socket goes on
     */
    SocketTurn read(Incoming message, ByteBuffer memory) throws GatewayException;

    /**
     * The message that tells of a failure: of a message that was not served, or of an answer that began and cannot be
     * completed. Nothing more of that answer follows.
     *
     * @param headers what an HTTP answer would have in its head: limits, when to retry
     */
    ByteBuffer error(GatewayException error, List<Map.Entry<String, String>> headers);

    /**
     * The message that tells that the socket has been open for as long as it may; the host closes it then.
     *
     * @param minutes for how long
     */
    ByteBuffer expired(long minutes);
}
