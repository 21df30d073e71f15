package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.config.Settings;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/**
 * One client's WebSocket. Frames become messages; a message waits until the answer to the one before is complete. The
 * next frame is read when this one is dealt with, so a client that sends faster than it reads waits, too.
 *
 * <p>Limits: see {@link #tick}, {@link FrameRate}, {@link MessageBytes}; {@link #MOST_WAITING} messages wait, and as many
 * again are refused in their turn.
 */
final class ClientSocket implements FrameHandler, Invocable {
    private static final int MOST_WAITING = 8;
    /** After so many frames in a row other connections have their turn. */
    private static final int TURN_FRAMES = 32;

    private static final long OPENING_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** How long a client may take to answer our closing. */
    private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Sockets sockets;
    private final SocketCaller caller;
    private final Executor threads;
    private final SocketTimes times;
    private final FrameRate rate;
    private final SocketMemory memory;
    private final Deque<SocketCall> waiting = new ArrayDeque<>();
    private volatile @Nullable CoreSession session;
    private volatile @Nullable MessageBytes coming;
    private @Nullable SocketCall running;
    private volatile boolean busy;
    private boolean gone;
    private int frames;
    /** When this side began to close; 0 = it has not. */
    private volatile long closingNanos;
    /** Not read any more, but not closed yet. */
    private volatile boolean held;

