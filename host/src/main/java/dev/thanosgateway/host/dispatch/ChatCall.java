package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;

/** One call being served. */
public interface ChatCall {
    /** The caller has gone: stop everything, on any thread, any number of times. The answer is told by {@code fail}. */
    default void cancel() {
        failWith(new GatewayException(ErrorKind.CANCELLED, "The caller went away."));
    }

    /** The answer cannot go on: stop everything, on any thread, any number of times. {@code failure} is told. */
    void failWith(GatewayException failure);
}
