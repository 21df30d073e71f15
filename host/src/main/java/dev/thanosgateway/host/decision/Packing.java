package dev.thanosgateway.host.decision;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes what JSON can say as bytes: maps, lists, texts, numbers, truth and times. Records are kept this way: as objects,
 * a few dozen each, they would outlive many a collection of young ones, and cost more than all else about a request.
 * {@link Packed} reads it. Used by one thread at a time.
 */
final class Packing {
    static final int NOTHING = 0;
    static final int FALSE = 1;
    static final int TRUE = 2;
    /** A whole number: seven bits a byte, the lowest first, the sign in the lowest bit of all. */
    static final int WHOLE = 3;

    static final int FRACTION = 4;
    /** Milliseconds since 1970, as a whole number. */
    static final int TIME = 5;
    /** A text of characters below 256: how many, then a byte each. */
    static final int LATIN = 6;

    static final int UTF8 = 7;
    static final int MAP = 8;
    static final int LIST = 9;
    static final int END = 10;

    private static final int USUAL_BYTES = 512;

    private byte[] bytes = new byte[USUAL_BYTES];
    private int size;

    /** A member of the map that was opened last, or of the whole. */
    Packing put(String name, @Nullable Object value) {
        name(name);
        return add(value);
    }

    /** An item of the list that was opened last. */
    Packing add(@Nullable Object value) {
        if (value == null) {
            return tag(NOTHING);
        }
        switch (value) {
            case String text -> text(text);
            case Boolean truth -> tag(truth ? TRUE : FALSE);
            case Double fraction -> {
                tag(FRACTION);
                fixed(Double.doubleToRawLongBits(fraction));
            }
            case Number number -> tag(WHOLE).whole(number.longValue());
            case Instant time -> tag(TIME).whole(time.toEpochMilli());
            case Map<?, ?> map -> {
                tag(MAP);
                // Names in here come from callers and plugins: others each time.
                map.forEach((name, one) -> spelt(String.valueOf(name)).add(one));
                close();
            }
            case Iterable<?> list -> {
                tag(LIST);
                list.forEach(this::add);
                close();
            }
            default -> throw new IllegalArgumentException("JSON has no " + value.getClass());
        }
        return this;
    }

    /** A member that is a map; its members come until {@link #close()}. */
    Packing openMap(String name) {
        name(name);
        return tag(MAP);
    }

    /** An item that is a map. */
    Packing openMap() {
        return tag(MAP);
    }

    /** A member that is a list; its items come until {@link #close()}. */
    Packing openList(String name) {
        name(name);
        return tag(LIST);
    }

    Packing close() {
        return tag(END);
    }

    /** What was written, from the first byte to before {@link #size()}; the writer's own. */
    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    private Packing tag(int tag) {
        room(1);
        bytes[size++] = (byte) tag;
        return this;
    }

    private void name(String name) {
        int known = Names.of(name);
        if (known == Names.SPELT) {
            spelt(name);
        } else {
            tag(known);
        }
    }

    private Packing spelt(String name) {
        tag(Names.SPELT);
        text(name);
        return this;
    }

    private void text(String text) {
        int length = text.length();
        int before = size;
        tag(LATIN).whole(length);
        room(length);
        byte[] to = bytes;
        int at = size;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c > 255) {
                size = before;
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                tag(UTF8).whole(utf8.length);
                room(utf8.length);
                System.arraycopy(utf8, 0, bytes, size, utf8.length);
                size += utf8.length;
                return;
            }
            to[at + i] = (byte) c;
        }
        size += length;
    }

    private void whole(long number) {
        room(10);
        long left = (number << 1) ^ (number >> 63);
        while ((left & ~0x7f) != 0) {
            bytes[size++] = (byte) ((left & 0x7f) | 0x80);
            left >>>= 7;
        }
        bytes[size++] = (byte) left;
    }

    private void fixed(long bits) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (bits >>> shift);
        }
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
