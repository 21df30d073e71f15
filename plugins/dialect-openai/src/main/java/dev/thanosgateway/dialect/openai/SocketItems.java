package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The items of a conversation as JSON, in pieces of one or more items with commas between them. A piece is kept as it
 * is, so that nothing is held twice while more come. Used by one thread at a time.
 */
final class SocketItems {
    private static final byte[] COMMA = {','};

    private final List<byte[]> pieces = new ArrayList<>();
    private int size;

    /** @param piece one or more items; empty = none. Kept, so it must not be changed */
    void append(byte[] piece) {
        if (piece.length > 0) {
            size += piece.length + (pieces.isEmpty() ? 0 : 1);
            pieces.add(piece);
        }
    }

    /** Bytes of all items with the commas between them. */
    int size() {
        return size;
    }

    void writeTo(JsonWriter json) {
        for (int i = 0; i < pieces.size(); i++) {
            if (i > 0) {
                json.raw(COMMA);
            }
            json.raw(pieces.get(i));
        }
    }

    void writeTo(ByteBuffer bytes) {
        for (int i = 0; i < pieces.size(); i++) {
            if (i > 0) {
                bytes.put(COMMA);
            }
            bytes.put(pieces.get(i));
        }
    }
}
