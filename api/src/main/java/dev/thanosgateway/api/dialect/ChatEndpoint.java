package dev.thanosgateway.api.dialect;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** A chat operation facing clients. Called from many threads at once, never blocks. */
@ConsumerType
public interface ChatEndpoint extends Endpoint {
    /**
     * Reads a request: at once what routing needs and whether the body is well formed, the content when it is asked
     * for.
     *
     * @throws GatewayException INVALID_REQUEST naming the field, TOO_LARGE, UNSUPPORTED
     */
    ChatRequest read(Incoming request) throws GatewayException;

    /** Writes a whole answer. */
    HttpBody whole(ChatRequest request, Served served, ChatResponse response);

    /**
     * The relay lane: a whole answer in this dialect already.
     *
     * @param body as the provider gave it
     */
    HttpBody whole(ChatRequest request, Served served, ByteBuffer body);

    /** Begins a streamed answer. */
    ChatWriter stream(ChatRequest request, Served served);
}
