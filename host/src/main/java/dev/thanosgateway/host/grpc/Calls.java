package dev.thanosgateway.host.grpc;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.decision.Decisions;
import dev.thanosgateway.host.dispatch.HeldBytes;
import dev.thanosgateway.host.dispatch.RequestMemory;
import dev.thanosgateway.host.metrics.Metrics;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Counts the protocol's calls, those refused at the gate included, and knows when the last one is over; counts what the
 * messages of every call hold, from their first byte on. The transport tells of each call's end exactly once, on every
 * path, when its last byte has been handed to the connection.
 */
final class Calls extends ServerStreamTracer.Factory {
    /** The endpoint's name in metrics and call records. */
    static final String ENDPOINT = "grpc";

    /** Keeps gRPC's numbers apart from HTTP's. */
    private static final int STATUS_OFFSET = 1_000;

    private static final String PREFIX = ThanosServiceGrpc.SERVICE_NAME + "/";

    /** The call being counted. */
    private static final Context.Key<Running> CALL = Context.key("thanos-running");

    private final Decisions decisions;
    private final HeldBytes held;
    private final Metrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int running;

    Calls(Decisions decisions, HeldBytes held, Metrics metrics) {
        this.decisions = decisions;
        this.held = held;
        this.metrics = metrics;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        if (!fullMethodName.startsWith(PREFIX)) {
            return new Inbound();
        }
        String name = fullMethodName.substring(PREFIX.length());
        boolean known = ThanosServiceGrpc.getServiceDescriptor().getMethods().stream()
                .anyMatch(m -> name.equals(m.getBareMethodName()));
        return new Running(known ? name : "other");
    }

    private static Running current() {
        Running running = CALL.get();
        if (running == null) {
            throw new IllegalStateException("no call is being counted here");
        }
        return running;
    }

    /** What the request of the current call holds. */
    static RequestMemory memory() {
        return current().memory;
    }

    /** The message of the current call was not read. */
    static void refuse(GatewayException why) {
        current().refused(why);
    }

    /** @throws GatewayException when the message of the current call was not read, with the reason */
    static void refusal() throws GatewayException {
        GatewayException why = current().refusal;
        if (why != null) {
            throw why;
        }
    }

    /** A chat's head was read: should the transport end the call before anybody else knows of it, it is noted why. */
    static void watch(CallHead head) {
        Running running = CALL.get();
        if (running != null) {
            running.head = head;
        }
    }

    /** Of what gRPC itself refuses, such as a message that is too large. */
    private static GatewayException refusal(Status status) {
        ErrorKind kind = switch (status.getCode()) {
            case CANCELLED, DEADLINE_EXCEEDED -> ErrorKind.CANCELLED;
            case RESOURCE_EXHAUSTED -> ErrorKind.TOO_LARGE;
            case UNIMPLEMENTED -> ErrorKind.UNSUPPORTED;
            case UNAVAILABLE -> ErrorKind.OVERLOADED;
            default -> ErrorKind.INVALID_REQUEST;
        };
        String why = status.getDescription();
        return new GatewayException(
                kind, "The call ended before its message was read" + (why == null ? "." : ": " + why + "."));
    }

    /** @return whether no call is running any more; false when {@code most} passed before */
    boolean awaitIdle(Duration most) throws InterruptedException {
        long left = most.toNanos();
        lock.lockInterruptibly();
        try {
            while (running > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            return running == 0;
        } finally {
            lock.unlock();
        }
    }

    private void count(int change) {
        lock.lock();
        try {
            running += change;
            if (running == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Counts what the transport holds of a call's message that is not whole. */
    private class Inbound extends ServerStreamTracer {
        final RequestMemory memory = held.request();
        private long wireBytes;

        @Override
        public void inboundWireSize(long bytes) {
            wireBytes += bytes;
            try {
                memory.grow(wireBytes);
            } catch (GatewayException e) {
                metrics.refused("body_budget");
                // Ends the call: nothing else can before its message is whole.
                throw Failures.of(e, null, 0);
            }
        }

        @Override
        public void streamClosed(Status status) {
            memory.close();
        }
    }

    private final class Running extends Inbound {
        private final String method;
        private final long startNanos = System.nanoTime();
        private volatile @Nullable CallHead head;
        private volatile @Nullable GatewayException refusal;

        Running(String method) {
            this.method = method;
            count(1);
            metrics.requestStarted(ENDPOINT);
        }

        private void refused(GatewayException why) {
            refusal = why;
            if (why.kind() == ErrorKind.OVERLOADED) {
                metrics.refused("body_budget");
            }
        }

        @Override
        public Context filterContext(Context context) {
            return context.withValue(CALL, this);
        }

        @Override
        public void streamClosed(Status status) {
            super.streamClosed(status);
            CallHead watched = head;
            if (watched != null && !status.isOk()) {
                watched.refused(decisions, refusal(status));
            }
            count(-1);
            metrics.requestEnded(
                    ENDPOINT, method, STATUS_OFFSET + status.getCode().value(), System.nanoTime() - startNanos);
        }
    }
}
