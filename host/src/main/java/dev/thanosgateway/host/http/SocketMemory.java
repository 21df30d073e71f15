package dev.thanosgateway.host.http;

import dev.thanosgateway.host.dispatch.ByteBudget;
import dev.thanosgateway.host.dispatch.HeldBytes;
import java.nio.ByteBuffer;

/** What a socket's dialect remembers of its last answer, counted in the memory of all calls. Any thread. */
final class SocketMemory {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final ByteBudget.Share share;
    private ByteBuffer bytes = NOTHING;
    private boolean closed;

    SocketMemory(HeldBytes held) {
        this.share = held.memory().share();
    }

    /** Read-only, with its own position. */
    synchronized ByteBuffer bytes() {
        return bytes.asReadOnlyBuffer();
    }

    /** Takes the place of what was there; nothing does where there is no room, or it is larger than a message may be. */
    synchronized void set(ByteBuffer now, long limit) {
        boolean fits = !closed && now.remaining() <= limit && share.settle(now.capacity());
        if (!fits) {
            share.settle(0);
        }
        bytes = fits ? now : NOTHING;
    }

    synchronized void clear() {
        set(NOTHING, 0);
    }

    synchronized void close() {
        closed = true;
        bytes = NOTHING;
        share.close();
    }
}
