package dev.thanosgateway.dialect.gemini;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Puts the pieces of one stream into the form they have on the wire: server-sent events, or elements of an array. */
final class Framing {
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] EVENT_END = ascii("\r\n\r\n");
    private static final byte[] FIRST = ascii("[");
    private static final byte[] NEXT = ascii(",\r\n");

    private final boolean array;
    private boolean begun;

    Framing(boolean array) {
        this.array = array;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** @param piece a JSON object without line ends */
    byte[] frame(byte[] piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(piece.length + 10);
        if (array) {
            out.writeBytes(begun ? NEXT : FIRST);
            out.writeBytes(piece);
        } else {
            out.writeBytes(DATA);
            out.writeBytes(piece);
            out.writeBytes(EVENT_END);
        }
        begun = true;
        return out.toByteArray();
    }

    /** Frames made elsewhere went out. */
    void passed() {
        begun = true;
    }

    /** What stands behind the last piece. */
    byte[] end() {
        return ascii(!array ? "" : begun ? "]" : "[]");
    }
}
