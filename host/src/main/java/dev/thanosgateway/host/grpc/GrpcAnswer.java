package dev.thanosgateway.host.grpc;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.host.dispatch.Answer;
import dev.thanosgateway.host.dispatch.Begun;
import dev.thanosgateway.host.dispatch.ChatCall;
import dev.thanosgateway.host.dispatch.Untaken;
import io.grpc.stub.ServerCallStreamObserver;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One answer on its way to a gRPC client. Only the dispatcher writes, one thread at a time; {@link #writable()} and
 * {@link #cancel()} come from the client's side at any moment and write nothing.
 */
final class GrpcAnswer implements Answer {
    private final ServerCallStreamObserver<dev.thanosgateway.proto.ChatResponse> out;
    private final CallHead head;
    private final Untaken untaken;
    private final AtomicBoolean over = new AtomicBoolean();
    /** What to run when the client can take more. */
    private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();

    private volatile @Nullable ChatCall call;
    private volatile boolean cancelled;
    private @Nullable ResponseWriter writer;
    /** Bytes sent since the client was last ready for more. */
    private long waitingBytes;

    private @Nullable String provider;

    /** @param untaken for what the client has not taken when the call is over; closed by {@link #closed} */
    GrpcAnswer(ServerCallStreamObserver<dev.thanosgateway.proto.ChatResponse> out, CallHead head, Untaken untaken) {
        this.out = out;
        this.head = head;
        this.untaken = untaken;
    }

    /** Tells which call to cancel when the client goes; it may have gone already. */
    void serving(ChatCall served) {
        call = served;
        if (cancelled) {
            served.cancel();
        }
    }

    /** The client has gone, or its deadline has passed. */
    void cancel() {
        cancelled = true;
        closed();
        waiting.set(null);
        ChatCall served = call;
        if (served != null) {
            served.cancel();
        }
    }

    /** The client has everything, or is gone. */
    void closed() {
        untaken.close();
    }

    /** The client may be able to take more. */
    void writable() {
        if (out.isReady()) {
            Runnable ready = waiting.getAndSet(null);
            if (ready != null) {
                ready.run();
            }
        }
    }

    @Override
    public void whole(Begun begun, ChatResponse response) {
        began(begun);
        send(ResponseWriter.whole(begun, response));
        end();
    }

    @Override
    public void begin(Begun begun) {
        began(begun);
        writer = new ResponseWriter(begun, this::send);
    }

    @Override
    public void event(ChatEvent event) {
        ResponseWriter to = writer;
        if (to == null) {
            throw new IllegalStateException("an event before the answer began");
        }
        to.event(event);
    }

    @Override
    public void flush(Runnable ready) {
        // Every message went out as it came. Set before asking: the client may become ready in between.
        if (!cancelled) {
            waiting.set(() -> {
                waitingBytes = 0;
                ready.run();
            });
            writable();
        }
    }

    private void send(dev.thanosgateway.proto.ChatResponse message) {
        waitingBytes += message.getSerializedSize();
        out.onNext(message);
    }

    /** Nothing else counts what a slow client leaves with us from here on. */
    private void holdLast() {
        untaken.add(waitingBytes);
    }

    @Override
    public void end() {
        if (over.compareAndSet(false, true)) {
            holdLast();
            out.onCompleted();
        }
    }

    @Override
    public void failing(Begun last) {
        began(last);
    }

    @Override
    public void fail(GatewayException error, int attempts) {
        if (over.compareAndSet(false, true)) {
            holdLast();
            out.onError(Failures.of(error, provider, attempts));
        }
    }

    @Override
    public void whole(Begun begun, ByteBuffer body) {
        throw noOriginal();
    }

    @Override
    public void frames(ByteBuffer frame) {
        throw noOriginal();
    }

    private void began(Begun begun) {
        provider = begun.provider();
        head.begun(begun);
    }

    private static IllegalStateException noOriginal() {
        return new IllegalStateException("a gRPC request has no original to relay");
    }
}
