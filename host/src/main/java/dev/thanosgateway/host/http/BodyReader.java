package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.dispatch.RequestMemory;
import dev.thanosgateway.host.inbound.ContentCoding;
import dev.thanosgateway.host.inbound.InputLimit;
import dev.thanosgateway.host.inbound.SlowClients;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request's body without blocking, within its own limit and the memory for all, and has it decoded if it is
 * compressed. Used once.
 */
final class BodyReader implements Invocable.Task, SlowClients.Watched {
    /** Where the body goes; called once. */
    interface Whole {
        void body(ByteBuffer body);

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
    private final RequestMemory memory;
    private final SlowClients slow;
    private final BodyUnpacker unpacker;
    private final Whole whole;
    private final long startNanos = System.nanoTime();
    private boolean over;
    /** Whether it is being cut off for coming too slowly. */
    private boolean slowly;

    private List<ContentCoding> codings = List.of();
    private byte[] bytes = NOTHING;
    private int length;

    /** @param memory holds the body from its first byte on; given back here only if there is no body in the end */
    BodyReader(
            Request request, long limit, RequestMemory memory, SlowClients slow, BodyUnpacker unpacker, Whole whole) {
        this.request = request;
        this.limit = limit;
        this.memory = memory;
        this.slow = slow;
        this.unpacker = unpacker;
        this.whole = whole;
    }

    void start() {
        try {
            if (request.getHeaders().contains(HttpHeader.CONTENT_ENCODING)) {
                codings = ContentCoding.of(request.getHeaders().getValuesList(HttpHeader.CONTENT_ENCODING));
            }
            long announced = request.getLength();
            if (announced > limit) {
                throw tooLarge();
            }
            memory.announced(announced);
            if (announced > 0) {
                grow((int) Math.min(announced, TRUSTED_BYTES));
            }
        } catch (GatewayException e) {
            forget();
            whole.failed(e);
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
        Runnable outcome = read();
        if (outcome != null) {
            slow.forget(this);
            outcome.run();
        }
    }

    /** Reads what is there. @return what came of it; null = more is to come, or it was cut off */
    private synchronized @Nullable Runnable read() {
        while (!over) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                slow.watch(this);
                request.demand(this);
                return null;
            }
            if (Content.Chunk.isFailure(chunk)) {
                over = true;
                forget();
                return slowly ? () -> whole.failed(tooSlow()) : () -> whole.broken(chunk.getFailure());
            }
            GatewayException refused = keep(chunk.getByteBuffer());
            boolean last = chunk.isLast();
            chunk.release();
            over = last || refused != null;
            if (refused != null) {
                forget();
                return () -> whole.failed(refused);
            }
            if (last) {
                return this::whole;
            }
        }
        return null;
    }

    private void whole() {
        if (codings.isEmpty() || length == 0) {
            whole.body(ByteBuffer.wrap(bytes, 0, length));
            return;
        }
        BodyUnpacker.Packed packed = new BodyUnpacker.Packed(codings, ByteBuffer.wrap(bytes, 0, length), limit, memory);
        bytes = NOTHING;
        unpacker.unpack(packed, whole);
    }

    @Override
    public synchronized boolean late(long nanos) {
        return InputLimit.late(startNanos, length, nanos);
    }

    @Override
    public void cut() {
        synchronized (this) {
            if (over || slowly) {
                return;
            }
            slowly = true;
            over = http2();
        }
        if (!http2()) {
            // Comes back as a failure of the read that waits.
            ClientEndPoint.of(request).cut();
            return;
        }
        slow.forget(this);
        forget();
        whole.failed(tooSlow());
    }

    private boolean http2() {
        return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
    }

    private static GatewayException tooSlow() {
        return new GatewayException(
                ErrorKind.INVALID_REQUEST, "The body came too slowly: it has " + InputLimit.RULE + ". Send it faster.");
    }

    private @Nullable GatewayException keep(ByteBuffer more) {
        int count = more.remaining();
        if (length + (long) count > limit) {
            return tooLarge();
        }
        if (bytes.length - length < count) {
            long most = request.getLength() > 0 ? request.getLength() : limit;
            long wanted = Math.max(length + (long) count, Math.min(most, Math.max(FIRST_BYTES, bytes.length * 2L)));
            try {
                grow((int) wanted);
            } catch (GatewayException e) {
                return e;
            }
        }
        more.get(bytes, length, count);
        length += count;
        return null;
    }

    private void grow(int size) throws GatewayException {
        memory.grow(size);
        bytes = Arrays.copyOf(bytes, size);
    }

    /** There is no body in the end: what came of it may go while the rest of it is still read and thrown away. */
    private synchronized void forget() {
        bytes = NOTHING;
        length = 0;
        memory.close();
    }

    private GatewayException tooLarge() {
        return new GatewayException(
                ErrorKind.TOO_LARGE,
                "The body is larger than " + limit + " bytes. Send less, or raise [server] max_body_mb.");
    }
}
