package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.config.RetrySettings;
import dev.thanosgateway.host.decision.Trail;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.transport.KeyRing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The targets of one call in the order they are asked. Who is set aside is passed over; where nobody else could be
 * asked, the one whose time aside is over first is asked all the same. One whose credential was refused or limited is
 * asked with the next one before the next target; one that nobody can stand in for, perhaps again: decisions 0026 and
 * 0027. For one call, used by one thread at a time.
 */
final class Course {
    /** The parameter of a failure that a dialect marks, as UNSUPPORTED, as the refusal of every effort. */
    private static final String EFFORT = "reasoning_effort";

    /** Of one target for one call: a provider whose keys are all refused must not be asked with each. */
    private static final int KEYS_LIMIT = 4;

    /**
     * One target to ask.
     *
     * @param provider leased
     * @param key the credential to ask with; null = it has none
     * @param withoutEffort whether it has just refused every effort
     */
    record Leg(Target target, LiveProvider provider, Pass pass, KeyRing.@Nullable Key key, boolean withoutEffort) {
        /** Which of several credentials it is; null = there is no choice. */
        @Nullable
        String keyName() {
            return key == null || provider.settings().keys().size() < 2 ? null : key.toString();
        }

        /** Nothing was asked. */
        void giveBack() {
            pass.unused();
            provider.release();
        }
    }

    private final ChatService service;
    private final List<Target> targets;
    private final Operation<?> operation;
    private final Failures failures;
    private final List<KeyRing.Key> triedKeys = new ArrayList<>(1);
    private final Trail trail;
    private int at;
    /** The target asked last; null = none was yet. */
    private @Nullable Target asked;

    /** Whether it was although it is set aside. */
    private boolean forced;

    private boolean several;
    /** How often the last target was asked, by all its credentials once for each time. */
    private int times;

    private boolean again;
    /** The target that is asked again without an effort; null = none is. */
    private @Nullable Target adapted;

    private @Nullable Target soonest;
    private long soonestNanos;

    /** @param failures where it is told why a target is passed over */
    Course(ChatService service, List<Target> targets, Operation<?> operation, Failures failures, Trail trail) {
        this.service = service;
        this.targets = targets;
        this.operation = operation;
        this.failures = failures;
        this.trail = trail;
    }

    /** The next target; null = there is none, and the failures say why. */
    @Nullable
    Leg next() {
        Target last = asked;
        if (last != null && (again || failedForItsKey())) {
            if (again) {
                again = false;
                triedKeys.clear();
            }
            Leg leg = leg(last, forced);
            if (leg != null) {
                return leg;
            }
        }
        while (at < targets.size()) {
            triedKeys.clear();
            Leg leg = leg(targets.get(at++), false);
            if (leg != null) {
                return leg;
            }
        }
        Target aside = asked == null ? soonest : null;
        soonest = null;
        if (aside == null) {
            return null;
        }
        failures.retract(aside);
        return leg(aside, true);
    }

    /**
     * Whether the target refused only the effort, which is a hint, and no list says that its model takes one. The next
     * {@link #next()} then gives the same target without an effort. At most once for one call.
     */
    boolean asksWithoutEffort(GatewayException failure) {
        Target last = asked;
        if (last == null
                || adapted != null
                || operation.ability() != Ability.CHAT
                || failure.kind() != ErrorKind.UNSUPPORTED
                || !EFFORT.equals(failure.parameter())
                || service.knowsEfforts(last)
                || !service.targets().mayRetry(last.provider())) {
            return false;
        }
        failures.retract(last);
        adapted = last;
        again = true;
        return true;
    }

    /** The last target answers. A model that does so only without an effort is remembered. */
    void answers() {
        Target last = asked;
        if (last != null && last.equals(adapted)) {
            service.learnWithoutEffort(last);
        }
    }

    private boolean failedForItsKey() {
        GatewayException failure = failures.lastOf(asked);
        return failure != null && KeyUse.concerns(failure) && !triedKeys.isEmpty() && triedKeys.size() < KEYS_LIMIT;
    }

    /**
     * Whether the only target that could be asked is asked again by the next {@link #next()}: nobody else is left, its
     * failure is of a kind that may pass, and its provider's budget has room. What is no work is in no budget.
     *
     * @param untilNanos when the call must be over, in {@code nanoTime}
     * @return how long to wait before; 0 = it is not
     */
    long pauseNanos(long untilNanos) {
        Target last = asked;
        GatewayException failure = failures.lastOf(last);
        RetrySettings settings = service.retry();
        if (last == null
                || several
                || forced
                || failure == null
                || failure.kind() != ErrorKind.UPSTREAM_UNAVAILABLE
                || failure.retryAfter() != null
                || !settings.enabled()
                || !operation.ability().work()
                || times >= settings.maxAttempts()
                || !service.targets().mayRetry(last.provider())) {
            return 0;
        }
        // Full jitter: callers whose calls failed together do not come back together.
        long longest = Math.min(settings.maxDelayMillis(), settings.initialDelayMillis() << (times - 1));
        long pause = 1 + ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(longest));
        if (untilNanos != Long.MAX_VALUE && System.nanoTime() + pause - untilNanos >= 0) {
            return 0;
        }
        again = true;
        return pause;
    }

    private @Nullable Leg leg(Target to, boolean anyway) {
        LiveProvider live = service.lease(to.provider());
        if (live == null) {
            passOver(to, service.router().names().notServing(to.provider()));
            return null;
        }
        if (!operation.ability().of(live.service())) {
            live.release();
            GatewayException unable = service.router().names().unable(live.id(), operation.ability());
            failures.leftOut(to, unable);
            trail.passedOver(to, unable);
            return null;
        }
        boolean here = operation.here(live.service());
        KeyRing ring = service.keys().of(live);
        KeyRing.Key key = here ? null : triedKeys.isEmpty() ? ring.next() : ring.other(triedKeys);
        if (key == null && !triedKeys.isEmpty()) {
            live.release();
            return null;
        }
        Standing standing = service.targets().admit(live, to.model(), operation.stream(), anyway || here);
        if (standing instanceof Pass pass) {
            if (!operation.ability().work()) {
                pass.uncounted();
            }
            GatewayException limited = here ? null : service.limits().take(to.provider());
            if (limited != null) {
                pass.unused();
                live.release();
                passOver(to, limited);
                return null;
            }
            if (key != null && ring.several()) {
                pass.uses(new KeyUse(to.provider(), ring, key));
            }
            asking(to, key, anyway);
            return new Leg(to, live, pass, key, to.equals(adapted));
        }
        live.release();
        if (standing instanceof Standing.Refused refused) {
            passOver(to, refused.failure());
            if (soonest == null || refused.untilNanos() - soonestNanos < 0) {
                soonest = to;
                soonestNanos = refused.untilNanos();
            }
        }
        return null;
    }

    private void asking(Target to, KeyRing.@Nullable Key key, boolean setAside) {
        forced = setAside;
        several = several || (asked != null && !asked.equals(to));
        times = triedKeys.isEmpty() ? times + 1 : times;
        asked = to;
        if (key != null) {
            triedKeys.add(key);
        }
    }

    private void passOver(Target to, GatewayException why) {
        failures.add(to, why);
        trail.passedOver(to, why);
    }
}
