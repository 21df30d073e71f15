package dev.thanosgateway.host.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * Writes much in pieces, one when the one before has gone: the JDK copies what a write is given into memory outside of
 * the heap, all of it, and again each time that a slow client took some.
 */
final class SlicedWrite extends IteratingCallback {
    static final int SLICE_BYTES = 256 * 1024;

    private final Response response;
    private final boolean last;
    private final ByteBuffer bytes;
    private final Callback written;

    /** @param written told once, when all has gone or nothing more can */
    SlicedWrite(Response response, boolean last, ByteBuffer bytes, Callback written) {
        this.response = response;
        this.last = last;
        this.bytes = bytes.duplicate();
        this.written = written;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    protected Action process() {
        int size = Math.min(SLICE_BYTES, bytes.remaining());
        if (size == 0) {
            return Action.SUCCEEDED;
        }
        ByteBuffer slice = bytes.slice(bytes.position(), size);
        bytes.position(bytes.position() + size);
        response.write(last && !bytes.hasRemaining(), slice, this);
        return Action.SCHEDULED;
    }

    @Override
    protected void onCompleteSuccess() {
        written.succeeded();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        written.failed(cause);
    }
}
