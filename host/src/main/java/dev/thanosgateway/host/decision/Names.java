package dev.thanosgateway.host.decision;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * One byte for each name that the members of records always have: the first 200 that come are known, others are spelt
 * out. Used from many threads.
 */
final class Names {
    /** The name follows as a text. */
    static final int SPELT = 0xff;

    private static final int FIRST = Packing.END + 1;
    private static final int MOST = 200;

    private static final Map<String, Integer> KNOWN = new ConcurrentHashMap<>();
    private static final AtomicReferenceArray<String> SPELLING = new AtomicReferenceArray<>(MOST);

    private Names() {}

    /** The byte of a name, or {@link #SPELT}. */
    static int of(String name) {
        Integer known = KNOWN.get(name);
        return known != null ? known : learnt(name);
    }

    private static synchronized int learnt(String name) {
        Integer known = KNOWN.get(name);
        if (known != null) {
            return known;
        }
        int index = KNOWN.size();
        if (index == MOST) {
            return SPELT;
        }
        SPELLING.set(index, name);
        KNOWN.put(name, FIRST + index);
        return FIRST + index;
    }

    static String spelling(int known) {
        return SPELLING.get(known - FIRST);
    }
}