    /** @param threads move bytes, too, but not those of all clients as the selecting one does */
    ClientSocket(Sockets sockets, SocketCaller caller, Executor threads) {
        this.sockets = sockets;
        this.threads = threads;
        this.caller = caller;
        this.memory = new SocketMemory(sockets.memories());
        long now = System.nanoTime();
        this.times = new SocketTimes(now);
        this.rate = new FrameRate(now);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    SocketCaller caller() {
        return caller;
    }

    /** What it costs of the heap while it rests. */
    long heldBytes() {
        return Sockets.SOCKET_BYTES + caller.headerBytes();
    }

    /** What is remembered of the last answer. */
    SocketMemory memory() {
        return memory;
    }

    /** Whether an answer is under way, or a message arriving. */
    boolean busy() {
        return busy || coming != null;
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
        session = opened;
        callback.succeeded();
        opened.demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        CoreSession open = session;
        if (open == null) {
            callback.failed(new IllegalStateException("a frame before the socket is open"));
            return;
        }
        long now = System.nanoTime();
        times.heard(now);
        boolean closing = closingNanos != 0;
        if (!closing && !rate.takes(frame.getPayloadLength(), now)) {
            callback.succeeded();
            hold();
            return;
        }
        byte kind = frame.getOpCode();
        if (kind == OpCode.CLOSE) {
            leave();
            callback.succeeded();
        } else if (kind == OpCode.PING && !closing) {
            ByteBuffer payload = BufferUtil.copy(frame.getPayload());
            callback.succeeded();
            send(open, new Frame(OpCode.PONG, payload), then(() -> demand(open)));
        } else {
            if (!closing && kind != OpCode.PONG) {
                data(frame);
            }
            callback.succeeded();
            demand(open);
        }
    }

    /** Asks for the next frame. Inside of another's handling it is read at once, by the same thread. */
    private void demand(CoreSession open) {
        frames++;
        if (frames % TURN_FRAMES == 0) {
            threads.execute(open::demand);
        } else {
            open.demand();
        }
    }

    private void data(Frame frame) {
        if (frame.getOpCode() == OpCode.BINARY) {
            close(CloseStatus.BAD_DATA, "messages are text");
            return;
        }
        MessageBytes message = coming;
        if (message == null) {
            long limit = sockets.settings().server().maxBodyBytes();
            message = new MessageBytes(sockets.services().held().request(), limit);
            coming = message;
        }
        if (frame.hasPayload() && !message.add(frame.getPayload())) {
            drop();
            close(CloseStatus.MESSAGE_TOO_LARGE, "larger than [server] max_body_mb");
            return;
        }
        if (!frame.isFin()) {
            return;
        }
        if (!message.isUtf8()) {
            drop();
            close(CloseStatus.BAD_PAYLOAD, "not UTF-8");
            return;
        }
        coming = null;
        received(message);
    }

    private void drop() {
        MessageBytes message = coming;
        coming = null;
        if (message != null) {
            message.memory().close();
        }
    }

    private void received(MessageBytes message) {
        SocketCall call = new SocketCall(this, sockets, message);
        boolean starts;
        synchronized (this) {
            if (gone) {
                message.memory().close();
                return;
            }
            starts = running == null;
            if (starts) {
                running = call;
                busy = true;
            } else if (waiting.size() < 2 * MOST_WAITING) {
                await(call);
                return;
            }
        }
        if (starts) {
            call.start(message.startNanos());
        } else {
            message.memory().close();
            close(CloseStatus.POLICY_VIOLATION, "too many messages wait");
        }
    }

    /** Its turn comes, to be served or to be refused. */
    private void await(SocketCall call) {
        if (sockets.draining()) {
            call.refuse(new GatewayException(
                    ErrorKind.DRAINING, "The gateway is stopping. Open another socket, and send the message there."));
        } else if (waiting.size() < MOST_WAITING) {
            call.expect();
        } else {
            call.refuse(new GatewayException(
                    ErrorKind.RATE_LIMITED,
                    MOST_WAITING + " messages waited on this socket already. Wait for a response before the next"
                            + " message, or open another socket."));
        }
        waiting.add(call);
    }

    /** The running answer is complete: the next message's turn. */
    void next() {
        SocketCall call;
        long now = System.nanoTime();
        synchronized (this) {
            times.rests(now);
            call = waiting.poll();
            running = call;
            busy = call != null;
        }
        if (call != null) {
            call.start(now);
        } else if (sockets.draining()) {
            close(CloseStatus.SHUTDOWN, "the gateway is stopping");
        }
    }

    /** Sends messages; {@code sent} hears when the client has room for more. */
    void send(List<ByteBuffer> messages, Callback sent) {
        CoreSession open = session;
        if (open == null || messages.isEmpty()) {
            sent.succeeded();
            return;
        }
        int last = messages.size() - 1;
        for (int i = 0; i < last; i++) {
            open.sendFrame(new Frame(OpCode.TEXT, messages.get(i)), Callback.NOOP, true);
        }
        send(open, new Frame(OpCode.TEXT, messages.get(last)), sent);
    }

    private void send(CoreSession open, Frame frame, Callback sent) {
        times.sending(System.nanoTime());
        Callback counted = Callback.from(
                InvocationType.NON_BLOCKING,
                () -> {
                    times.sent(System.nanoTime());
                    sent.succeeded();
                },
                failure -> {
                    times.sent(System.nanoTime());
                    sent.failed(failure);
                });
        open.sendFrame(frame, counted, false);
    }

    /** The client took some of what is being sent. */
    void taken() {
        times.taken(System.nanoTime());
    }

    private static Callback then(Runnable work) {
        return Callback.from(InvocationType.NON_BLOCKING, work, failure -> {});
    }

    /** Closes this side; the client has {@link #CLOSING_NANOS} to close its own. */
    void close(int code, String reason) {
        CoreSession open = session;
        synchronized (this) {
            if (open == null || closingNanos != 0) {
                return;
            }
            closingNanos = System.nanoTime() | 1;
        }
        leave();
        open.close(code, reason, Callback.NOOP);
    }

    /**
     * Reads no more of a client that floods, and closes {@link #CLOSING_NANOS} later: reading on would cost as much, and a
     * client that is closed at once comes back at once.
     */
    private void hold() {
        synchronized (this) {
            if (closingNanos != 0) {
                return;
            }
            held = true;
            closingNanos = System.nanoTime() | 1;
        }
        leave();
    }

    /** Ends a closing that lasts too long, and closes what was held. */
    private void endClosing(CoreSession open, long now) {
        if (now - closingNanos <= CLOSING_NANOS) {
            return;
        }
        if (held) {
            held = false;
            closingNanos = now | 1;
            open.close(CloseStatus.POLICY_VIOLATION, "too many small frames", Callback.NOOP);
        } else {
            open.abort();
        }
    }

    /** The client takes no more answers. */
    private void leave() {
        SocketCall call;
        synchronized (this) {
            gone = true;
            call = running;
            waiting.forEach(SocketCall::discard);
            waiting.clear();
        }
        if (call != null) {
            call.clientGone();
        }
        memory.close();
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        leave();
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        leave();
        drop();
        sockets.closed(this);
        callback.succeeded();
    }

    /** Ends what takes too long. Every second. */
    void tick(long now) {
        CoreSession open = session;
        if (open == null) {
            if (times.opensTooLong(now, OPENING_NANOS)) {
                sockets.closed(this);
            }
            return;
        }
        Settings.Sockets limits = sockets.settings().server().sockets();
        long ping = TimeUnit.MILLISECONDS.toNanos(limits.pingMillis());
        MessageBytes message = coming;
        if (closingNanos != 0) {
            endClosing(open, now);
        } else if (times.gone(now, ping)) {
            leave();
            open.abort();
        } else if (message != null && message.late(now)) {
            close(CloseStatus.POLICY_VIOLATION, "the message comes too slowly");
        } else if (!busy() && times.restsTooLong(now, TimeUnit.MILLISECONDS.toNanos(limits.idleMillis()))) {
            close(CloseStatus.SHUTDOWN, "idle");
        } else if (!busy() && times.opensTooLong(now, TimeUnit.MILLISECONDS.toNanos(limits.maxAgeMillis()))) {
            expire(TimeUnit.MILLISECONDS.toMinutes(limits.maxAgeMillis()));
        } else if (times.pings(now, ping)) {
            open.sendFrame(new Frame(OpCode.PING), Callback.NOOP, false);
        }
    }

    private void expire(long minutes) {
        SocketCall last = new SocketCall(
                this, sockets, new MessageBytes(sockets.services().held().request(), 0));
        synchronized (this) {
            if (running != null) {
                return;
            }
            running = last;
            busy = true;
        }
        last.expire(minutes, () -> close(CloseStatus.SHUTDOWN, "open for as long as it may be"));
    }

    /** Closes now if it rests, else when its answer is complete. */
    void drain() {
        if (!busy) {
            close(CloseStatus.SHUTDOWN, "the gateway is stopping");
        }
    }
}
