package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is known of one model of one provider from the calls it was asked for. Used from many threads. */
final class TargetState {
    private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long FIRST_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int LIMIT_DOUBLINGS = 5;
    /** One that has never answered is unknown until it has kept somebody waiting for so long. */
    private static final long SURELY_SLOW_MILLIS = 1_000;

    private final Target target;
    private final TargetBoard board;
    private final Breaker breaker = new Breaker();
    private final PeakAverage streams = new PeakAverage();
    private final PeakAverage wholes = new PeakAverage();
    /** Those whose first event has not come, the oldest first. */
    private final Set<Pass> waiting = new LinkedHashSet<>();

    private @Nullable GatewayException last;
    private long lastFailureNanos;
    private boolean limited;
    /** Whether it said itself for how long, as far as that is later than a guess. */
    private boolean limitSaid;

    /** What said so: a limit of ours, or its overload. */
    private ErrorKind limitKind = ErrorKind.UPSTREAM_LIMITED;

    private long limitedAtNanos;
    private long limitedUntilNanos;
    private int limitsInARow;
    private long usedNanos;

    TargetState(Target target, TargetBoard board, long nanos) {
        this.target = target;
        this.board = board;
        this.usedNanos = nanos;
    }

    /** @param forced whether it is asked even while it is set aside */
    synchronized Standing admit(boolean stream, boolean forced, long nanos) {
        usedNanos = nanos;
        String refusal = forced ? null : refusal(nanos);
        if (refusal != null) {
            return new Standing.Refused(refused(refusal, nanos), untilNanos(nanos));
        }
        boolean probe = breaker.enter(nanos);
        Pass pass = new Pass(this, stream, breaker.epoch(), probe, nanos);
        waiting.add(pass);
        return pass;
    }

    private @Nullable String refusal(long nanos) {
        if (limitedNow(nanos)) {
            return "it takes no more calls for " + Breaker.secondsUntil(limitedUntilNanos, nanos) + " s";
        }
        return board.settings().enabled() ? breaker.refusal(nanos, waiting.size()) : null;
    }

    /** What it says itself holds whatever is switched off; what is guessed does not. */
    private boolean limitedNow(long nanos) {
        return limited
                && nanos - limitedUntilNanos < 0
                && (limitSaid || board.settings().enabled());
    }

    private long untilNanos(long nanos) {
        boolean open = board.settings().enabled() && breaker.state() == Breaker.State.OPEN;
        long until = open ? breaker.openUntilNanos() : nanos;
        return limitedNow(nanos) && limitedUntilNanos - until > 0 ? limitedUntilNanos : until;
    }

    private GatewayException refused(String reason, long nanos) {
        boolean byLimit = limitedNow(nanos);
        GatewayException failure = last;
        String said = failure == null ? "" : " It said last: " + failure.message();
        return new GatewayException(
                        byLimit ? limitKind : ErrorKind.UPSTREAM_UNAVAILABLE,
                        "Provider '" + target.provider() + "' was not asked, since " + reason + "." + said)
                .withRetryAfter(Long.toString(Breaker.secondsUntil(untilNanos(nanos), nanos)));
    }

    synchronized void began(Pass pass) {
        if (!waiting.remove(pass)) {
            return;
        }
        long nanos = board.nanos();
        (pass.stream ? streams : wholes).add(Math.max(1, (nanos - pass.startNanos) / 1_000_000), nanos);
        breaker.began(pass.epoch);
        if (pass.probe) {
            breaker.probed(pass.epoch);
        }
    }

    synchronized void left(Pass pass) {
        waiting.remove(pass);
        if (pass.probe) {
            breaker.probed(pass.epoch);
        }
    }

    void ended(Pass pass, @Nullable GatewayException failure) {
        Breaker.State changed;
        synchronized (this) {
            left(pass);
            changed = failure == null ? served(pass) : failed(pass, failure);
        }
        if (changed != null) {
            board.changed(target, changed, failure);
        }
    }

    private Breaker.@Nullable State served(Pass pass) {
        board.served(target);
        if (pass.startNanos - limitedAtNanos > 0) {
            limited = false;
            limitsInARow = 0;
        }
        return breaker.served(pass.epoch, board.settings()) ? Breaker.State.CLOSED : null;
    }

    private Breaker.@Nullable State failed(Pass pass, GatewayException failure) {
        long nanos = board.nanos();
        switch (failure.kind()) {
            case UPSTREAM_LIMITED -> limit(failure, nanos);
            case UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE, UPSTREAM_PROTOCOL -> {
                last = failure;
                if (RetryAfter.read(failure.retryAfter(), Instant.now()) != null) {
                    limit(failure, nanos);
                }
                lastFailureNanos = nanos;
                board.counted(target);
                return breaker.failed(pass.epoch, nanos, board.settings()) ? Breaker.State.OPEN : null;
            }
            default -> {
                // The caller's doing, the gateway's, or about this one request: it says nothing about the next.
            }
        }
        return null;
    }

    /** Those that were under way together are one refusal. */
    private void limit(GatewayException failure, long nanos) {
        last = failure;
        Duration said = RetryAfter.read(failure.retryAfter(), Instant.now());
        boolean further = limitedNow(nanos);
        if (!further) {
            limitSaid = false;
            limitedUntilNanos = nanos + (FIRST_LIMIT_NANOS << Math.min(limitsInARow++, LIMIT_DOUBLINGS));
        }
        if (said != null && (!further || nanos + said.toNanos() - limitedUntilNanos > 0)) {
            limitedUntilNanos = nanos + said.toNanos();
            limitSaid = true;
        }
        limited = true;
        limitKind = failure.kind();
        limitedAtNanos = nanos;
    }

    /** What a strategy may know of it. */
    synchronized Candidate describe(Candidate candidate, boolean stream, long nanos) {
        Candidate known = candidate.withUnavailable(refusal(nanos)).withFirstEventMillis(firstEvent(stream, nanos));
        boolean recent = breaker.failuresInARow() > 0 && nanos - lastFailureNanos < RECENT_NANOS;
        return known.withFailures(recent ? breaker.failuresInARow() : 0);
    }

    private long firstEvent(boolean stream, long nanos) {
        PeakAverage of = stream ? streams : wholes;
        long waited = 0;
        for (Pass pass : waiting) {
            if (pass.stream == stream) {
                waited = (nanos - pass.startNanos) / 1_000_000;
                break;
            }
        }
        if (!of.known()) {
            return waited < SURELY_SLOW_MILLIS ? 0 : waited;
        }
        return Math.max(1, Math.max(Math.round(of.average(nanos)), waited));
    }

    synchronized long usedNanos() {
        return usedNanos;
    }

    synchronized void reached(long nanos) {
        breaker.mayTry(nanos);
    }

    synchronized Breaker.State state() {
        return breaker.state();
    }

    /** Why it is set aside now, one clause; null = it is not. */
    synchronized @Nullable String aside(long nanos) {
        return refusal(nanos);
    }

    /** Whether it is not set aside, and nobody has asked it since {@code before}: little would be lost with it. */
    synchronized boolean idleSince(long before, long nanos) {
        return waiting.isEmpty() && refusal(nanos) == null && usedNanos - before < 0;
    }
}
