package dev.thanosgateway.wire.answer;

import dev.thanosgateway.api.GatewayException;
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

    /**
     * Where JSON begins, as far as its first byte tells: behind white space and a byte order mark.
     *
     * @throws GatewayException UPSTREAM_PROTOCOL when it is nothing or HTML
     */
    public int begin() throws GatewayException {
        boolean mark =
                size >= BOM_LENGTH && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        int from = begin(bytes, mark ? BOM_LENGTH : 0, size);
        if (from == size) {
            throw Protocol.empty();
        }
        return from;
    }

    /** What was collected; of no meaning behind {@link #size()}. */
    public byte[] bytes() {
        return bytes;
    }

    public int size() {
        return size;
    }

    /**
     * Where what is no white space begins; {@code to} if nothing does.
     *
     * @throws GatewayException UPSTREAM_PROTOCOL when it begins as HTML does
     */
    public static int begin(byte[] bytes, int from, int to) throws GatewayException {
        int begin = from;
        while (begin < to && bytes[begin] >= 0 && bytes[begin] <= ' ') {
            begin++;
        }
        if (begin < to && bytes[begin] == '<') {
            throw Protocol.html();
        }
        return begin;
    }

    /** The bytes as they came. */
    public ByteBuffer raw() {
        return ByteBuffer.wrap(bytes, 0, size);
    }
}
