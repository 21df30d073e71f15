package dev.thanosgateway.host.grpc;

import dev.thanosgateway.host.metrics.Metrics;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the protocol's calls, those refused at the gate included, and knows when the last one is over. The transport
 * tells of each call's end exactly once, on every path, when its last byte has been handed to the connection.
 */
final class Calls extends ServerStreamTracer.Factory {
    /** The endpoint's name in metrics and call records. */
    static final String ENDPOINT = "grpc";

    /** Keeps gRPC's numbers apart from HTTP's. */
    private static final int STATUS_OFFSET = 1_000;

    private static final String PREFIX = ThanosServiceGrpc.SERVICE_NAME + "/";

    private final Metrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int running;

    Calls(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        if (!fullMethodName.startsWith(PREFIX)) {
            return new ServerStreamTracer() {};
        }
        String name = fullMethodName.substring(PREFIX.length());
        boolean known = ThanosServiceGrpc.getServiceDescriptor().getMethods().stream()
                .anyMatch(m -> name.equals(m.getBareMethodName()));
        return new Running(known ? name : "other");
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

    private final class Running extends ServerStreamTracer {
        private final String method;
        private final long startNanos = System.nanoTime();

        Running(String method) {
            this.method = method;
            count(1);
            metrics.requestStarted(ENDPOINT);
        }

        @Override
        public void streamClosed(Status status) {
            count(-1);
            metrics.requestEnded(
                    ENDPOINT, method, STATUS_OFFSET + status.getCode().value(), System.nanoTime() - startNanos);
        }
    }
}
