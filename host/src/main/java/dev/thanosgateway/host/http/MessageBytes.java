package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.dispatch.RequestMemory;
import dev.thanosgateway.host.inbound.InputLimit;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One message of a socket while its frames come, within its own limit and the memory for all. The last owner closes its
 * memory. Used by one thread at a time, but for {@link #late}.
 */
final class MessageBytes {
    private static final int FIRST_BYTES = 8 * 1024;
    private static final int DECODED_CHARACTERS = 4 * 1024;

    private final RequestMemory memory;
    private final long limit;
    private final long startNanos = System.nanoTime();
    private byte[] bytes = {};
    private volatile int length;
    private @Nullable GatewayException refusal;

    MessageBytes(RequestMemory memory, long limit) {
        this.memory = memory;
        this.limit = limit;
    }

    RequestMemory memory() {
        return memory;
    }

    /** Gives up what has come. */
    void drop() {
        dropBytes();
        memory.close();
    }

    /** The message was read: its bytes go. What it costs stays counted. */
    void dropBytes() {
        bytes = new byte[0];
        length = 0;
    }

    long startNanos() {
        return startNanos;
    }

    /**
     * Takes what a frame brings. Where there is no memory for it, the rest of the message is thrown away.
     *
     * @return false = the message is larger than it may be
     */
    boolean add(ByteBuffer more) {
        int count = more.remaining();
        if (length + (long) count > limit) {
            return false;
        }
        if (refusal != null) {
            return true;
        }
        if (bytes.length - length < count) {
            int size = (int) Math.max(length + (long) count, Math.min(limit, Math.max(FIRST_BYTES, bytes.length * 2L)));
            try {
                memory.grow(size);
            } catch (GatewayException e) {
                refusal = e;
                dropBytes();
                return true;
            }
            bytes = Arrays.copyOf(bytes, size);
        }
        int now = length;
        more.get(bytes, now, count);
        length = now + count;
        return true;
    }

    /** Whether it comes too slowly. */
    boolean late(long nanos) {
        return InputLimit.late(startNanos, length, nanos);
    }

    boolean isUtf8() {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        CharBuffer out = CharBuffer.allocate(DECODED_CHARACTERS);
        CoderResult result = CoderResult.OVERFLOW;
        while (result.isOverflow()) {
            result = decoder.decode(in, out.clear(), true);
        }
        return !result.isError();
    }

    /** @throws GatewayException why it cannot be read */
    ByteBuffer whole() throws GatewayException {
        if (refusal != null) {
            throw refusal;
        }
        return ByteBuffer.wrap(bytes, 0, length);
    }

    /** Of a message together with what is remembered of its socket. */
    static GatewayException tooLarge(long limit) {
        return new GatewayException(
                ErrorKind.TOO_LARGE,
                "The message, with what came before it, is larger than " + limit
                        + " bytes. Send less, or raise [server] max_body_mb.");
    }
}
