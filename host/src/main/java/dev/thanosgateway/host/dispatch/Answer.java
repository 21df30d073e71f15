package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatResponse;
import java.nio.ByteBuffer;

/**
 * Where a front end takes one chat's answer. Called by one thread at a time, not always the same; must not block.
 *
 * <p>A request that does not stream gets one {@code whole}; a stream gets {@code (early heartbeat*)? begin (event | frames | flush |
 * heartbeat)* end}. {@code fail} may come at any point before the end. Nothing follows {@code whole}, {@code end} or {@code fail}, each of which
 * is called exactly once in all, also when the caller has cancelled.
 */
public interface Answer extends WholeAnswer<ChatResponse> {
    /**
     * The first event is late: sends a head and a keep-alive, where the wire has a way, so that no proxy cuts the
     * connection. Another target may still be tried; a failure is told in the stream from now on.
     *
     * @param request what is known before anybody has answered: the request's id and model
     */
    default void early(Begun request) {}

    /** The first event is in hand: from here on it is a success. */
    void begin(Begun begun);

    /** The next event; the grammar has been checked. */
    void event(ChatEvent event);

    /** The relay lane: the next whole frames, in the request's own dialect. Only for requests with an original. */
    void frames(ByteBuffer frames);

    /** The stream began, be it early, and nothing has been sent for a while: shows that it is alive, where the wire has a way. */
    default void heartbeat() {}

    /**
     * Everything that has come from upstream so far was given. Sends it.
     *
     * @param ready to be run once, on any thread, also at once, when the client can take more; upstream is not read
     *     before. A client that has gone need not run it: it cancels the call.
     */
    void flush(Runnable ready);

    /** The answer is complete. */
    void end();
}
