package dev.thanosgateway.api.dialect;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Writes one streamed answer, framing included. For one answer, one caller at a time, never blocks. What it appends
 * to {@code out} is sent after it returns.
 */
@ConsumerType
public interface ChatWriter {
    /** Such as {@code text/event-stream}. */
    String contentType();

    /** The next event; the host has checked the grammar and sends nothing before the first one a caller can see. */
    void event(ChatEvent event, ByteArrayOutputStream out);

    /** The relay lane: the next frames of this dialect, one or more, each whole. Usually appended as they are. */
    void frames(ByteBuffer frames, ByteArrayOutputStream out);

    /**
     * Bytes of memory that this keeps of the answer to write it later or once more, with what writing it then needs at
     * most: the arguments of a tool call that go out in one piece, say. Called after each event. The host counts it
     * against the memory of all answers, and fails the answer with OVERLOADED where there is no room.
     */
    default long kept() {
        return 0;
    }

    /** The answer is complete: the end mark, if the dialect has one. */
    void end(ByteArrayOutputStream out);

    /**
     * The answer failed, after its first event or, where the stream began with a keep-alive, without any: the dialect's
     * error frame, and no end mark.
     */
    void fail(GatewayException error, ByteArrayOutputStream out);

    /**
     * What shows that the stream is alive while nothing else is sent, also before the first event; nothing if the
     * dialect has no such thing.
     */
    void heartbeat(ByteArrayOutputStream out);
}
