package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Collects an answer that is read in one piece, up to 64 MiB. */
final class WholeBody {
    private static final int LIMIT = 64 << 20;

    private byte[] bytes = {};
    private int size;

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

    /** The answer as it came. */
    ByteBuffer raw() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    /** @throws GatewayException UPSTREAM_PROTOCOL when there is nothing, or HTML, or no JSON */
    JsonNode tree() throws GatewayException {
        int from = RequestScan.start(Arrays.copyOf(bytes, Math.min(size, 3)));
        while (from < size && bytes[from] <= ' ' && bytes[from] >= 0) {
            from++;
        }
        if (from == size) {
            throw Protocol.empty();
        }
        if (bytes[from] == '<') {
            throw Protocol.html();
        }
        try {
            return Trees.read(bytes, from, size);
        } catch (JacksonException e) {
            throw Protocol.bad(Trees.reason(e));
        }
    }
}
