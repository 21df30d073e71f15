package dev.thanosgateway.wire.answer;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Collects an answer that is read in one piece, up to 64 MiB. Used by one thread at a time. */
public final class WholeBody {
    private static final int LIMIT = 64 << 20;
    private static final int BOM_LENGTH = 3;

    private byte[] bytes = {};
    private int size;

    /** @throws GatewayException UPSTREAM_PROTOCOL when it is longer than the limit */
    public void add(ByteBuffer slice) throws GatewayException {
        int more = slice.remaining();
        if (more > LIMIT - size) {
            throw Protocol.failure("The upstream's answer is longer than 64 MiB.");
        }
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, Math.min(LIMIT, bytes.length * 2)));
        }
        slice.get(slice.position(), bytes, size, more);
        size += more;
    }

    /** @throws GatewayException UPSTREAM_PROTOCOL when it is nothing, HTML, or no JSON */
    public Value value() throws GatewayException {
        int from = begin();
        while (from < size && bytes[from] >= 0 && bytes[from] <= ' ') {
            from++;
        }
        if (from == size) {
            throw Protocol.empty();
        }
        if (bytes[from] == '<') {
            throw Protocol.html();
        }
        try {
            return Value.lenient(bytes, from, size);
        } catch (JsonException e) {
            throw Protocol.bad(e);
        }
    }

    private int begin() {
        boolean mark =
                size >= BOM_LENGTH && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        return mark ? BOM_LENGTH : 0;
    }

    /** The bytes as they came. */
    public ByteBuffer raw() {
        return ByteBuffer.wrap(bytes, 0, size);
    }
}
