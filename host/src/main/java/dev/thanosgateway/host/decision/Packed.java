package dev.thanosgateway.host.decision;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what {@link Packing} wrote. For one record, used by one thread. */
final class Packed {
    private final byte[] bytes;
    private final int end;
    private int at;

    private Packed(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    /** The members of a whole; times are texts as ISO 8601 has them. */
    static Map<String, @Nullable Object> read(byte[] bytes, int from, int to) {
        return new Packed(bytes, from, to).map();
    }

    private Map<String, @Nullable Object> map() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (at < end) {
            int name = next();
            if (name == Packing.END) {
                break;
            }
            map.put(name == Names.SPELT ? String.valueOf(value(next())) : Names.spelling(name), value(next()));
        }
        return map;
    }

    private List<@Nullable Object> list() {
        List<@Nullable Object> list = new ArrayList<>();
        for (int tag = next(); tag != Packing.END; tag = next()) {
            list.add(value(tag));
        }
        return list;
    }

    private @Nullable Object value(int tag) {
        return switch (tag) {
            case Packing.NOTHING -> null;
            case Packing.FALSE -> false;
            case Packing.TRUE -> true;
            case Packing.WHOLE -> whole();
            case Packing.FRACTION -> fraction();
            case Packing.TIME -> Instant.ofEpochMilli(whole()).toString();
            case Packing.LATIN, Packing.UTF8 -> text(tag);
            case Packing.MAP -> map();
            case Packing.LIST -> list();
            default -> throw new IllegalStateException("No record has " + tag);
        };
    }

    private String text(int tag) {
        int length = (int) whole();
        at += length;
        return new String(
                bytes,
                at - length,
                length,
                tag == Packing.LATIN ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    private long whole() {
        long bits = 0;
        int shift = 0;
        int one;
        do {
            one = next();
            bits |= (long) (one & 0x7f) << shift;
            shift += 7;
        } while (one > 0x7f);
        return (bits >>> 1) ^ -(bits & 1);
    }

    private double fraction() {
        long bits = 0;
        for (int i = 0; i < 8; i++) {
            bits = (bits << 8) | next();
        }
        return Double.longBitsToDouble(bits);
    }

    private int next() {
        return bytes[at++] & 0xff;
    }
}
