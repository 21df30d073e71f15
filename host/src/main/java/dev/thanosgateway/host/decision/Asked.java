package dev.thanosgateway.host.decision;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.routing.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One target that was asked. What comes after its end is not noted. Used from many threads. */
public final class Asked {
    private final Target target;
    private final String bundle;
    private final long startNanos;
    private final boolean aside;
    private final @Nullable String key;
    private final int before;
    private boolean sent;
    private boolean stale;
    private boolean over;
    private int status;
    private long headNanos;
    private long firstEventNanos;
    private long endNanos;
    private @Nullable ErrorKind failure;
    private String message = "";
    private List<String> dropped = List.of();

    /**
     * @param aside whether it is asked although it is set aside
     * @param key the name of the credential it is asked with; null = there is no choice
     * @param before how often it was asked before for the same request
     */
    Asked(Target target, String bundle, long nanos, boolean aside, @Nullable String key, int before) {
        this.target = target;
        this.bundle = bundle;
        this.startNanos = nanos;
        this.aside = aside;
        this.key = key;
        this.before = before;
    }

    /** The call goes out now. */
    public synchronized void sent() {
        sent |= !over;
    }

    /** The connection was dead already; the call goes out once more, on another. */
    public synchronized void stale() {
        stale |= !over;
    }

    /**
     * The upstream's answer begins.
     *
     * @param hints what of the request was left out for it
     */
    public synchronized void head(int httpStatus, List<String> hints) {
        if (!over) {
            status = httpStatus;
            dropped = hints;
            headNanos = headNanos == 0 ? System.nanoTime() : headNanos;
        }
    }

    synchronized void firstEvent() {
        firstEventNanos = firstEventNanos == 0 ? System.nanoTime() : firstEventNanos;
    }

    /** @param failed null = it served; said after that, it did not, as was seen when the answer was told */
    synchronized void ended(@Nullable GatewayException failed) {
        if (!over || (failure == null && failed != null)) {
            over = true;
            endNanos = System.nanoTime();
            failure = failed == null ? null : failed.kind();
            message = failed == null ? "" : Texts.message(failed.message());
        }
    }

    Target target() {
        return target;
    }

    synchronized List<String> dropped() {
        return dropped;
    }

    /**
     * Adds it to a list.
     *
     * @param callNanos when the request came
     */
    synchronized void tell(Packing told, long callNanos) {
        told.openMap();
        told.put("target", target.toString());
        told.put("bundle", bundle);
        told.put("at_ms", Trail.millis(startNanos - callNanos));
        told.put("although_set_aside", aside);
        told.put("key", key);
        told.put("asked_before", before);
        told.put("sent", sent);
        told.put("stale_connection_retried", stale);
        told.put("status", status == 0 ? null : status);
        told.put("head_ms", headNanos == 0 ? null : Trail.millis(headNanos - startNanos));
        told.put("first_event_ms", firstEventNanos == 0 ? null : Trail.millis(firstEventNanos - startNanos));
        told.put("duration_ms", endNanos == 0 ? null : Trail.millis(endNanos - startNanos));
        told.put("outcome", failure == null ? "served" : failure.name());
        told.put("message", message.isEmpty() ? null : message);
        told.put("dropped", dropped);
        told.close();
    }
}
