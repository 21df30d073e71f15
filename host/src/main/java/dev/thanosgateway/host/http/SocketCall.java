package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.SocketEndpoint;
import dev.thanosgateway.api.dialect.SocketTurn;
import dev.thanosgateway.host.admission.Verdict;
import dev.thanosgateway.host.decision.Arrival;
import dev.thanosgateway.host.dispatch.Answer;
import dev.thanosgateway.host.dispatch.Begun;
import dev.thanosgateway.host.dispatch.CallInfo;
import dev.thanosgateway.host.dispatch.ChatCall;
import dev.thanosgateway.host.dispatch.HeldBytes;
import dev.thanosgateway.host.dispatch.KeptAnswer;
import dev.thanosgateway.host.dispatch.Untaken;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One message of a socket and its answer: checked, admitted, dispatched, counted and recorded as a request over HTTP is.
 * The dialect's code runs on its bundle's lane. It ends exactly once and then gives everything back.
 */
final class SocketCall implements Answer {
    private static final Logger LOG = LoggerFactory.getLogger(SocketCall.class);

    private final ClientSocket socket;
    private final Sockets sockets;
    private final Sockets.Services services;
    private final MessageBytes message;
    private final String requestId = RequestIds.of(null);
    /** When the time of this request began: with its first frame, or when the answers before it were complete. */
    private volatile long startNanos = System.nanoTime();
    /** Why it is not served when its turn comes. */
    private volatile @Nullable GatewayException refusal;
    /** Ends the expectation of the dispatcher that it comes. */
    private volatile @Nullable Runnable expected;

    private final KeptAnswer kept;
    private final Untaken untaken;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();
    private List<ByteBuffer> out = new ArrayList<>();
    private RouteTable.@Nullable Match match;
    private @Nullable SocketLane lane;
    private @Nullable SocketTurn turn;
    /** What the turn keeps of its message, which is counted as a part of the request. */
    private long readBytes;

    private volatile Verdict verdict = Verdict.OPEN;
    private volatile boolean dispatched;
    private volatile @Nullable ChatCall call;
    private volatile boolean gone;
    private volatile boolean next = true;
    /** Why nothing of the answer is written any more: it needs more memory than there is. */
    private @Nullable GatewayException givenUp;

    SocketCall(ClientSocket socket, Sockets sockets, MessageBytes message) {
        this.socket = socket;
        this.sockets = sockets;
        this.services = sockets.services();
        this.message = message;
        this.kept = services.held().keptAnswer();
        this.untaken = services.held().untaken();
    }

    private interface Step {
        void run() throws GatewayException;
    }

    /** It waits for its turn, and will be served then, also by a gateway that is stopping. */
    void expect() {
        expected = services.dispatcher().expect();
    }

    /** When its turn comes it is answered with a failure. */
    void refuse(GatewayException why) {
        refusal = why;
        message.drop();
    }

    /** Its turn never comes. */
    void discard() {
        message.memory().close();
        met();
    }

    private void met() {
        Runnable waited = expected;
        if (waited != null) {
            waited.run();
        }
    }

    /** Serves the message, or refuses it. */
    void start(long nanos) {
        startNanos = nanos;
        begin(() -> {
            GatewayException why = refusal;
            if (why != null) {
                throw why;
            }
            check();
            Incoming asking = socket.caller().message(message.whole());
            SocketTurn read = endpoint().read(asking, past(asking));
            turn = read;
            message.dropBytes();
            readBytes = read.kept();
            message.memory().messageRead(readBytes);
            ChatRequest asked = read.request();
            if (asked == null) {
                end();
                return;
            }
            dispatched = true;
            CallInfo info = new CallInfo(
                    arrival(), Long.MAX_VALUE, socket.caller().forwarded(), message.memory(), expected != null);
            ChatCall started = services.dispatcher().dispatch(asked, info, this);
            call = started;
            if (gone) {
                started.cancel();
            }
        });
    }

    /** Tells that the socket has been open for as long as it may. */
    void expire(long minutes, Runnable told) {
        next = false;
        begin(() -> {
            out.add(endpoint().expired(minutes));
            flush(() -> {
                finish(200);
                told.run();
            });
        });
    }

    private void begin(Step step) {
        RouteTable.Match leased = services.lease().apply(socket.caller().path());
        services.open().incrementAndGet();
        if (leased == null || !(leased.endpoint() instanceof SocketEndpoint)) {
            if (leased != null) {
                leased.dialect().release();
            }
            discard();
            services.open().decrementAndGet();
            socket.close(CloseStatus.SERVICE_RESTART, "nothing speaks this path's language any more");
            return;
        }
        match = leased;
        services.metrics().requestStarted(leased.name());
        lane = new SocketLane(leased.dialect(), this::broken);
        write(step);
    }

    private RouteTable.Match match() {
        RouteTable.Match leased = match;
        if (leased == null) {
            throw new IllegalStateException("a call that has not begun");
        }
        return leased;
    }

    private SocketLane lane() {
        SocketLane begun = lane;
        if (begun == null) {
            throw new IllegalStateException("a call that has not begun");
        }
        return begun;
    }

    private SocketEndpoint endpoint() {
        return (SocketEndpoint) match().endpoint();
    }

    private SocketTurn turn() {
        SocketTurn read = turn;
        if (read == null) {
            throw new IllegalStateException("an answer to a message that was not read");
        }
        return read;
    }

