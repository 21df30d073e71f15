package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.config.Settings;
import java.util.function.Supplier;

/**
 * What bounds the memory of all calls together.
 *
 * @param requests bodies, from their first byte to the end of their call
 * @param answers what came from upstreams and no client has taken yet: frames that are not whole, answers that are
 *     kept until they are, and what waits for a slow client
 * @param memory what all of that costs: the bytes themselves, their copies, and what is made of them
 */
public record HeldBytes(ByteBudget requests, ByteBudget answers, ByteBudget memory) {
    /** Up to here an answer's bytes are not counted: {@code max_streams} bounds them. Ordinary streams never get there. */
    public static final long FREE_BYTES = 64L * 1024;

    /** What the gateway itself needs of the heap: its classes' objects, and some hundred ordinary calls. */
    private static final long OWN_BYTES = 32L << 20;

    /** Budgets as the settings in force say, in the memory that the heap has. */
    static HeldBytes of(Supplier<Settings> settings) {
        return new HeldBytes(
                new ByteBudget(() -> settings.get().server().bodyBudgetBytes()),
                new ByteBudget(() -> settings.get().server().answerBudgetBytes()),
                memory(Runtime.getRuntime().maxMemory()));
    }

    /**
     * The memory that requests and answers may take of a heap. A quarter of it stays free: an array needs room in one
     * piece, and a collector that has none to spare does nothing else. Of the smallest heaps it is a quarter.
     */
    static ByteBudget memory(long heapBytes) {
        long most = Math.max(heapBytes / 4, (heapBytes - OWN_BYTES) / 4 * 3);
        return new ByteBudget(() -> most);
    }

    /** What a new request holds; it has to be closed. */
    public RequestMemory request() {
        return new RequestMemory(this);
    }

    /** For what an answer's client has not taken when its call is over; it has to be closed. */
    public Untaken untaken() {
        return new Untaken(this);
    }

    /** For what a stream's writer keeps of its answer; it has to be closed. */
    public KeptAnswer keptAnswer() {
        return new KeptAnswer(this);
    }

    /**
     * What a call fails with that found no memory all the same, such as for a buffer outside of the heap: the last line
     * behind the budgets.
     */
    public static GatewayException exhausted(Throwable cause) {
        return new GatewayException(
                        ErrorKind.OVERLOADED,
                        "The gateway has no memory left for this call. Try again soon, or give it a larger heap"
                                + " (-Xmx in THANOS_JAVA_OPTS).",
                        cause)
                .withRetryAfter("1");
    }

    /** Bytes of bodies and answers, without what they cost. */
    public long used() {
        return requests.used() + answers.used();
    }
}
