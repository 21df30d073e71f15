package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;

/** One call being served. */
public interface ChatCall {
    /** The caller has gone: stop everything, on any thread, any number of times. The answer is told by {@code fail}. */
    void cancel();

    /** The answer cannot be written on: stop everything, on any thread, any number of times. {@code failure} is told. */
    void failWith(GatewayException failure);
}
