package dev.thanosgateway.host.transport;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * One call on Jetty's client. Slices are pulled: {@link #demand()} is the only thing that reads on, so a caller that
 * does not take what it got stops the upstream through TCP. Nobody is told the origin's credentials, should it repeat
 * them.
 */
final class JettyCall
        implements UpstreamCall, Response.HeadersListener, Response.ContentSourceListener, Response.CompleteListener {
    private static final int IDLE = 0;
    private static final int READING = 1;
    private static final int READ_AGAIN = 2;
    private static final int CAUSES_LIMIT = 8;

    private final String provider;
    private final Request request;
    private final UpstreamListener listener;
    private final Secrets secrets;
    private final Scrubber scrubber;
    private final AtomicInteger reading = new AtomicInteger();
    /** Run where the bytes arrive, not handed to a thread that may block. */
    private final Runnable readable = Invocable.from(Invocable.InvocationType.NON_BLOCKING, this::read);

    private volatile Content.@Nullable Source source;
    private volatile boolean demanded;
    private volatile boolean over;
    private volatile boolean last;
    private boolean answered;

    JettyCall(Origin origin, Request request, UpstreamListener listener) {
        this.provider = origin.provider();
        this.secrets = origin.secrets();
        this.scrubber = new Scrubber(secrets);
        this.request = request;
        this.listener = listener;
    }

    @Override
    public void start() {
        request.send(this);
    }

    @Override
    public void onHeaders(Response response) {
        answered = true;
        if (!over && response.getStatus() < 200) {
            // Jetty passes over interim answers as they are meant; what it lets through is no answer either.
            over = true;
            request.abort(new CancellationException());
            listener.failed(
                    new GatewayException(
                            ErrorKind.UPSTREAM_PROTOCOL,
                            "Provider '" + provider + "' failed: it answered " + response.getStatus()
                                    + ", which is no answer."),
                    false);
        } else if (!over) {
            listener.head(response.getStatus(), new JettyHeaders(secrets.covered(response.getHeaders())));
        }
    }

    @Override
    public void onContentSource(Response response, Content.Source source) {
        this.source = source;
        if (over) {
            source.fail(new CancellationException());
        } else if (demanded) {
            read();
        }
    }

    @Override
    public void demand() {
        demanded = true;
        if (source != null) {
            read();
        }
    }

    /** Reads until nothing is demanded or nothing is there; a demand from inside a slice only makes the loop go on. */
    private void read() {
        int before = reading.getAndUpdate(state -> state == IDLE ? READING : READ_AGAIN);
        if (before != IDLE) {
            return;
        }
        do {
            reading.set(READING);
            step();
        } while (!reading.compareAndSet(READING, IDLE));
    }

    private void step() {
        Content.Source from = source;
        if (!demanded || from == null || over) {
            return;
        }
        if (last) {
            over = true;
            listener.end();
            return;
        }
        Content.Chunk chunk = from.read();
        if (chunk == null) {
            from.demand(readable);
            return;
        }
        if (Content.Chunk.isFailure(chunk)) {
            // Jetty tells the same by onComplete, where it is handled for every phase alike.
            request.abort(chunk.getFailure());
            return;
        }
        last = chunk.isLast();
        ByteBuffer clean = scrubber.pass(chunk.getByteBuffer(), last);
        if (clean.hasRemaining()) {
            demanded = false;
            listener.body(clean.asReadOnlyBuffer());
        } else {
            reading.set(READ_AGAIN);
        }
        chunk.release();
    }

    @Override
    public void onComplete(Result result) {
        Throwable failure = result.getFailure();
        if (over || (failure == null && source != null)) {
            return;
        }
        over = true;
        if (failure == null) {
            listener.end();
        } else {
            boolean stale = !answered && rootOf(failure) instanceof IOException && reused();
            listener.failed(explained(failure), stale);
        }
    }

    private boolean reused() {
        Connection connection = request.getConnection();
        return connection instanceof org.eclipse.jetty.io.Connection io && io.getMessagesIn() > 0;
    }

    @Override
    public void abort() {
        if (over) {
            return;
        }
        over = true;
        request.abort(new CancellationException());
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getClass() == ExecutionException.class) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Whether the system refused a socket; only the message tells it from what the other side did. */
    private static boolean withoutDescriptor(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < CAUSES_LIMIT; i++) {
            if (cause instanceof IOException
                    && String.valueOf(cause.getMessage()).contains("Too many open files")) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private GatewayException explained(Throwable failure) {
        Throwable cause = rootOf(failure);
        if (withoutDescriptor(failure)) {
            return new GatewayException(
                            ErrorKind.OVERLOADED,
                            "The gateway has no file descriptor left for a connection to provider '" + provider
                                    + "'. Try again soon, or raise the limit of open files (ulimit -n).",
                            failure)
                    .withRetryAfter("1");
        }
        ErrorKind kind = ErrorKind.UPSTREAM_UNAVAILABLE;
        String what;
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            what = "its host name cannot be resolved; check the endpoint";
        } else if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
            what = "it refused the connection; check that it runs and that the endpoint is right";
        } else if (cause instanceof SocketTimeoutException || cause instanceof TimeoutException) {
            kind = ErrorKind.UPSTREAM_TIMEOUT;
            what = "no connection could be made in time";
        } else if (cause instanceof SSLException) {
            what = "its certificate or TLS was not accepted: " + firstLine(cause);
        } else if (cause instanceof RejectedExecutionException) {
            what = "too many calls are waiting for it";
        } else if (cause instanceof EOFException || cause instanceof ClosedChannelException) {
            kind = answered ? ErrorKind.UPSTREAM_PROTOCOL : ErrorKind.UPSTREAM_UNAVAILABLE;
            what = answered ? "its answer was cut off" : "it closed the connection without an answer";
        } else if (cause instanceof SocketException || cause instanceof IOException) {
            what = "the connection was reset";
        } else {
            kind = ErrorKind.UPSTREAM_PROTOCOL;
            what = "its answer is no valid HTTP";
        }
        return new GatewayException(kind, "Provider '" + provider + "' failed: " + what + ".", failure);
    }

    private static String firstLine(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
