package dev.thanosgateway.host.http;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The rest of an HTTP/1 request whose answer does not need its body: read and thrown away, so that the client gets the
 * answer and can use the connection again. A connection that is not worth that is closed by {@link Linger}.
 */
final class Leftover implements Invocable.Task {
    /** An announced body above this closes the connection; it is not read only to use the connection again. */
    private static final int MOST_ANNOUNCED_BYTES = 256 * 1024;

    private static final int MOST_BYTES = 64 * 1024 * 1024;

    /** How the body stands. */
    enum State {
        /** It was read to its end. */
        READ,
        /** More of it is to come, and is worth reading. */
        COMING,
        /** It is too large or broken, or the client sends it only on demand: the connection has to close. */
        CLOSING
    }

    private final Request request;
    private final Runnable read;
    private final Runnable unread;
    private final long startNanos = System.nanoTime();
    private volatile int bytes;
    private volatile Scheduler.@Nullable Task limit;
    private volatile boolean over;

    /**
     * Exactly one of the two is run, once, after {@link #read}.
     *
     * @param read when the body was read to its end
     * @param unread when the connection has to close
     */
    Leftover(Request request, Runnable read, Runnable unread) {
        this.request = request;
        this.read = read;
        this.unread = unread;
    }

    /** Reads what is there. Called once, before the answer, or after one that somebody else wrote. */
    State look() {
        if (request.getLength() == 0) {
            return State.READ;
        }
        State state = readOn();
        // A client that waits for a 100 would get one after the answer, should the body be demanded.
        boolean unwanted = request.getLength() > MOST_ANNOUNCED_BYTES
                || request.getHeaders().contains(HttpHeader.EXPECT);
        return state == State.COMING && unwanted ? State.CLOSING : state;
    }

    /** Reads the rest. Called once, when the answer has been sent. */
    void read() {
        limit();
        run();
    }

    private void limit() {
        long left = startNanos + Linger.limitNanos(bytes) - System.nanoTime();
        if (over) {
            return;
        }
        if (left <= 0) {
            ClientEndPoint.of(request).close();
            return;
        }
        limit = request.getComponents().getScheduler().schedule(this::limit, left, TimeUnit.NANOSECONDS);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public void run() {
        State state = readOn();
        if (state == State.COMING) {
            request.demand(this);
            return;
        }
        over = true;
        Scheduler.Task timer = limit;
        if (timer != null) {
            timer.cancel();
        }
        (state == State.READ ? read : unread).run();
    }

    private State readOn() {
        while (bytes <= MOST_BYTES) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                return State.COMING;
            }
            if (Content.Chunk.isFailure(chunk)) {
                return State.CLOSING;
            }
            int all = bytes + chunk.remaining();
            bytes = all;
            chunk.release();
            if (chunk.isLast()) {
                return State.READ;
            }
        }
        return State.CLOSING;
    }
}
