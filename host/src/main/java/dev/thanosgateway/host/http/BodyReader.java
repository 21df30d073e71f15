package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.dispatch.ByteBudget;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;

/** Reads one request's body without blocking, within its own limit and the budget of all. Used once. */
final class BodyReader implements Invocable.Task {
    /** Where the body goes; called once. What was taken from the budget is the caller's to give back. */
    interface Whole {
        void body(ByteBuffer body, long budgeted);

        void failed(GatewayException failure);

        /** The client hung up, or sent what is no HTTP. */
        void broken(Throwable failure);
    }

    private static final byte[] NOTHING = {};
    private static final int FIRST_BYTES = 8 * 1024;
    /** A length is only announced: no more than this is set aside before the bytes are there. */
    private static final int TRUSTED_BYTES = 256 * 1024;

    private final Request request;
    private final long limit;
    private final ByteBudget budget;
    private final Whole whole;
    private byte[] bytes = NOTHING;
    private int length;
    private long taken;

    BodyReader(Request request, long limit, ByteBudget budget, Whole whole) {
        this.request = request;
        this.limit = limit;
        this.budget = budget;
        this.whole = whole;
    }

    void start() {
        long announced = request.getLength();
        if (announced > limit) {
            whole.failed(tooLarge());
            return;
        }
        if (announced > 0 && !grow((int) Math.min(announced, TRUSTED_BYTES))) {
            whole.failed(overloaded());
            return;
        }
        run();
    }

    /** So that Jetty runs it where the bytes arrived, instead of handing it to a thread that may block. */
    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                budget.give(taken);
                whole.broken(chunk.getFailure());
                return;
            }
            GatewayException refused = keep(chunk.getByteBuffer());
            boolean last = chunk.isLast();
            chunk.release();
            if (refused != null) {
                budget.give(taken);
                whole.failed(refused);
                return;
            }
            if (last) {
                whole.body(ByteBuffer.wrap(bytes, 0, length), taken);
                return;
            }
        }
    }

    private @org.jspecify.annotations.Nullable GatewayException keep(ByteBuffer more) {
        int count = more.remaining();
        if (length + (long) count > limit) {
            return tooLarge();
        }
        if (bytes.length - length < count) {
            long most = request.getLength() > 0 ? request.getLength() : limit;
            long wanted = Math.max(length + (long) count, Math.min(most, Math.max(FIRST_BYTES, bytes.length * 2L)));
            if (!grow((int) wanted)) {
                return overloaded();
            }
        }
        more.get(bytes, length, count);
        length += count;
        return null;
    }

    private boolean grow(int size) {
        if (!budget.take(size - taken)) {
            return false;
        }
        taken = size;
        bytes = Arrays.copyOf(bytes, size);
        return true;
    }

    private GatewayException tooLarge() {
        return new GatewayException(
                ErrorKind.TOO_LARGE,
                "The body is larger than " + limit + " bytes. Send less, or raise [server] max_body_mb.");
    }

    private static GatewayException overloaded() {
        return new GatewayException(
                        ErrorKind.OVERLOADED, "The requests being served hold all the memory they may. Try again soon.")
                .withRetryAfter("1");
    }
}
