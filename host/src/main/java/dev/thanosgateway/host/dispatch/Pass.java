package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;
import org.jspecify.annotations.Nullable;

/** One attempt that was let through to its target, which learns from it. Ends once; used by one thread at a time. */
final class Pass implements Standing {
    private final TargetState target;
    final boolean stream;
    final int epoch;
    final boolean probe;
    final long startNanos;
    /** Of several credentials the one it is asked with. */
    private @Nullable KeyUse key;

    private boolean began;
    private boolean ended;
    /** Whether the target learns from it, not only its credential. */
    private boolean counts = true;

    Pass(TargetState target, boolean stream, int epoch, boolean probe, long startNanos) {
        this.target = target;
        this.stream = stream;
        this.epoch = epoch;
        this.probe = probe;
        this.startNanos = startNanos;
    }

    void uses(KeyUse one) {
        key = one;
    }

    /** The first event is in hand; of a whole answer, all of it. */
    void firstEvent() {
        if (!began && !ended && counts) {
            began = true;
            target.began(this);
        }
    }

    /** @param failure null = it served; what is not this target's own doing counts for nothing */
    void ended(@Nullable GatewayException failure) {
        if (!ended) {
            ended = true;
            GatewayException of = failure == null || key == null ? failure : key.learn(failure);
            if (!counts) {
                return;
            }
            if (failure != null && of == null) {
                target.left(this);
            } else {
                target.ended(this, of);
            }
        }
    }

    /** It is no work: what comes of it says something about its credential, and nothing about the target. */
    void uncounted() {
        if (!ended && counts) {
            counts = false;
            target.left(this);
        }
    }

    /** Nothing was asked, or nothing that tells how the target does: what follows counts for nothing. */
    void unused() {
        if (!ended) {
            ended = true;
            if (counts) {
                target.left(this);
            }
        }
    }
}
