package dev.thanosgateway.host.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that can be asked whether the client is still there. HTTP/1.1 reads nothing while an answer is
 * on its way, so a client that hangs up would be noticed at the next write only, which for a whole answer is the end.
 * Looking means reading; what a pipelining client has sent by then is kept for the reader it is meant for.
 */
final class ClientEndPoint extends SocketChannelEndPoint {
    private static final int LOOK_BYTES = 16;
    private static final int AHEAD_BYTES = 4096;

    private @Nullable ByteBuffer ahead;

    ClientEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
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

    @Override
    public synchronized int fill(ByteBuffer buffer) throws IOException {
        ByteBuffer first = ahead;
        if (first == null) {
            return super.fill(buffer);
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
