package dev.thanosgateway.host.http;

import dev.thanosgateway.host.inbound.Connections;
import dev.thanosgateway.host.inbound.Http2Frames;
import dev.thanosgateway.host.inbound.InputLimit;
import dev.thanosgateway.host.inbound.SlowClients;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that can be asked whether the client is still there. HTTP/1.1 reads nothing while an answer is
 * on its way, so a client that hangs up would be noticed at the next write only, which for a whole answer is the end.
 * Looking means reading; what a pipelining client has sent by then is kept for the reader it is meant for.
 *
 * <p>Its idle limit alone would let a head or a frame take for ever, a byte now and then: what is late by {@link
 * InputLimit} is cut.
 */
final class ClientEndPoint extends SocketChannelEndPoint implements SlowClients.Watched, Connections.Connection {
    private static final int LOOK_BYTES = 16;
    private static final int AHEAD_BYTES = 4096;

    private static final long NOTHING_CAME = 0;

    private final SlowClients slow;
    private final Connections connections;
    private final Linger linger;
    private final SelectionKey key;
    /** Null = the client does not speak HTTP/2. */
    private volatile @Nullable Http2Frames frames = new Http2Frames();

    private @Nullable ByteBuffer ahead;
    private volatile boolean looks = true;
    /** Whether what comes next is a request's head. */
    private volatile boolean betweenRequests = true;

    private volatile boolean http2;
    /** Null = the client does not speak WebSocket. */
    private volatile @Nullable ClientSocket socket;
    /** Whether the client has closed its side. */
    private volatile boolean ended;

    private volatile boolean lingers;
    private volatile boolean lingering;
    private volatile boolean tooSlow;
    /** When the first byte of a head came that is not whole yet. */
    private volatile long headSinceNanos = NOTHING_CAME;

    ClientEndPoint(
            SocketChannel channel,
            ManagedSelector selector,
            SelectionKey key,
            Scheduler scheduler,
            SlowClients slow,
            Connections connections,
            Linger linger) {
        super(channel, selector, key, scheduler);
        this.key = key;
        this.slow = slow;
        this.connections = connections;
        this.linger = linger;
    }

    /** The connection a request came on. */
    static ClientEndPoint of(Request request) {
        return (ClientEndPoint) request.getConnectionMetaData().getConnection().getEndPoint();
    }

    /** From here on frames come, not heads. */
    void speaksHttp2() {
        http2 = true;
        requestBegins();
    }

    /** When the answer to this request has been sent, WebSocket's frames come, which have limits of their own. */
    void speaksWebSocket(ClientSocket now) {
        socket = now;
    }

    /** It does not after all. */
    void speaksHttp() {
        socket = null;
    }

    /** A request's head is whole. */
    void requestBegins() {
        betweenRequests = false;
        headSinceNanos = NOTHING_CAME;
    }

    /** The request was answered: what comes next is another's head. */
    void requestEnded() {
        betweenRequests = !http2 && socket == null;
    }

    /**
     * A request was answered before it was read to its end: a close leaves the client the time to read the answer. One
     * that sends too slowly has had its time.
     */
    void lingers() {
        lingers = !http2 && !tooSlow;
    }

    /** Tells an HTTP/2 client that its answer is whole and the rest of its request is not needed. */
    void stopBody(Request request) {
        if (getConnection() instanceof HTTP2Connection connection) {
            Stream stream = connection.getSession().getStream(Integer.parseInt(request.getId()));
            if (stream != null && !stream.isRemotelyClosed()) {
                stream.reset(new ResetFrame(stream.getId(), ErrorCode.NO_ERROR.code), Callback.NOOP);
            }
        }
    }

    @Override
    public boolean late(long nanos) {
        if (http2) {
            Http2Frames sent = frames;
            return sent != null && sent.late(nanos);
        }
        long since = headSinceNanos;
        return since != NOTHING_CAME && InputLimit.late(since, 0, nanos);
    }

