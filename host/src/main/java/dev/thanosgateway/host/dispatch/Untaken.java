package dev.thanosgateway.host.dispatch;

/** What a client has not taken yet of an answer whose call is over. Any thread. */
public final class Untaken {
    private final ByteBudget.Share answers;
    private final ByteBudget.Share memory;

    Untaken(HeldBytes held) {
        this.answers = held.answers().share();
        this.memory = held.memory().share();
    }

    /** Counts bytes that are there already, whether there is room or not; few are not counted. */
    public void add(long bytes) {
        if (bytes > HeldBytes.FREE_BYTES) {
            answers.add(bytes);
            memory.add(bytes);
        }
    }

    /** The client has everything, or is gone. Any number of times. */
    public void close() {
        answers.close();
        memory.close();
    }
}
