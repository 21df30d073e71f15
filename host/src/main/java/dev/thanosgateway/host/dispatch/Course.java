package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.plugins.LiveProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The targets of one call in the order they are asked. Who is set aside is passed over; where nobody else could be
 * asked, the one whose time aside is over first is asked all the same. For one call, used by one thread at a time.
 */
final class Course {
    /**
     * One target to ask.
     *
     * @param provider leased
     */
    record Leg(Target target, LiveProvider provider, Pass pass) {
        /** Nothing was asked. */
        void giveBack() {
            pass.unused();
            provider.release();
        }
    }

    private final ChatService service;
    private final List<Target> targets;
    private final boolean stream;
    private final Failures failures;
    private int at;
    private boolean asked;
    private @Nullable Target soonest;
    private long soonestNanos;

    /** @param failures where it is told why a target is passed over */
    Course(ChatService service, List<Target> targets, boolean stream, Failures failures) {
        this.service = service;
        this.targets = targets;
        this.stream = stream;
        this.failures = failures;
    }

    /** The next target; null = there is none, and the failures say why. */
    @Nullable
    Leg next() {
        while (at < targets.size()) {
            Leg leg = leg(targets.get(at++), false);
            if (leg != null) {
                return leg;
            }
        }
        Target last = asked ? null : soonest;
        soonest = null;
        if (last == null) {
            return null;
        }
        failures.retract(last);
        return leg(last, true);
    }

    private @Nullable Leg leg(Target to, boolean forced) {
        LiveProvider live = service.lease(to.provider());
        if (live == null) {
            failures.add(to, service.router().notServing(to.provider()));
            return null;
        }
        Standing standing = service.targets().admit(live, to.model(), stream, forced);
        if (standing instanceof Pass pass) {
            GatewayException limited = service.limits().take(to.provider());
            if (limited != null) {
                pass.unused();
                live.release();
                failures.add(to, limited);
                return null;
            }
            asked = true;
            return new Leg(to, live, pass);
        }
        live.release();
        if (standing instanceof Standing.Refused refused) {
            failures.add(to, refused.failure());
            if (soonest == null || refused.untilNanos() - soonestNanos < 0) {
                soonest = to;
                soonestNanos = refused.untilNanos();
            }
        }
        return null;
    }
}
