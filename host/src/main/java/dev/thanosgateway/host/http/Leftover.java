package dev.thanosgateway.host.http;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP/1 client still sends of a request that is refused: read and thrown away, so that its connection can be
 * used again, also by clients that send head and body apart. Where that is too much, the connection closes, but not before
 * the client had time to send what it is sending: closed at once, the reset would overtake the answer that says why.
 */
final class Leftover implements Invocable.Task {
    /** More is not worth reading only to use a connection again. */
    private static final int MOST_BYTES = 256 * 1024;
    /** More is not read for the sake of the answer. */
    private static final int MOST_LINGERING_BYTES = 64 * 1024 * 1024;

    private static final long MOST_SECONDS = 5;

    /** How the body stands. */
    enum State {
        /** It is there whole, and has been read. */
        READ,
        /** More of it is to come, and worth reading. */
        COMING,
        /** Too much is to come: the connection has to go, when the client had time to read why. */
        CLOSING,
        /** It is broken, or waits to be asked for: the connection has to go. */
        HOPELESS
    }

    /** What to do in the end; exactly one of the two, once. */
    interface End {
        void read();

        void broken(@Nullable Throwable why);
    }

    private final Request request;
    private final End end;
    private int bytes;
    private @Nullable Throwable failure;
    private Scheduler.@Nullable Task limit;

    Leftover(Request request, End end) {
        this.request = request;
        this.end = end;
    }

    /** Reads what is there. Called once, before the answer. */
    State look() {
        State state = readOn(MOST_BYTES);
        if (state != State.COMING) {
            return state;
        }
        // Who waits for a 100 would be asked for the body by a further look.
        if (request.getHeaders().contains(HttpHeader.EXPECT)) {
            return State.HOPELESS;
        }
        return request.getLength() > MOST_BYTES ? State.CLOSING : State.COMING;
    }

    /** Reads the rest. Called once, when the answer has been sent. */
    void read() {
        limit = request.getComponents()
                .getScheduler()
                .schedule(
                        () -> request.getConnectionMetaData()
                                .getConnection()
                                .getEndPoint()
                                .close(),
                        MOST_SECONDS,
                        TimeUnit.SECONDS);
        run();
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public void run() {
        State state = readOn(MOST_LINGERING_BYTES);
        if (state == State.COMING) {
            request.demand(this);
            return;
        }
        if (limit != null) {
            limit.cancel();
        }
        if (state == State.READ) {
            end.read();
        } else {
            end.broken(failure);
        }
    }

    private State readOn(int most) {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                return State.COMING;
            }
            if (Content.Chunk.isFailure(chunk)) {
                failure = chunk.getFailure();
                return State.HOPELESS;
            }
            bytes += chunk.remaining();
            chunk.release();
            if (chunk.isLast()) {
                return State.READ;
            }
            if (bytes > most) {
                failure = new EofException("more than is read of a refused request");
                return State.CLOSING;
            }
        }
    }
}