    /** Whether the caller may still call, and its message be read. */
    private void check() throws GatewayException {
        if (services.access().keyRequired()) {
            services.access().checkKey(socket.caller().key());
        }
        Verdict said = services.admission().admit(socket.caller().caller());
        verdict = said;
        GatewayException refusal = said.refusal();
        if (refusal != null) {
            services.metrics().rateLimited(match().name());
            throw refusal;
        }
        message.memory().message(message.whole(), SocketMemory.NOTHING);
    }

    /** What the message builds on, for which there is room then. */
    private ByteBuffer past(Incoming asking) throws GatewayException {
        if (!endpoint().continues(asking)) {
            return SocketMemory.NOTHING.duplicate();
        }
        ByteBuffer past = socket.memory().bytes();
        long limit = sockets.settings().server().maxBodyBytes();
        if (message.whole().remaining() + (long) past.remaining() > limit) {
            throw MessageBytes.tooLarge(limit);
        }
        message.memory().message(message.whole(), past);
        return past;
    }

    private Arrival arrival() {
        return new Arrival(
                requestId,
                match().name(),
                startNanos,
                true,
                socket.caller().caller().keyId());
    }

    /** The client is no longer there. On any thread. */
    void clientGone() {
        gone = true;
        ChatCall running = call;
        if (running != null) {
            running.cancel();
        }
    }

    /** Runs the dialect's code; a defect of it ends this answer and no other. */
    private void write(Step step) {
        lane().execute(() -> {
            try {
                step.run();
            } catch (GatewayException e) {
                refused(e);
            } catch (OutOfMemoryError e) {
                refused(HeldBytes.exhausted(e));
            } catch (Exception | Error e) {
                LOG.error("A message of a socket failed.", e);
                refused(new GatewayException(ErrorKind.INTERNAL, "The gateway failed; its log has the details.", e));
            }
        });
    }

    private void refused(GatewayException why) {
        ChatCall running = call;
        if (running != null) {
            running.cancel();
        }
        if (!dispatched) {
            services.dispatcher().decisions().refused(arrival(), why);
        }
        tell(why);
    }

    /** The dialect's code cannot be run any more. */
    private void broken(GatewayException why) {
        clientGone();
        finish(why.kind().httpStatus());
        socket.close(CloseStatus.SERVER_ERROR, "the gateway failed");
    }

    /** Ends the answer with a failure, unless it has ended. */
    private void tell(GatewayException why) {
        if (!told.compareAndSet(false, true)) {
            return;
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>(verdict.headers());
        String retryAfter = why.retryAfter();
        if (retryAfter != null) {
            headers.add(Map.entry("retry-after", retryAfter));
        }
        headers.add(Map.entry("x-request-id", requestId));
        out = new ArrayList<>();
        try {
            out.add(endpoint().error(why, headers));
        } catch (Exception | Error e) {
            LOG.error(
                    "The dialect of {} cannot write an error.",
                    match().dialect().bundle(),
                    e);
            broken(why);
            return;
        }
        send(() -> finish(why.kind().httpStatus()));
    }

    @Override
    public void begin(Begun begun) {
        write(() -> turn().begin(begun));
    }

    @Override
    public void event(ChatEvent event) {
        write(() -> {
            if (givenUp == null && !told.get()) {
                turn().event(event, out::add);
                count();
            }
        });
    }

    private void count() {
        long waiting = 0;
        for (ByteBuffer one : out) {
            waiting += one.remaining();
        }
        try {
            kept.keeps(Math.max(0, turn().kept() - readBytes) + waiting);
        } catch (GatewayException e) {
            givenUp = e;
            out = new ArrayList<>();
            ChatCall running = call;
            if (running != null) {
                running.failWith(e);
            }
        }
    }

    @Override
    public void frames(ByteBuffer frames) {
        write(() -> {
            if (givenUp == null && !told.get()) {
                turn().frames(frames, out::add);
                count();
            }
        });
    }

    @Override
    public void flush(Runnable ready) {
        write(() -> send(ready));
    }

    private void send(Runnable ready) {
        List<ByteBuffer> now = out;
        out = new ArrayList<>();
        socket.send(now, Callback.from(InvocationType.NON_BLOCKING, ready, failure -> lost()));
    }

    private void lost() {
        clientGone();
        finish(499);
    }

    @Override
    public void end() {
        write(() -> {
            GatewayException failure = givenUp;
            if (failure != null) {
                forget();
                tell(failure);
                return;
            }
            if (told.get()) {
                return;
            }
            turn().end(out::add);
            socket.memory().set(turn().memory(), sockets.settings().server().maxBodyBytes());
            out.forEach(one -> untaken.add(one.remaining()));
            send(() -> finish(200));
        });
    }

    private void forget() {
        socket.memory().clear();
    }

    @Override
    public void fail(GatewayException error, int attempts) {
        if (gone) {
            finish(499);
            return;
        }
        write(() -> {
            forget();
            tell(error);
        });
    }

    @Override
    public void whole(Begun begun, ChatResponse response) {
        fail(new GatewayException(ErrorKind.INTERNAL, "A socket's answers stream."), begun.attempts());
    }

    @Override
    public void whole(Begun begun, ByteBuffer body) {
        fail(new GatewayException(ErrorKind.INTERNAL, "A socket's answers stream."), begun.attempts());
    }

    private void finish(int status) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        message.memory().close();
        kept.close();
        untaken.close();
        met();
        lane().close();
        services.open().decrementAndGet();
        services.metrics().requestEnded(match().name(), "GET", status, System.nanoTime() - startNanos);
        if (next) {
            socket.next();
        }
    }
}
