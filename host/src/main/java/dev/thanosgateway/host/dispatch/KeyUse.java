package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.transport.KeyRing;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an answer says about the credential it was asked with, of several: decision 0027. */
record KeyUse(String provider, KeyRing ring, KeyRing.Key key) {
    private static final Logger LOG = LoggerFactory.getLogger(KeyUse.class);
    private static final Duration REFUSED = Duration.ofMinutes(10);
    private static final Duration LIMITED = Duration.ofSeconds(1);

    /** Whether a failure is one that another credential might not meet. */
    static boolean concerns(GatewayException failure) {
        return failure.kind() == ErrorKind.UPSTREAM_LIMITED || failure.kind() == ErrorKind.UPSTREAM_AUTH;
    }

    /**
     * Lets the credential rest if the failure is about it.
     *
     * @return what of it is the target's doing; null = nothing, since another credential can be used
     */
    @Nullable
    GatewayException learn(GatewayException failure) {
        if (!concerns(failure)) {
            return failure;
        }
        boolean limited = failure.kind() == ErrorKind.UPSTREAM_LIMITED;
        Duration said = limited ? RetryAfter.read(failure.retryAfter(), Instant.now()) : REFUSED;
        Duration rest = said == null ? LIMITED : said;
        if (ring.rest(key, rest.toNanos(), limited ? "it takes no more calls" : "it was refused")) {
            LOG.warn("{} of provider '{}' rests for {} s: {}", key, provider, rest.toSeconds(), failure.message());
        }
        if (!limited) {
            return failure;
        }
        long all = ring.restNanos();
        return all == 0 ? null : failure.withRetryAfter(Long.toString(secondsOf(all)));
    }

    private static long secondsOf(long nanos) {
        return Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1));
    }
}
