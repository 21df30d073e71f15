package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Collects an answer that is read in one piece, up to 64 MiB. */
final class WholeBody {
    private static final int LIMIT = 64 << 20;

    private byte[] bytes = {};
    private int size;

    void add(ByteBuffer slice) throws GatewayException {
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
    Value value() throws GatewayException {
        if (size == 0) {
            throw Protocol.empty();
        }
        return json(bytes, size);
    }

    /** The bytes as they came. */
    ByteBuffer raw() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    /** One JSON value of an upstream, in the bytes up to {@code to}. */
    static Value json(byte[] bytes, int to) throws GatewayException {
        int first = 0;
        while (first < to && bytes[first] >= 0 && bytes[first] <= ' ') {
            first++;
        }
        if (first < to && bytes[first] == '<') {
            throw Protocol.html();
        }
        try {
            return Value.lenient(bytes, 0, to);
        } catch (JsonException e) {
            throw Protocol.bad(e);
        }
    }
}
