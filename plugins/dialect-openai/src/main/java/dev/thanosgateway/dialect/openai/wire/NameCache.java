package dev.thanosgateway.dialect.openai.wire;

import java.nio.charset.StandardCharsets;

/**
 * Names met before, so that the few that make up almost all JSON are not made anew each time. Shared by all threads
 * without a lock: a slot is lost or overwritten at worst, and a String is safe to publish by a race.
 */
final class NameCache {
    private static final int LONGEST = 40;
    private static final String[] SLOTS = new String[1024];

    private NameCache() {}

    static String get(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length > LONGEST) {
            return new String(bytes, from, length, StandardCharsets.UTF_8);
        }
        int hash = length;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + bytes[i];
        }
        int slot = (hash ^ (hash >>> 10)) & (SLOTS.length - 1);
        String known = SLOTS[slot];
        if (known != null && same(known, bytes, from, length)) {
            return known;
        }
        String made = new String(bytes, from, length, StandardCharsets.UTF_8);
        SLOTS[slot] = made;
        return made;
    }

    /** Only ASCII is ever found the same: another character is never equal to a byte below zero. */
    private static boolean same(String known, byte[] bytes, int from, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known.charAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }
}
