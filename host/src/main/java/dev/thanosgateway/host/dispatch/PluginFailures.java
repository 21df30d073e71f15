package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.transport.RefusedCallException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a plugin's defect becomes: its own call's failure, with the bundle named. */
final class PluginFailures {
    private static final Logger LOG = LoggerFactory.getLogger(PluginFailures.class);

    private PluginFailures() {}

    /** Another target may be tried: the defect is this target's. */
    static GatewayException of(String bundle, Throwable defect) {
        if (defect instanceof OutOfMemoryError) {
            LOG.error("A call of the plugin {} found no memory.", bundle, defect);
            return HeldBytes.exhausted(defect);
        }
        if (defect instanceof RefusedCallException refused) {
            LOG.warn("A call of the plugin {} is refused: {}", bundle, refused.getMessage());
            return new GatewayException(
                    ErrorKind.UPSTREAM_PROTOCOL,
                    "A call of the plugin " + bundle + " is refused: " + refused.getMessage()
                            + ". Replace its jar to mend it.",
                    defect);
        }
        LOG.warn("The plugin {} failed.", bundle, defect);
        return new GatewayException(
                ErrorKind.UPSTREAM_PROTOCOL,
                "The plugin " + bundle + " failed with " + defect.getClass().getSimpleName()
                        + ". Its log has the details; replace its jar to mend it.",
                defect);
    }

    /** A bundle that can take no more calls is this target's doing, not the gateway's: another one may be tried. */
    static GatewayException ofLane(GatewayException refusal) {
        return refusal.kind() == ErrorKind.OVERLOADED
                ? new GatewayException(ErrorKind.UPSTREAM_UNAVAILABLE, refusal.message(), refusal)
                : refusal;
    }
}
