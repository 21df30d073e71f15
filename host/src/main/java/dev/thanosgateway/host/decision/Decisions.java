package dev.thanosgateway.host.decision;

import dev.thanosgateway.api.GatewayException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The decision records of the requests that ended last, in memory; the oldest leave. Those that were refused before
 * anything was decided have places of their own, and those of nobody known others again: however many come, they push
 * out none that went further. Used from many threads.
 */
public final class Decisions {
    private static final long BYTES_LIMIT = 32L << 20;
    private static final int REFUSED_LIMIT = 1_000;
    private static final int STRANGERS_LIMIT = 200;
    private static final int PART = 16;

    private final IntSupplier most;
    private final Ring answered;
    private final Ring refused;
    private final Ring strangers;
    private long count;

    /** @param most how many are kept; 0 = none */
    public Decisions(IntSupplier most) {
        this(most, Math.min(BYTES_LIMIT, Runtime.getRuntime().maxMemory() / 16));
    }

    Decisions(IntSupplier most, long mostBytes) {
        this.most = most;
        this.answered = new Ring(most, mostBytes);
        this.refused = new Ring(() -> Math.min(REFUSED_LIMIT, most.getAsInt()), mostBytes / PART);
        this.strangers = new Ring(() -> Math.min(STRANGERS_LIMIT, most.getAsInt()), mostBytes / PART);
    }

    /** The record of a request that begins; kept when it is over. */
    public Trail begin(Arrival arrival, String model, boolean stream, boolean session) {
        return new Trail(this, arrival, model, stream, session);
    }

    /** A request was refused before anything was decided about it. Said before its caller is told. */
    public void refused(Arrival arrival, GatewayException why) {
        if (any()) {
            Trail.refused(this, arrival).over(why, false, null);
        }
    }

    /** Whether records are kept at all. */
    boolean any() {
        return most.getAsInt() > 0;
    }

    /**
     * @param decided whether it came so far that something was
     * @param before its number when it was kept before, which this replaces; 0 = it was not
     * @return its number
     */
    synchronized long keep(Arrival arrival, boolean decided, Packing record, long before) {
        Ring of = decided ? answered : arrival.known() ? refused : strangers;
        if (before != 0) {
            of.remove(before);
        }
        of.add(arrival.requestId(), ++count, record);
        return count;
    }

    /** The record of the last request that had this id; null = there is none, or none for this reader. */
    public synchronized @Nullable Decision find(String requestId, Reader reader) {
        Decision found = null;
        for (Ring ring : List.of(strangers, refused, answered)) {
            Decision one = ring.find(requestId, reader);
            // Whoever guesses an id must not hide what became of its request.
            if (one != null && (found == null || !found.callerKnown() || one.number() > found.number())) {
                found = one;
            }
        }
        return found;
    }

    /** Why there is no record of a request. */
    public String missing(String requestId) {
        return most.getAsInt() == 0
                ? "No decisions are kept: [routing] decisions is 0."
                : "There is no decision of the request '" + requestId + "': none of that id has ended, or "
                        + "it left for later ones ([routing] decisions says how many are kept), or another key asked it.";
    }

    /** The newest first. */
    public synchronized List<Decision> newest(int limit, Reader reader) {
        List<Decision> newest = new ArrayList<>();
        for (Ring ring : List.of(strangers, refused, answered)) {
            ring.addNewest(limit, reader, newest);
        }
        newest.sort(Comparator.comparingLong(Decision::number).reversed());
        return List.copyOf(newest.subList(0, Math.min(limit, newest.size())));
    }
}
