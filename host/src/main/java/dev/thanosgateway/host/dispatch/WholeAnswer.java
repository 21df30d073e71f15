package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;
import java.nio.ByteBuffer;

/**
 * Where a front end takes one answer that is told when it is whole. Called by one thread at a time, not always the
 * same; must not block.
 *
 * <p>Either one {@code whole} or {@code fail}, exactly once in all, also when the caller has cancelled.
 *
 * @param <R> the answer
 */
public interface WholeAnswer<R> {
    void whole(Begun begun, R response);

    /** The relay lane: a whole answer in the request's own dialect. Only for requests with an original. */
    void whole(Begun begun, ByteBuffer body);

    /**
     * Looks whether the caller is still there, where nothing else would tell. Unlike all else called on a thread of
     * its own at any time, every few dozen milliseconds; must be quick.
     */
    default void tick(long nanos) {}

    /**
     * The call fails, and this much is known of it: told right before {@link #fail}, if a target was asked and nothing
     * has begun.
     *
     * @param last the target asked last
     */
    default void failing(Begun last) {}

    /**
     * The answer failed, before or after it began.
     *
     * @param attempts how many targets were asked
     */
    void fail(GatewayException error, int attempts);
}
