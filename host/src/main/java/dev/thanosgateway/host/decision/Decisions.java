package dev.thanosgateway.host.decision;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The decision records of the requests that ended last, in memory; the oldest leave. Used from many threads. */
public final class Decisions {
    private static final long BYTES_LIMIT = 32L << 20;

    private record Kept(Trail trail, int bytes) {}

    private final IntSupplier most;
    private final long mostBytes;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private final Map<String, Trail> byId = new HashMap<>();
    private long bytes;

    /** @param most how many are kept; 0 = none */
    public Decisions(IntSupplier most) {
        this(most, Math.min(BYTES_LIMIT, Runtime.getRuntime().maxMemory() / 16));
    }

    Decisions(IntSupplier most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /**
     * The record of a request that begins.
     *
     * @param endpoint as metrics name it
     * @param startNanos {@code System.nanoTime()} when it came
     */
    public Trail begin(
            String requestId, String endpoint, long startNanos, String model, boolean stream, boolean session) {
        return new Trail(this, requestId, endpoint, startNanos, model, stream, session);
    }

    synchronized void keep(Trail trail, int trailBytes) {
        kept.addLast(new Kept(trail, trailBytes));
        bytes += trailBytes;
        byId.put(trail.requestId(), trail);
        trim();
    }

    private void trim() {
        while (!kept.isEmpty() && (kept.size() > most.getAsInt() || bytes > mostBytes)) {
            Kept oldest = kept.removeFirst();
            bytes -= oldest.bytes();
            // A later request may have come with the same id.
            byId.remove(oldest.trail().requestId(), oldest.trail());
        }
    }

    /** The record of the last request that had this id; null = there is none. */
    public synchronized @Nullable Trail find(String requestId) {
        trim();
        return byId.get(requestId);
    }

    /** Why there is no record of a request. */
    public String missing(String requestId) {
        return most.getAsInt() == 0
                ? "No decisions are kept: [routing] decisions is 0."
                : "There is no decision of the request '" + requestId + "': none of that id has ended, or "
                        + "it left for later ones ([routing] decisions says how many are kept).";
    }

    /** The newest first. */
    public synchronized List<Trail> newest(int limit) {
        trim();
        List<Trail> newest = new ArrayList<>();
        for (Iterator<Kept> all = kept.descendingIterator(); all.hasNext() && newest.size() < limit; ) {
            newest.add(all.next().trail());
        }
        return newest;
    }
}
