package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.decision.Asked;
import java.util.List;
import java.util.Map;

/**
 * One target being asked. Tells its call what came, and when it is over. It owns the lease of its provider from when it
 * is made, and gives it back once after {@link #abort}, as soon as none of the provider's code runs for it any more.
 */
interface Attempt {
    /** Begins. Called once, on the call's thread; may tell the call before it returns. */
    void start();

    /** Asks for more: once after each {@link Told#took}. On any thread. */
    void demand();

    /** Gives up, at once; the call hears nothing more of it. Called once, also when it is over by itself. */
    void abort();

    /** Whether a limit has passed. Called on the deadlines' thread; tells the call itself if so. */
    void tick(long nanos);

    /**
     * The call, as an attempt sees it. Each may be called on any thread; what comes late is dropped.
     *
     * @param <T> what the target gives
     */
    interface Told<T> {
        /** @param output what one slice gave, perhaps nothing */
        void took(Attempt attempt, SliceOutput<T> output);

        /**
         * The upstream's answer has begun.
         *
         * @param headers those that come back to the caller
         */
        void head(Attempt attempt, List<Map.Entry<String, String>> headers);

        /** The answer has ended, and its reader had no objection. */
        void ended(Attempt attempt, SliceOutput<T> output);

        void failed(Attempt attempt, GatewayException failure);

        /**
         * A request is about to be sent.
         *
         * @param bytes of its body
         * @throws GatewayException when the same target has just refused the same bytes
         */
        void sends(int bytes) throws GatewayException;

        /** Whether the answer's first event has been sent. */
        boolean committed();

        /** Where it is noted how the attempt that is being made goes. */
        Asked asking();
    }
}
