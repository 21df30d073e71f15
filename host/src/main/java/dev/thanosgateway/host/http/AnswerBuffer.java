package dev.thanosgateway.host.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Collects what one write sends. The view is valid until the next change. */
final class AnswerBuffer extends ByteArrayOutputStream {
    /** What a burst made it grow to is not kept for the rest of a long stream. */
    private static final int KEPT_BYTES = 16 * 1024;

    AnswerBuffer() {
        super(512);
    }

    ByteBuffer view() {
        return ByteBuffer.wrap(buf, 0, count);
    }

    void sent() {
        if (buf.length > KEPT_BYTES) {
            buf = new byte[512];
        }
        count = 0;
    }
}
