package dev.thanosgateway.host.http;

import java.nio.ByteBuffer;

/** What a socket's dialect remembers of its last answer. Any thread. */
final class SocketMemory {
    static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final SocketMemories all;
    private volatile ByteBuffer bytes = NOTHING;
    private boolean closed;

    SocketMemory(SocketMemories all) {
        this.all = all;
    }

    /** Read-only, with its own position; empty = nothing was remembered, or it had to make room for others. */
    ByteBuffer bytes() {
        return bytes.asReadOnlyBuffer();
    }

    /** Takes the place of what was there; nothing does where there is no room, or it is larger than a message may be. */
    synchronized void set(ByteBuffer now, long limit) {
        // Before it is counted: from then on others may evict it.
        bytes = now;
        if (closed || now.remaining() > limit || !all.keep(this, now.capacity())) {
            bytes = NOTHING;
            all.forget(this);
        }
    }

    void clear() {
        set(NOTHING, 0);
    }

    /** Others need the room. */
    void evict() {
        bytes = NOTHING;
    }

    synchronized void close() {
        closed = true;
        bytes = NOTHING;
        all.forget(this);
    }
}
