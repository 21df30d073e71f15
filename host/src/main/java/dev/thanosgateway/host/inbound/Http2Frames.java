package dev.thanosgateway.host.inbound;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Follows where the frames of an HTTP/2 client begin and end, to know what it has half sent: its preface, a frame, or a
 * block of headers that goes on in further frames. Fed by one thread at a time; {@link #late} is for any thread.
 */
public final class Http2Frames {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = 9;
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;
    private static final long NOTHING = 0;

    private int prefaced;
    private int headed;
    private int length;
    private int type;
    private int flags;
    private int payloadLeft;
    private boolean headersOpen;
    private boolean foreign;

    /** When what is half sent began; {@link #NOTHING} = nothing is. */
    private volatile long sinceNanos = NOTHING;

    private volatile long bytes;

    /**
     * Takes what the client sent next.
     *
     * @param from read by index; its position stays
     * @return false = this is no HTTP/2; nothing more need be fed
     */
    public boolean read(ByteBuffer from, int start, int end) {
        int at = start;
        while (at < end && !foreign) {
            begin();
            at = step(from, at, end);
        }
        return !foreign;
    }

    /** Waits for the first byte as if it had come already. */
    public void expectPreface() {
        sinceNanos = System.nanoTime() | 1;
    }

    /** Whether what is half sent is late by {@link InputLimit}. */
    public boolean late(long nanos) {
        long since = sinceNanos;
        return since != NOTHING && InputLimit.late(since, bytes, nanos);
    }

    private void begin() {
        if (sinceNanos == NOTHING) {
            bytes = 0;
            sinceNanos = System.nanoTime() | 1;
        }
    }

    private int step(ByteBuffer from, int at, int end) {
        if (prefaced < PREFACE.length) {
            foreign = from.get(at) != PREFACE[prefaced];
            if (++prefaced == PREFACE.length) {
                sinceNanos = NOTHING;
            }
            return at + 1;
        }
        if (headed < HEADER_BYTES) {
            header(from.get(at) & 0xff);
            complete();
            return at + 1;
        }
        int taken = Math.min(payloadLeft, end - at);
        payloadLeft -= taken;
        long all = bytes + taken;
        bytes = all;
        complete();
        return at + taken;
    }

    private void header(int next) {
        if (headed < TYPE_AT) {
            length = length << 8 | next;
        } else if (headed == TYPE_AT) {
            type = next;
        } else if (headed == FLAGS_AT) {
            flags = next;
        }
        headed++;
        payloadLeft = length;
    }

    /** A frame that has all its bytes is over; so is what is half sent, unless a block of headers goes on. */
    private void complete() {
        if (headed < HEADER_BYTES || payloadLeft > 0) {
            return;
        }
        if (type == HEADERS || type == CONTINUATION) {
            headersOpen = (flags & END_HEADERS) == 0;
        }
        headed = 0;
        length = 0;
        if (!headersOpen) {
            sinceNanos = NOTHING;
        }
    }
}
