package dev.thanosgateway.dialect.openai.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Finds the end of JSON strings, eight bytes at a time where nothing needs a look. Used by one thread. */
final class StringScan {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private final byte[] bytes;
    private final int limit;
    private final boolean strict;
    private final long high;
    private boolean escaped;

    /** @param strict whether bad UTF-8 and lone surrogates are refused */
    StringScan(byte[] bytes, int limit, boolean strict) {
        this.bytes = bytes;
        this.limit = limit;
        this.strict = strict;
        this.high = strict ? HIGH : 0;
    }

    /** Whether the last string had escapes. */
    boolean escaped() {
        return escaped;
    }

    /** @param quote where the opening quote stands; returns the position behind the closing one */
    int skip(int quote) throws JsonException {
        escaped = false;
        int i = plain(quote + 1);
        while (i < limit) {
            byte c = bytes[i];
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\') {
                escaped = true;
                i = plain(escape(i));
            } else if (c < 0 && strict) {
                i = multiByte(i);
                if (i < limit && bytes[i] >= 0) {
                    i = plain(i);
                }
            } else if (c >= 0 && c < ' ') {
                throw new JsonException("a control character in a string at byte " + i);
            } else {
                i++;
            }
        }
        throw new JsonException("it ends too early at byte " + limit + ", in a string");
    }

    /** The first position from {@code i} on that needs a look, or one of the last seven. */
    private int plain(int i) {
        int at = i;
        while (at + 8 <= limit) {
            long v = (long) EIGHT.get(bytes, at);
            long quote = v ^ ONES * '"';
            long slash = v ^ ONES * '\\';
            long hit = ((v - ONES * ' ') & ~v) | ((quote - ONES) & ~quote) | ((slash - ONES) & ~slash);
            long look = (hit & HIGH) | (v & high);
            if (look != 0) {
                return at + (Long.numberOfTrailingZeros(look) >>> 3);
            }
            at += 8;
        }
        return at;
    }

    private int escape(int backslash) throws JsonException {
        int kind = backslash + 1 < limit ? bytes[backslash + 1] : -1;
        return switch (kind) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> backslash + 2;
            case 'u' -> unicodeEscape(backslash);
            default -> throw new JsonException("an escape that JSON does not have at byte " + backslash);
        };
    }

    private int unicodeEscape(int backslash) throws JsonException {
        int unit = unit(backslash);
        int next = backslash + 6;
        if (!strict || unit < 0xD800 || unit > 0xDFFF) {
            return next;
        }
        boolean pair = unit < 0xDC00 && next + 1 < limit && bytes[next] == '\\' && bytes[next + 1] == 'u';
        int low = pair ? unit(next) : -1;
        if (low < 0xDC00 || low > 0xDFFF) {
            throw new JsonException("half of a surrogate pair at byte " + backslash);
        }
        return next + 6;
    }

    private int unit(int backslash) throws JsonException {
        int value = 0;
        for (int i = backslash + 2; i < backslash + 6; i++) {
            int digit = i < limit ? Character.digit(bytes[i], 16) : -1;
            if (digit < 0) {
                throw new JsonException("an escape without its four digits at byte " + backslash);
            }
            value = (value << 4) | digit;
        }
        return value;
    }

    /** Reads over one character of two to four bytes: RFC 3629, so nothing overlong and no surrogates. */
    private int multiByte(int i) throws JsonException {
        int lead = bytes[i] & 0xFF;
        int second = i + 1 < limit ? bytes[i + 1] & 0xFF : 0;
        int length;
        boolean good;
        if (lead < 0xE0) {
            length = 2;
            good = lead >= 0xC2 && second >= 0x80 && second <= 0xBF;
        } else if (lead < 0xF0) {
            length = 3;
            good = second >= (lead == 0xE0 ? 0xA0 : 0x80) && second <= (lead == 0xED ? 0x9F : 0xBF);
        } else {
            length = 4;
            good = lead <= 0xF4 && second >= (lead == 0xF0 ? 0x90 : 0x80) && second <= (lead == 0xF4 ? 0x8F : 0xBF);
        }
        for (int k = 2; k < length; k++) {
            good &= i + k < limit && (bytes[i + k] & 0xC0) == 0x80;
        }
        if (!good) {
            throw new JsonException("bytes that are no UTF-8 at byte " + i);
        }
        return i + length;
    }

    /**
     * The characters of a string that has been skipped before; without its quotes. Makes room for as many as there are: text
     * that is all escapes has a sixth of its bytes. Bytes that are no UTF-8 become U+FFFD.
     */
    static String unescape(byte[] bytes, int from, int to) {
        StringBuilder out = new StringBuilder(length(bytes, from, to));
        int run = from;
        int i = from;
        while (i < to) {
            if (bytes[i] != '\\') {
                i++;
                continue;
            }
            out.append(new String(bytes, run, i - run, StandardCharsets.UTF_8));
            boolean unit = bytes[i + 1] == 'u';
            out.append(unit ? unescaped(bytes, i + 2) : unescaped((char) bytes[i + 1]));
            i += unit ? 6 : 2;
            run = i;
        }
        return out.append(new String(bytes, run, to - run, StandardCharsets.UTF_8))
                .toString();
    }

    /** How many characters there are, if the bytes are UTF-8. */
    private static int length(byte[] bytes, int from, int to) {
        int length = 0;
        int i = from;
        while (i < to) {
            int lead = bytes[i] & 0xFF;
            if (lead == '\\') {
                length++;
                i += bytes[i + 1] == 'u' ? 6 : 2;
            } else {
                // The bytes behind the first of a character begin with the bits 10.
                length += (lead & 0xC0) == 0x80 ? 0 : lead < 0xF0 ? 1 : 2;
                i++;
            }
        }
        return length;
    }

    private static char unescaped(byte[] bytes, int digits) {
        int unit = 0;
        for (int k = digits; k < digits + 4; k++) {
            unit = (unit << 4) | Character.digit(bytes[k], 16);
        }
        return (char) unit;
    }

    private static char unescaped(char kind) {
        return switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> kind;
        };
    }
}
