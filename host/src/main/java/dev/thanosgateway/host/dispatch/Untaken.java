package dev.thanosgateway.host.dispatch;

/** What a client has not taken yet of an answer whose call is over. Any thread. */
public final class Untaken {
    private final HeldBytes all;
    private long held;
    private boolean closed;

    Untaken(HeldBytes all) {
        this.all = all;
    }

    /** Counts bytes that are there already, whether there is room or not; few are not counted. */
    public synchronized void add(long bytes) {
        if (!closed && bytes > HeldBytes.FREE_BYTES) {
            held += bytes;
            all.answers().add(bytes);
            all.memory().add(bytes);
        }
    }

    /** The client has everything, or is gone. Any number of times. */
    public synchronized void close() {
        closed = true;
        if (held > 0) {
            all.answers().give(held);
            all.memory().give(held);
            held = 0;
        }
    }
}
