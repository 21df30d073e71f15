package dev.thanosgateway.dialect.openai.wire;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The names of the objects being read, to find one that comes twice. One open-addressing table for all levels: an
 * object's names are the last that were put in when it ends, so taking them out again is emptying their slots.
 */
final class MemberNames {
    /** The most members the objects open at one time may have together. */
    private static final int MOST = 65_536;

    /** Makes names that fall into one slot unguessable. */
    private static final long SEED = new SecureRandom().nextLong();

    private final byte[] bytes;
    private int[] slots = new int[64];
    private Entry[] entries = new Entry[32];
    private int size;
    private int[] begins = new int[16];

    private record Entry(long hash, int depth, int from, int to, boolean escaped) {}

    MemberNames(byte[] bytes) {
        this.bytes = bytes;
    }

    void enter(int depth) {
        if (depth >= begins.length) {
            // Arrays have no names: the object before may be many levels up.
            begins = Arrays.copyOf(begins, Math.max(begins.length * 2, depth + 1));
        }
        begins[depth] = size;
    }

    void leave(int depth) {
        for (int begin = begins[depth]; size > begin; ) {
            Entry last = entries[--size];
            int slot = slot(last.hash);
            while (slots[slot] != size + 1) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = 0;
        }
    }

    void add(int depth, int from, int to, boolean escaped) throws JsonException {
        if (size == MOST) {
            throw new JsonException("more than " + MOST + " members at byte " + from);
        }
        Entry entry = new Entry(hash(depth, from, to, escaped), depth, from, to, escaped);
        if (size == entries.length) {
            grow();
        }
        int slot = slot(entry.hash);
        while (slots[slot] != 0) {
            if (same(entries[slots[slot] - 1], entry)) {
                throw new JsonException("the name \"" + shown(entry) + "\" comes twice in an object, at byte " + from);
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        entries[size++] = entry;
        slots[slot] = size;
    }

    /** In the order they came, so that the last in is still the last of its slot's run. */
    private void grow() {
        entries = Arrays.copyOf(entries, size * 2);
        slots = new int[size * 4];
        for (int i = 0; i < size; i++) {
            int slot = slot(entries[i].hash);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = i + 1;
        }
    }

    private int slot(long hash) {
        return (int) (hash >>> 32) & (slots.length - 1);
    }

    private long hash(int depth, int from, int to, boolean escaped) {
        byte[] name = bytes;
        int begin = from;
        int end = to;
        if (escaped) {
            name = StringScan.unescape(bytes, from, to).getBytes(StandardCharsets.UTF_8);
            begin = 0;
            end = name.length;
        }
        long hash = SEED ^ depth;
        for (int i = begin; i < end; i++) {
            hash = (hash ^ name[i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash * 0xBF58476D1CE4E5B9L;
    }

    private boolean same(Entry a, Entry b) {
        if (a.hash != b.hash || a.depth != b.depth) {
            return false;
        }
        if (a.escaped || b.escaped) {
            return StringScan.unescape(bytes, a.from, a.to).equals(StringScan.unescape(bytes, b.from, b.to));
        }
        return Arrays.equals(bytes, a.from, a.to, bytes, b.from, b.to);
    }

    private String shown(Entry entry) {
        String name = StringScan.unescape(bytes, entry.from, entry.to);
        return name.length() > 64 ? name.substring(0, 64) + "…" : name;
    }
}
