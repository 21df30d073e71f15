package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.decision.Asked;
import dev.thanosgateway.host.decision.Trail;
import dev.thanosgateway.host.plugins.LiveProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One operation on its way: plan, attempt, first event, commit, end. Every step runs on {@link #serial}, so the fields
 * need no lock; whatever happens, the answer is told exactly once and every lease goes back.
 *
 * <p>Until the first event a failure whose kind allows it moves on to the next target. With the first event in hand
 * the answer is committed: from then on it ends well or is told to have failed, and nobody else is asked. What is no
 * stream is told when it is whole.
 *
 * @param <T> what its targets give
 */
final class Call<T> implements ChatCall, Attempt.Told<T>, Deadlines.Watched {
    private static final Logger LOG = LoggerFactory.getLogger("dev.thanosgateway.calls");
    private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long NEVER = Long.MAX_VALUE;

    private final ChatService service;
    private final Operation<T> operation;
    private final CallInfo info;
    private final WholeAnswer<?> answer;
    private final boolean stream;
    private final Serial serial = new Serial(this::defect);
    private final Failures failures = new Failures();
    private final Trail trail;

    private @Nullable Course course;
    private @Nullable Pass pass;
    private int attempts;
    private @Nullable Target target;
    private @Nullable LiveProvider provider;
    private volatile @Nullable Attempt attempt;
    private long attemptNanos;
    private long waitedNanos;

    private volatile boolean committed;
    private volatile boolean done;
    private volatile long deadlineNanos;
    private volatile long quietSinceNanos = NEVER;
    private volatile boolean flushing;
    /** When the stream begins without its first event; {@link #NEVER} = it waits for that, or has begun. */
    private volatile long earlyNanos = NEVER;
    /** When the target is asked again; {@link #NEVER} while nothing is waited for. */
    private volatile long againNanos = NEVER;

    private final SentBody sent = new SentBody();
    private List<Map.Entry<String, String>> upstreamHeaders = List.of();
    private Intake<T> intake;

    Call(ChatService service, Operation<T> operation, CallInfo info) {
        this.service = service;
        this.operation = operation;
        this.info = info;
        this.answer = operation.answer();
        this.stream = operation.stream();
        this.trail = service.trail(operation.routed(), info);
        this.deadlineNanos = info.deadlineNanos();
        this.intake = operation.intake(this::commit);
    }

    void start(@Nullable GatewayException refusal) {
        service.deadlines().add(this);
        if (stream) {
            service.metrics().streamStarted();
            long early = service.earlyMillis();
            earlyNanos = early == 0 ? NEVER : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(early);
        }
        serial.execute(() -> {
            if (refusal != null) {
                fail(refusal);
                return;
            }
            service.router().plan(operation.routed(), operation.ability(), new Router.Planned() {
                @Override
                public Trail trail() {
                    return trail;
                }

                @Override
                public void targets(List<Target> found) {
                    serial.execute(() -> {
                        course = new Course(service, found, operation, failures, trail);
                        next();
                    });
                }

                @Override
                public void failed(GatewayException failure) {
                    serial.execute(() -> fail(failure));
                }
            });
        });
    }

    /** Asks the next target, or tells that there is none. */
    private void next() {
        while (!done) {
            Course.Leg leg = course == null ? null : course.next();
            if (leg == null) {
                if (course == null || !pauses(course)) {
                    fail(failures.told());
                }
                return;
            }
            try {
                ask(leg);
                return;
            } catch (GatewayException e) {
                trail.answered(e);
                failures.add(leg.target(), e);
                if (!e.kind().mayTryNextTarget() && e.kind() != ErrorKind.NO_ROUTE) {
                    fail(failures.told());
                    return;
                }
            }
        }
    }

    /** Whether the target is asked again in a while. Nothing is held meanwhile: no lease, no thread. */
    private boolean pauses(Course on) {
        long pause = on.pauseNanos(deadlineNanos);
        if (pause > 0) {
            waitedNanos += pause;
            againNanos = System.nanoTime() + pause;
        }
        return pause > 0;
    }

    private void again() {
        if (!done && againNanos != NEVER) {
            againNanos = NEVER;
            next();
        }
    }

    private void early() {
        if (done || committed || earlyNanos == NEVER) {
            return;
        }
        earlyNanos = NEVER;
        quietSinceNanos = System.nanoTime();
        long now = System.currentTimeMillis() / 1000;
        streamed().early(new Begun(info.requestId(), "", operation.routed().model(), now, 0, 0, List.of()));
    }

    private void ask(Course.Leg leg) throws GatewayException {
        Target to = leg.target();
        LiveProvider live = leg.provider();
        attempts++;
        target = to;
        if (!leg.withoutEffort()) {
            sent.refused(null);
        }
        intake = operation.intake(this::commit);
        upstreamHeaders = List.of();
        attemptNanos = System.nanoTime();
        trail.asks(to, live.bundle(), leg.keyName());
        long total = live.settings().timeouts().totalMillis();
        long own = total > 0 ? info.startNanos() + TimeUnit.MILLISECONDS.toNanos(total) : NEVER;
        // What this provider may take of the call's time is no limit for the next one.
        deadlineNanos = Math.min(info.deadlineNanos(), own);
        boolean made = false;
        try {
            Attempt started = operation.attempt(service, this, leg, info);
            made = true;
            provider = live;
            pass = leg.pass();
            attempt = started;
            started.start();
        } finally {
            if (!made) {
                leg.giveBack();
            }
        }
    }

    @Override
    public void sends(int bytes) throws GatewayException {
        sent.next(bytes);
    }

    @Override
    public void head(Attempt from, List<Map.Entry<String, String>> headers) {
        serial.execute(() -> {
            if (!late(from)) {
                upstreamHeaders = headers;
            }
        });
    }

    @Override
    public void took(Attempt from, SliceOutput<T> output) {
        serial.execute(() -> {
            if (late(from)) {
                return;
            }
            try {
                intake.take(output);
            } catch (GatewayException e) {
                attemptFailed(e);
                return;
            }
            if (!committed || output.empty()) {
                from.demand();
                return;
            }
            flushing = true;
            quietSinceNanos = NEVER;
            streamed().flush(() -> {
                flushing = false;
                quietSinceNanos = System.nanoTime();
                from.demand();
            });
        });
    }

    @Override
    public void ended(Attempt from, SliceOutput<T> output) {
        serial.execute(() -> {
            if (late(from)) {
                return;
            }
            try {
                intake.take(output);
                complete();
            } catch (GatewayException e) {
                attemptFailed(e);
            }
        });
    }

    @Override
    public void failed(Attempt from, GatewayException failure) {
        serial.execute(() -> {
            if (!late(from)) {
                attemptFailed(failure);
            }
        });
    }

    /** Whether this comes from an attempt that is no longer the one, or after the end. */
    private boolean late(Attempt from) {
        return done || from != attempt;
    }

    private void commit() {
        committed = true;
        earlyNanos = NEVER;
        quietSinceNanos = System.nanoTime();
        streamed().begin(begun());
    }

    private Answer streamed() {
        Answer streamed = operation.streamed();
        if (streamed == null) {
            throw new IllegalStateException("a whole answer is told at once");
        }
        return streamed;
    }

    private Begun begun() {
        long now = System.nanoTime();
        trail.firstEvent();
        if (operation.ability().work()) {
            service.metrics().firstEvent(targetNow().provider(), now - info.startNanos());
            service.board().served(targetNow().provider(), now - attemptNanos);
        }
        Pass begun = pass;
        if (begun != null) {
            begun.firstEvent();
        }
        Course on = course;
        if (on != null) {
            on.answers();
        }
        return soFar(targetNow(), waitedNanos + (now - attemptNanos), now);
    }

    private Begun soFar(Target asked, long waited, long now) {
        return new Begun(
                info.requestId(),
                asked.provider(),
                asked.model(),
                System.currentTimeMillis() / 1000,
                attempts,
                Math.max(0, now - info.startNanos() - waited),
                upstreamHeaders);
    }

    private Target targetNow() {
        Target now = target;
        if (now == null) {
            throw new IllegalStateException("no target is being asked");
        }
        return now;
    }

    /** The upstream's answer is over: tells it if it is whole, or throws. */
    private void complete() throws GatewayException {
        if (!intake.finishSeen()) {
            throw new GatewayException(
                    ErrorKind.UPSTREAM_PROTOCOL,
                    "Provider '" + targetNow().provider() + "' ended before its answer did.");
        }
        Begun begun = stream ? null : begun();
        Pass served = pass;
        if (served != null) {
            // Before its caller can ask again.
            served.ended(null);
        }
        trail.over(null, committed, intake.usage());
        if (begun != null) {
            intake.tellWhole(begun);
        } else {
            streamed().end();
        }
        leaveAttempt(null);
        leave(null);
    }

    private void attemptFailed(GatewayException failure) {
        if (committed) {
            // Every choice has its reason: what broke afterwards was decoration.
            if (intake.finishSeen()) {
                trail.over(null, true, intake.usage());
                streamed().end();
                leaveAttempt(null);
                leave(null);
            } else {
                fail(failure);
            }
            return;
        }
        Target of = targetNow();
        leaveAttempt(failure);
        failures.add(of, failure);
        Course on = course;
        if (on != null && on.asksWithoutEffort(failure)) {
            sent.refused(failure);
            next();
        } else if (failure.kind().mayTryNextTarget()) {
            next();
        } else {
            fail(failures.told());
        }
    }

    /** Gives back what the attempt held; counts it. */
    private void leaveAttempt(@Nullable GatewayException failure) {
        Attempt over = attempt;
        LiveProvider of = provider;
        Pass ends = pass;
        attempt = null;
        provider = null;
        pass = null;
        if (over == null || of == null || ends == null) {
            return;
        }
        over.abort();
        trail.answered(failure);
        ends.ended(failure);
        long nanos = System.nanoTime() - attemptNanos;
        waitedNanos += nanos;
        service.metrics().attempt(of.id(), targetNow().model(), failure == null ? null : failure.kind(), nanos);
        if (failure != null && operation.ability().work()) {
            service.board().failed(of.id(), failure);
        }
        Usage usage = intake.usage();
        if (usage != null) {
            String model = targetNow().model();
            service.metrics().usage(of.id(), model, usage, service.dollars(of, model, usage));
        }
    }

    private void fail(GatewayException failure) {
        if (done) {
            return;
        }
        leaveAttempt(failure);
        trail.over(failure, committed, intake.usage());
        Target last = target;
        if (last != null && !committed) {
            answer.failing(soFar(last, waitedNanos, System.nanoTime()));
        }
        answer.fail(failure, attempts);
        leave(failure);
    }

    /** A step threw what nobody expected: the call ends all the same. */
    private void defect(Throwable thrown) {
        if (done) {
            return;
        }
        GatewayException failure =
                new GatewayException(ErrorKind.INTERNAL, "The gateway failed; its log has the details.", thrown);
        try {
            leaveAttempt(failure);
        } finally {
            trail.over(failure, committed, intake.usage());
            leave(failure);
            answer.fail(failure, attempts);
        }
    }

    /** The one way out. */
    private void leave(@Nullable GatewayException failure) {
        done = true;
        intake.forget();
        service.deadlines().remove(this);
        service.left();
        if (stream) {
            service.metrics().streamEnded();
        }
        log(failure);
    }

    private void log(@Nullable GatewayException failure) {
        if (failure == null) {
            LOG.debug("{} {} {} served in {} attempts", info.requestId(), info.endpoint(), target, attempts);
        } else if (failure.kind() == ErrorKind.INTERNAL) {
            LOG.error("{} {} failed", info.requestId(), info.endpoint(), failure);
        } else if (failure.kind().fault() == ErrorKind.Fault.CALLER) {
            LOG.debug("{} {} {}: {}", info.requestId(), info.endpoint(), failure.kind(), failure.message());
        } else {
            LOG.info("{} {} {}: {}", info.requestId(), info.endpoint(), failure.kind(), failure.message());
        }
    }

    @Override
    public Asked asking() {
        return trail.asking();
    }

    @Override
    public boolean committed() {
        return committed;
    }

    @Override
    public void failWith(GatewayException failure) {
        serial.execute(() -> fail(failure));
    }

    @Override
    public void tick(long nanos) {
        if (done) {
            return;
        }
        answer.tick(nanos);
        Attempt current = attempt;
        if (current != null) {
            current.tick(nanos);
        }
        long again = againNanos;
        if (again != NEVER && nanos - again >= 0) {
            serial.execute(this::again);
        }
        long deadline = deadlineNanos;
        if (deadline != NEVER && nanos - deadline > 0) {
            serial.execute(() -> fail(new GatewayException(
                    ErrorKind.DEADLINE, "The call took longer than its total time. Ask for less, or allow more.")));
        } else if (service.cutting()) {
            serial.execute(() -> fail(new GatewayException(
                    ErrorKind.DRAINING, "The gateway stopped before the answer was whole. Ask again.")));
        }
        long early = earlyNanos;
        if (early != NEVER && nanos - early >= 0) {
            serial.execute(this::early);
        }
        long quiet = quietSinceNanos;
        if (quiet != NEVER && nanos - quiet > HEARTBEAT_NANOS) {
            serial.execute(() -> {
                if (!done && !flushing) {
                    quietSinceNanos = System.nanoTime();
                    streamed().heartbeat();
                }
            });
        }
    }
}
