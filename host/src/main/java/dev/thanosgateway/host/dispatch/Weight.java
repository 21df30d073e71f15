package dev.thanosgateway.host.dispatch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a request or an answer costs in memory once it is translated: counts what its text, its members and its values
 * become. Takes JSON in slices of any size and checks nothing; input that is not JSON has a weight too. The factors are measured, see
 * {@code api/decisions/0047}. Used by one thread at a time.
 */
public final class Weight {
    /** Copies of the bytes: as they came, as a dialect keeps them, as they go on. */
    private static final long COPIES = 3;
    /** Copies of the text as characters: parsed, kept, and written into a buffer that grows by doubling. */
    private static final long TEXT_COPIES = 4;

    /** Of one value in a tree, such as a message, a part or a member's value. */
    private static final long VALUE_BYTES = 160;

    private static final long NUMBER_BYTES = 48;
    /** Of one member's name, beside its value. */
    private static final long NAME_BYTES = 96;

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    /** The largest first byte of a character that a Latin-1 string can hold. */
    private static final int LATIN_LEAD = 0xC3;

    /** The smallest first byte of a character that is a surrogate pair in a string. */
    private static final int PAIR_LEAD = 0xF0;

    private static final int ESCAPE_DIGITS = 4;

    private long bytes;
    private long characters;
    private long values;
    private long numbers;
    private long names;
    private boolean wide;
    private boolean string;
    private boolean escape;
    /** Digits of a {@code \}{@code u} escape that are to come. */
    private int digits;
    /** Whether a value may begin here. */
    private boolean begins = true;

    /** Counts a slice of JSON; its position stays. */
    public void add(ByteBuffer slice) {
        ByteBuffer in = slice.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int end = in.limit();
        bytes += in.remaining();
        look(in, end);
    }

    /** Forgets what was counted; the next slice goes on where the last one ended. */
    void clear() {
        bytes = 0;
        characters = 0;
        values = 0;
        numbers = 0;
        names = 0;
        wide = false;
    }

    /** Counts bytes, without what becomes of them. */
    public void bytes(long count) {
        bytes += count;
    }

    /** Counts one value. */
    public void value() {
        values++;
    }

    /** Counts a whole JSON document whose bytes are counted. */
    public void json(ByteBuffer document) {
        string = false;
        escape = false;
        digits = 0;
        begins = true;
        look(document.duplicate().order(ByteOrder.LITTLE_ENDIAN), document.limit());
    }

    /** Counts text, or what becomes text, whose bytes are counted. */
    public void text(ByteBuffer utf8) {
        for (int i = utf8.position(); i < utf8.limit(); i++) {
            int c = utf8.get(i) & 0xFF;
            characters++;
            wide |= c > LATIN_LEAD;
        }
    }

    private void look(ByteBuffer in, int end) {
        for (int i = in.position(); i < end; i++) {
            if (!string) {
                structure(in.get(i));
            } else if (escape || digits > 0) {
                escaped(in.get(i));
            } else {
                int plain = plain(in, i, end);
                characters += plain - i;
                i = plain;
                if (i < end) {
                    text(in.get(i));
                }
            }
        }
    }

    /** Where the ASCII text without escapes that is at {@code from} ends; eight bytes at a time. */
    private static int plain(ByteBuffer in, int from, int end) {
        int at = from;
        while (at + Long.BYTES <= end) {
            long eight = in.getLong(at);
            long quote = eight ^ ONES * '"';
            long slash = eight ^ ONES * '\\';
            long stop = (((quote - ONES) & ~quote) | ((slash - ONES) & ~slash) | eight) & HIGH;
            if (stop != 0) {
                return at + (Long.numberOfTrailingZeros(stop) >>> 3);
            }
            at += Long.BYTES;
        }
        while (at < end && in.get(at) >= 0 && in.get(at) != '"' && in.get(at) != '\\') {
            at++;
        }
        return at;
    }

    private void structure(byte c) {
        switch (c) {
            case '"' -> {
                string = true;
                begin(VALUE_BYTES);
            }
            case '{', '[' -> {
                begin(VALUE_BYTES);
                begins = true;
            }
            case ',' -> begins = true;
            case ':' -> {
                begins = true;
                names++;
                values--;
            }
            case ' ', '\t', '\n', '\r', '}', ']' -> {}
            default -> begin(NUMBER_BYTES);
        }
    }

    private void begin(long cost) {
        if (begins) {
            begins = false;
            if (cost == NUMBER_BYTES) {
                numbers++;
            } else {
                values++;
            }
        }
    }

    private void text(byte c) {
        if (c == '"') {
            string = false;
        } else if (c == '\\') {
            escape = true;
            characters++;
        } else if ((c & 0xC0) != 0x80) {
            characters += (c & 0xFF) < PAIR_LEAD ? 1 : 2;
            wide |= (c & 0xFF) > LATIN_LEAD;
        }
    }

    private void escaped(byte c) {
        if (escape) {
            escape = false;
            digits = c == 'u' ? ESCAPE_DIGITS : 0;
        } else {
            wide |= digits > 2 && c != '0';
            digits--;
        }
    }

    private long text() {
        return wide ? 2 * characters : characters;
    }

    private long objects() {
        return values * VALUE_BYTES + numbers * NUMBER_BYTES + names * NAME_BYTES;
    }

    /** Bytes of memory at most while it is read and translated. */
    public long peak() {
        return COPIES * bytes + TEXT_COPIES * text() + objects();
    }

    /** Bytes of memory that stay when it has been translated: what was read of it, to be written once more. */
    public long kept() {
        return 2 * bytes + text() + objects();
    }
}