    /**
     * Lets the idle limit pass now. A close from here would take buffers away from under whoever reads; Jetty ends what
     * is idle in step with its reading, and tells whoever waits for a body. Of HTTP/2 nothing more can be read: the client
     * hears GOAWAY, the answers under way may end, and then the connection closes.
     */
    @Override
    public void cut() {
        if (getConnection() instanceof HTTP2Connection connection) {
            HTTP2Session session = connection.getSession();
            session.close(ErrorCode.ENHANCE_YOUR_CALM_ERROR.code, "a frame came too slowly", Callback.NOOP);
            if (session.getStreams().isEmpty()) {
                close();
            }
        } else {
            tooSlow = true;
            setIdleTimeout(1);
        }
    }

    @Override
    public long idleNanos(long nanos) {
        if (lingering) {
            return Long.MAX_VALUE;
        }
        ClientSocket open = socket;
        if (open != null) {
            return open.busy() ? BUSY : TimeUnit.MILLISECONDS.toNanos(getIdleFor());
        }
        boolean idle = http2
                ? getConnection() instanceof HTTP2Connection connection
                        && connection.getSession().getStreams().isEmpty()
                : betweenRequests;
        return idle ? TimeUnit.MILLISECONDS.toNanos(getIdleFor()) : BUSY;
    }

    @Override
    public void evict() {
        if (lingering) {
            IO.close(getChannel());
        } else {
            lingers = false;
            close();
        }
    }

    @Override
    public void onOpen() {
        super.onOpen();
        slow.watch(this);
        connections.opened(this);
    }

    @Override
    public void doClose() {
        lingering = lingers && !ended && linger.close(getChannel(), () -> connections.closed(this));
        if (lingering) {
            key.cancel();
        } else {
            super.doClose();
        }
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        slow.forget(this);
        if (!lingering) {
            connections.closed(this);
        }
        super.onClose(cause);
    }

    /** Whether the client has closed its side, or the connection is broken. Does not block; on any thread. */
    boolean clientGone() {
        boolean gone = look();
        // The answer may have ended meanwhile, and the connection wait for the request that was just read ahead.
        if (!gone && isFillInterested()) {
            wake();
        }
        return gone;
    }

    private synchronized boolean look() {
        if (!isOpen()) {
            return true;
        }
        ByteBuffer bytes = ahead == null ? BufferUtil.allocate(LOOK_BYTES) : ahead;
        try {
            int read = super.fill(bytes);
            if (read > 0 && ahead == null) {
                // So that the client's going shows behind what it sent, unless it sent a lot.
                ahead = BufferUtil.allocate(AHEAD_BYTES);
                BufferUtil.append(ahead, bytes);
            }
            return read < 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** @param can false = {@link #fill} finds nothing until this is said again, without asking the system */
    void looks(boolean can) {
        looks = can;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled = filled(buffer);
        if (filled < 0) {
            ended = true;
        }
        Http2Frames sent = frames;
        if (filled > 0 && sent != null && !sent.read(buffer, buffer.limit() - filled, buffer.limit())) {
            frames = null;
        }
        if (filled > 0 && betweenRequests && headSinceNanos == NOTHING_CAME) {
            headSinceNanos = System.nanoTime() | 1;
        }
        return filled;
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        ClientSocket open = socket;
        long before = open == null ? 0 : BufferUtil.remaining(buffers);
        boolean all = super.flush(buffers);
        if (open != null && BufferUtil.remaining(buffers) < before) {
            open.taken();
        }
        return all;
    }

    private synchronized int filled(ByteBuffer buffer) throws IOException {
        ByteBuffer first = ahead;
        if (first == null) {
            return looks ? super.fill(buffer) : 0;
        }
        int filled = BufferUtil.append(buffer, first);
        if (!first.hasRemaining()) {
            ahead = null;
        }
        return filled;
    }

    private synchronized boolean hasAhead() {
        return ahead != null;
    }

    @Override
    public void fillInterested(Callback callback) {
        super.fillInterested(callback);
        wake();
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        boolean interested = super.tryFillInterested(callback);
        wake();
        return interested;
    }

    /** What was read ahead will not show on the socket again. */
    private void wake() {
        if (hasAhead()) {
            getFillInterest().fillable();
        }
    }
}
