package dev.thanosgateway.host.decision;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The newest records of one sort; the oldest leave. Used under its store's lock. */
final class Ring {
    private record Kept(Trail trail, int bytes) {}

    private final IntSupplier most;
    private final long mostBytes;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private final Map<String, Trail> byId = new HashMap<>();
    private long bytes;

    Ring(IntSupplier most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    void add(Trail trail, int trailBytes) {
        kept.addLast(new Kept(trail, trailBytes));
        bytes += trailBytes;
        byId.put(trail.arrival().requestId(), trail);
        trim();
    }

    private void trim() {
        while (!kept.isEmpty() && (kept.size() > most.getAsInt() || bytes > mostBytes)) {
            Kept oldest = kept.removeFirst();
            bytes -= oldest.bytes();
            // A later request may have come with the same id.
            byId.remove(oldest.trail().arrival().requestId(), oldest.trail());
        }
    }

    /** The last one of this id that may be read. */
    @Nullable
    Trail find(String requestId, Reader reader) {
        trim();
        Trail last = byId.get(requestId);
        if (last == null || reader.may(last.arrival())) {
            return last;
        }
        // Ids are the callers' own: somebody else's request had the same one later.
        for (Iterator<Kept> all = kept.descendingIterator(); all.hasNext(); ) {
            Trail one = all.next().trail();
            if (one.arrival().requestId().equals(requestId) && reader.may(one.arrival())) {
                return one;
            }
        }
        return null;
    }

    void addNewest(int limit, Reader reader, List<Trail> to) {
        trim();
        int left = limit;
        for (Iterator<Kept> all = kept.descendingIterator(); all.hasNext() && left > 0; ) {
            Trail one = all.next().trail();
            if (reader.may(one.arrival())) {
                to.add(one);
                left--;
            }
        }
    }
}
