package dev.thanosgateway.api.dialect;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.TokenCount;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** An operation that counts a chat's tokens, facing clients. Called from many threads at once, never blocks. */
@ConsumerType
public interface TokenCountEndpoint extends Endpoint {
    /**
     * Reads the chat that is to be counted.
     *
     * @throws GatewayException INVALID_REQUEST naming the field, TOO_LARGE, UNSUPPORTED
     */
    ChatRequest read(Incoming request) throws GatewayException;

    /** Writes an answer. */
    HttpBody whole(ChatRequest request, Served served, TokenCount count);

    /**
     * The relay lane: an answer in this dialect already.
     *
     * @param body as the provider gave it
     */
    HttpBody whole(ChatRequest request, Served served, ByteBuffer body);
}
