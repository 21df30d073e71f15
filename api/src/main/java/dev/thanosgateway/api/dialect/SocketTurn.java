package dev.thanosgateway.api.dialect;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One message of a client on a socket, and the messages that answer it. Used by one thread at a time, never blocks. Each
 * buffer given to {@code messages} is one text message in UTF-8, and the host's from then on.
 *
 * <p>With a request: {@code begin (event | frames)* end}, or less when it fails. Without one: only {@code end}.
 */
@ConsumerType
public interface SocketTurn {
    /** The chat to serve, which streams; null = the message needs no model. */
    @Nullable
    ChatRequest request();

    /** The first event is in hand: from here on it is a success. */
    void begin(Served served);

    /** The next event; the host has checked the grammar. */
    void event(ChatEvent event, Consumer<ByteBuffer> messages);

    /** The relay lane: the next frames of this dialect's stream over HTTP, one or more, each whole. */
    void frames(ByteBuffer frames, Consumer<ByteBuffer> messages);

    /**
     * Bytes of memory that this keeps of its message, beside the request, and of the answer, as with {@link
     * ChatWriter#kept}. Called when the message was read and after each event; the first value counts as a part of the
     * request.
     */
    default long kept() {
        return 0;
    }

    /** The answer is complete. */
    void end(Consumer<ByteBuffer> messages);

    /** What to remember of the socket for its next message. Asked once, after {@link #end}; empty = nothing. */
    ByteBuffer memory();
}
