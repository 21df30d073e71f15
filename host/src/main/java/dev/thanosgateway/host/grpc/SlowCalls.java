package dev.thanosgateway.host.grpc;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.inbound.InputLimit;
import dev.thanosgateway.host.inbound.SlowClients;
import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls whose request is late by {@link InputLimit}: a call with one message from its head to the end of that
 * message, a call with a stream of messages from each message's first bytes to its last.
 */
final class SlowCalls extends ServerStreamTracer.Factory implements ServerInterceptor {
    private static final Context.Key<Incoming> INCOMING = Context.key("thanos-incoming");
    private static final long NOTHING = 0;

    private final SlowClients slow;

    SlowCalls(SlowClients slow) {
        this.slow = slow;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        return new Incoming();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Incoming incoming = INCOMING.get();
        if (incoming == null) {
            return next.startCall(call, headers);
        }
        boolean one = call.getMethodDescriptor().getType().clientSendsOneMessage();
        incoming.watch(call, one);
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            @Override
            public void onMessage(Q message) {
                if (!incoming.cut) {
                    super.onMessage(message);
                }
            }

            @Override
            public void onHalfClose() {
                if (incoming.complete()) {
                    super.onHalfClose();
                }
            }

            @Override
            public void onCancel() {
                incoming.complete();
                super.onCancel();
            }

            @Override
            public void onComplete() {
                incoming.complete();
                super.onComplete();
            }
        };
    }

    /** The request of one call. The transport's thread feeds it, the watch ends it. */
    private final class Incoming extends ServerStreamTracer implements SlowClients.Watched {
        private final AtomicLong bytes = new AtomicLong();
        /** Who takes it decides whether the call goes on or ends. */
        private final AtomicReference<@Nullable ServerCall<?, ?>> open = new AtomicReference<>();

        private volatile boolean one;
        /** When what is half sent began; {@link #NOTHING} = nothing is. */
        private volatile long sinceNanos = NOTHING;

        private volatile boolean cut;

        @Override
        public Context filterContext(Context context) {
            return context.withValue(INCOMING, this);
        }

        @Override
        public void inboundWireSize(long more) {
            bytes.addAndGet(more);
        }

        @Override
        public void inboundMessage(int number) {
            if (!one) {
                bytes.set(0);
                sinceNanos = System.nanoTime() | 1;
            }
        }

        @Override
        public void inboundMessageRead(int number, long wireSize, long size) {
            if (!one) {
                sinceNanos = NOTHING;
            }
        }

        private void watch(ServerCall<?, ?> call, boolean hasOneMessage) {
            one = hasOneMessage;
            if (hasOneMessage) {
                sinceNanos = System.nanoTime() | 1;
            }
            open.set(call);
            slow.watch(this);
        }

        /** @return false = it was cut before, or was complete already */
        private boolean complete() {
            slow.forget(this);
            return open.getAndSet(null) != null;
        }

        @Override
        public boolean late(long nanos) {
            long since = sinceNanos;
            return since != NOTHING && InputLimit.late(since, bytes.get(), nanos);
        }

        @Override
        public void cut() {
            ServerCall<?, ?> late = open.getAndSet(null);
            slow.forget(this);
            if (late != null) {
                cut = true;
                StatusRuntimeException failure = Failures.of(
                        new GatewayException(
                                ErrorKind.INVALID_REQUEST,
                                "The message came too slowly: it has " + InputLimit.RULE + ". Send it faster."),
                        null,
                        0);
                Metadata trailers = failure.getTrailers();
                late.close(failure.getStatus(), trailers == null ? new Metadata() : trailers);
            }
        }
    }
}
