package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;

/** Whether an attempt may go to a target now: a {@link Pass}, or why not. */
sealed interface Standing permits Pass, Standing.Refused {
    /**
     * The target is set aside.
     *
     * @param failure what its caller is told if nobody else serves
     * @param untilNanos when it may be asked again, in {@code nanoTime}
     */
    record Refused(GatewayException failure, long untilNanos) implements Standing {}
}
