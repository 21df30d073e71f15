package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Collects an answer that is read in one piece, up to 64 MiB. */
final class WholeBody {
    private static final int LIMIT = 64 << 20;

    private byte[] bytes = {};
    private int size;

    /** Takes the answer, from {@code from} to before {@code to}: an object, or at least no HTML. */
    interface Reader {
        void read(byte[] bytes, int from, int to) throws GatewayException;
    }

    void add(ByteBuffer slice) throws GatewayException {
        int length = slice.remaining();
        if (length > LIMIT - size) {
            throw Protocol.tooLong();
        }
        if (size + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + length, Math.min(LIMIT, bytes.length * 2)));
        }
        slice.get(slice.position(), bytes, size, length);
        size += length;
    }

    /** @throws GatewayException UPSTREAM_PROTOCOL when there is nothing, or HTML */
    void end(Reader reader) throws GatewayException {
        int from = ChatOriginal.bodyStart(Arrays.copyOf(bytes, Math.min(size, 3)));
        while (from < size && bytes[from] <= ' ' && bytes[from] >= 0) {
            from++;
        }
        if (from == size) {
            throw Protocol.empty();
        }
        if (bytes[from] == '<') {
            throw Protocol.html();
        }
        reader.read(bytes, from, size);
    }
}
