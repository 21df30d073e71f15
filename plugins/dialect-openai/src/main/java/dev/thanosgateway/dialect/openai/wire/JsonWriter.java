package dev.thanosgateway.dialect.openai.wire;

import dev.thanosgateway.api.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes JSON on one line as UTF-8 bytes. Commas come by themselves. Used by one thread. */
public final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] out;
    private int size;
    private boolean comma;

    public JsonWriter(int capacity) {
        out = new byte[capacity];
    }

    public JsonWriter beginObject() {
        return begin('{');
    }

    public JsonWriter endObject() {
        return end('}');
    }

    public JsonWriter beginArray() {
        return begin('[');
    }

    public JsonWriter endArray() {
        return end(']');
    }

    private JsonWriter begin(char open) {
        separate();
        put(open);
        comma = false;
        return this;
    }

    private JsonWriter end(char close) {
        put(close);
        comma = true;
        return this;
    }

    public JsonWriter name(String name) {
        separate();
        quoted(name);
        put(':');
        comma = false;
        return this;
    }

    public JsonWriter value(String text) {
        separate();
        quoted(text);
        return this;
    }

    public JsonWriter value(long number) {
        return literal(Long.toString(number));
    }

    /** The shortest form that reads as the same double; whole numbers without a fraction. */
    public JsonWriter value(double number) {
        boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
        return literal(whole ? Long.toString((long) number) : Double.toString(number));
    }

    /**
     * A member that is a number.
     *
     * @param number a whole one of any kind or a {@code Double}; null = there is no such member
     */
    public JsonWriter member(String name, @Nullable Number number) {
        if (number instanceof Double) {
            return name(name).value(number.doubleValue());
        }
        return number == null ? this : name(name).value(number.longValue());
    }

    /** The numbers of a vector as an array, each in the shortest form that reads as the same 32-bit float. */
    public JsonWriter value(float[] vector) {
        beginArray();
        for (float one : vector) {
            literal(Float.toString(one));
        }
        return endArray();
    }

    public JsonWriter value(boolean bool) {
        return literal(bool ? "true" : "false");
    }

    public JsonWriter nullValue() {
        return literal("null");
    }

    /** A value that is JSON already. Line ends between its pieces become spaces. */
    public JsonWriter value(Json json) {
        separate();
        int from = size;
        utf8(json.text());
        for (int i = from; i < size; i++) {
            if (out[i] == '\n' || out[i] == '\r') {
                out[i] = ' ';
            }
        }
        return this;
    }

    /** Bytes as they are, with no comma before or behind them. */
    public JsonWriter raw(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, out, size, bytes.length);
        size += bytes.length;
        comma = false;
        return this;
    }

    private JsonWriter literal(String ascii) {
        separate();
        for (int i = 0; i < ascii.length(); i++) {
            put(ascii.charAt(i));
        }
        return this;
    }

    private void separate() {
        if (comma) {
            put(',');
        }
        comma = true;
    }

    private void quoted(String text) {
        put('"');
        utf8(text, true);
        put('"');
    }

    private void utf8(String text) {
        utf8(text, false);
    }

    private void utf8(String text, boolean escaping) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            room(6);
            if (c < 0x80) {
                if (escaping && (c < ' ' || c == '"' || c == '\\')) {
                    escape(c);
                } else {
                    out[size++] = (byte) c;
                }
            } else if (c < 0x800) {
                out[size++] = (byte) (0xC0 | (c >> 6));
                out[size++] = (byte) (0x80 | (c & 0x3F));
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                int point = Character.toCodePoint(c, text.charAt(++i));
                out[size++] = (byte) (0xF0 | (point >> 18));
                out[size++] = (byte) (0x80 | ((point >> 12) & 0x3F));
                out[size++] = (byte) (0x80 | ((point >> 6) & 0x3F));
                out[size++] = (byte) (0x80 | (point & 0x3F));
            } else if (Character.isSurrogate(c)) {
                unit(c);
            } else {
                out[size++] = (byte) (0xE0 | (c >> 12));
                out[size++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                out[size++] = (byte) (0x80 | (c & 0x3F));
            }
        }
    }

    private void escape(char c) {
        int letter = switch (c) {
            case '"', '\\' -> c;
            case '\b' -> 'b';
            case '\f' -> 'f';
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            default -> 0;
        };
        if (letter == 0) {
            unit(c);
        } else {
            out[size++] = '\\';
            out[size++] = (byte) letter;
        }
    }

    /** Control characters, and half a surrogate pair, which UTF-8 has no bytes for. */
    private void unit(char c) {
        out[size++] = '\\';
        out[size++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            out[size++] = HEX[(c >> shift) & 0xF];
        }
    }

    private void put(char ascii) {
        room(1);
        out[size++] = (byte) ascii;
    }

    private void room(int more) {
        if (out.length - size < more) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, size + more));
        }
    }

    public byte[] toBytes() {
        return Arrays.copyOf(out, size);
    }

    /** What was written; the writer must not be used afterwards. */
    public ByteBuffer toBuffer() {
        return ByteBuffer.wrap(out, 0, size);
    }

    /** Moves what was written to {@code target}: the writer is as new. */
    public void drainTo(ByteArrayOutputStream target) {
        target.write(out, 0, size);
        size = 0;
        comma = false;
    }

    @Override
    public String toString() {
        return new String(out, 0, size, StandardCharsets.UTF_8);
    }
}
