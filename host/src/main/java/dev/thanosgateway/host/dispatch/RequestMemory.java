package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.nio.ByteBuffer;

/**
 * What one request holds, from the first byte of its body to the end of its answer: bytes in the budget of all bodies,
 * and what these cost in the memory of the process. Nothing is allocated, read or written before there is room for it.
 * Called by one thread at a time, but for {@link #close}.
 */
public final class RequestMemory {
    /** Up to here a body is not looked at: it is taken to be of the worst kind. */
    private static final int SMALL_BYTES = 8 * 1024;

    private static final long SMALL_FACTOR = 16;
    /** While a body is read: the array it is in, and the one that is copied into a larger one. */
    private static final long READING_FACTOR = 2;
    /** What no body costs less than, whatever it says. */
    private static final long LEAST_FACTOR = 3;
    /** Further copies of a socket's message while it is read: it is written anew as a body, behind what it continues. */
    private static final long REWRITING_COPIES = 3;

    private static final long MEBIBYTE = 1 << 20;

    private final HeldBytes held;
    private long heldBytes;
    private long heldMemory;
    private boolean closed;
    private long peak;
    private long kept;

    RequestMemory(HeldBytes held) {
        this.held = held;
    }

    /**
     * Looks whether a body of this length can be served at all.
     *
     * @throws GatewayException TOO_LARGE when it cannot
     */
    public void announced(long length) throws GatewayException {
        if (length > SMALL_BYTES) {
            fits(LEAST_FACTOR * length);
        }
    }

    /**
     * Makes room for a body, or for more of it.
     *
     * @param length of the array that is allocated for all of it
     * @throws GatewayException OVERLOADED when there is no room
     */
    public void grow(long length) throws GatewayException {
        reach(length, reading(length));
    }

    /**
     * The same while something else holds memory for this body.
     *
     * @param beside bytes of memory
     * @throws GatewayException TOO_LARGE when there is never room for both, OVERLOADED when there is none now
     */
    public void grow(long length, long beside) throws GatewayException {
        fits(reading(length) + beside);
        grow(length);
    }

    private static long reading(long length) {
        return length > SMALL_BYTES
                ? Math.max(READING_FACTOR * length, SMALL_FACTOR * SMALL_BYTES)
                : SMALL_FACTOR * length;
    }

    private synchronized void reach(long bytes, long cost) throws GatewayException {
        long moreBytes = closed ? 0 : Math.max(0, bytes - heldBytes);
        long moreMemory = closed ? 0 : Math.max(0, cost - heldMemory);
        if (moreBytes > 0 && !held.requests().take(moreBytes)) {
            throw overloaded();
        }
        if (moreMemory > 0 && !held.memory().take(moreMemory)) {
            held.requests().give(moreBytes);
            throw overloaded();
        }
        heldBytes += moreBytes;
        heldMemory += moreMemory;
    }

    /**
     * Makes room for reading and translating a body that is whole.
     *
     * @throws GatewayException TOO_LARGE when there is never enough room for it, OVERLOADED when there is not now
     */
    public void whole(ByteBuffer json) throws GatewayException {
        if (json.remaining() > SMALL_BYTES) {
            Weight weight = new Weight();
            weight.add(json);
            whole(weight);
        }
    }

    /**
     * The same for a message of a socket, which is read and written anew together with what it continues.
     *
     * @param before what the message continues; empty = nothing
     */
    public void message(ByteBuffer json, ByteBuffer before) throws GatewayException {
        long bytes = json.remaining() + (long) before.remaining();
        if (bytes > SMALL_BYTES) {
            Weight weight = new Weight();
            weight.add(before);
            weight.add(json);
            fits(weight.peak() + REWRITING_COPIES * bytes);
            peak = weight.peak();
            kept = weight.kept();
            reach(0, peak + REWRITING_COPIES * bytes);
        }
    }

    /**
     * A message was read, and its bytes are dropped.
     *
     * @param more bytes that its reader keeps to the end of the answer, beside the body that goes on
     * @throws GatewayException TOO_LARGE, OVERLOADED as with {@link #message}
     */
    public void messageRead(long more) throws GatewayException {
        if (peak > 0) {
            fits(peak + more);
            peak += more;
            kept += more;
            translate();
        }
    }

    /** The same for a body that was weighed. */
    public void whole(Weight weight) throws GatewayException {
        fits(weight.peak());
        peak = weight.peak();
        kept = weight.kept();
        translate();
    }

    /**
     * Makes room for an attempt to write the request for its target.
     *
     * @throws GatewayException OVERLOADED when there is no room
     */
    void translate() throws GatewayException {
        reach(0, peak);
    }

    /**
     * The request was written for its target: gives back what only that needed.
     *
     * @param written bytes of the body that is sent
     */
    synchronized void translated(long written) {
        long less = heldMemory - kept - written;
        if (peak > 0 && less > 0) {
            held.memory().give(less);
            heldMemory -= less;
        }
    }

    private void fits(long cost) throws GatewayException {
        long most = held.memory().limit();
        if (cost > most) {
            throw new GatewayException(
                    ErrorKind.TOO_LARGE,
                    "The request needs about " + (cost + MEBIBYTE - 1) / MEBIBYTE
                            + " MiB of memory, and the gateway has "
                            + most / MEBIBYTE + " MiB for all of them. Send less, or give it a larger heap"
                            + " (-Xmx in THANOS_JAVA_OPTS).");
        }
    }

    /** There is no room now. */
    public static GatewayException overloaded() {
        return new GatewayException(
                        ErrorKind.OVERLOADED, "The requests being served hold all the memory they may. Try again soon.")
                .withRetryAfter("1");
    }

    /** Gives everything back. Any number of times, on any thread. */
    public synchronized void close() {
        closed = true;
        if (heldMemory > 0) {
            held.requests().give(heldBytes);
            held.memory().give(heldMemory);
            heldBytes = 0;
            heldMemory = 0;
        }
    }
}
