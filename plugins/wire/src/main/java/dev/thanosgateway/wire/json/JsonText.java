package dev.thanosgateway.wire.json;

import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects text in pieces. One buffer that grows by doubling would take several times the memory of a large request, and
 * two bytes a character as soon as one of them needs two. Used by one thread.
 */
public final class JsonText extends Writer {
    private static final int PIECE_CHARS = 64 * 1024;

    private final List<String> pieces = new ArrayList<>(0);
    private final StringBuilder last = new StringBuilder(256);

    @Override
    public void write(char[] chars, int from, int length) {
        last.append(chars, from, length);
        cut();
    }

    @Override
    public void write(String text, int from, int length) {
        int end = from + length;
        for (int at = from; at < end; at += PIECE_CHARS) {
            last.append(text, at, Math.min(end, at + PIECE_CHARS));
            cut();
        }
    }

    @Override
    public void write(int c) {
        last.append((char) c);
    }

    private void cut() {
        int length = last.length();
        // Both halves of a character stay together.
        if (length >= PIECE_CHARS && !Character.isHighSurrogate(last.charAt(length - 1))) {
            pieces.add(last.toString());
            last.setLength(0);
        }
    }

    /** The text in UTF-8. Half a character becomes a question mark. */
    public byte[] toBytes() {
        if (pieces.isEmpty()) {
            return last.toString().getBytes(StandardCharsets.UTF_8);
        }
        pieces.add(last.toString());
        last.setLength(0);
        int size = 0;
        for (String piece : pieces) {
            size = Math.addExact(size, piece.getBytes(StandardCharsets.UTF_8).length);
        }
        byte[] bytes = new byte[size];
        int at = 0;
        for (String piece : pieces) {
            byte[] more = piece.getBytes(StandardCharsets.UTF_8);
            System.arraycopy(more, 0, bytes, at, more.length);
            at += more.length;
        }
        return bytes;
    }

    @Override
    public String toString() {
        return pieces.isEmpty() ? last.toString() : String.join("", pieces) + last;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
