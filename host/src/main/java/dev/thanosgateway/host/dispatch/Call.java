package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.plugins.LiveProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One chat on its way: plan, attempt, first event, commit, end. Every step runs on {@link #serial}, so the fields
 * need no lock; whatever happens, the answer is told exactly once and every lease goes back.
 *
 * <p>Until the first event a failure whose kind allows it moves on to the next target. With the first event in hand
 * the answer is committed: from then on it ends well or is told to have failed, and nobody else is asked.
 */
final class Call implements ChatCall, Attempt.Told, Deadlines.Watched {
    private static final Logger LOG = LoggerFactory.getLogger("dev.thanosgateway.calls");
    private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long NEVER = Long.MAX_VALUE;

    private final ChatService service;
    private final ChatRequest request;
    private final CallInfo info;
    private final Answer answer;
    private final Serial serial = new Serial(this::defect);
    private final Failures failures = new Failures();

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

    private List<Map.Entry<String, String>> upstreamHeaders = List.of();
    private Intake intake;

    Call(ChatService service, ChatRequest request, CallInfo info, Answer answer) {
        this.service = service;
        this.request = request;
        this.info = info;
        this.answer = answer;
        this.deadlineNanos = info.deadlineNanos();
        this.intake = new Intake(request.stream(), answer, this::commit);
    }

    void start(@Nullable GatewayException refusal) {
        service.deadlines().add(this);
        if (request.stream()) {
            service.metrics().streamStarted();
        }
        serial.execute(() -> {
            if (refusal != null) {
                fail(refusal);
                return;
            }
            service.router().plan(request, new Router.Planned() {
                @Override
                public void targets(List<Target> found) {
                    serial.execute(() -> {
                        course = new Course(service, found, request.stream(), failures);
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
                fail(failures.told());
                return;
            }
            try {
                ask(leg);
                return;
            } catch (GatewayException e) {
                failures.add(leg.target(), e);
                if (!e.kind().mayTryNextTarget() && e.kind() != ErrorKind.NO_ROUTE) {
                    fail(failures.told());
                    return;
                }
            }
        }
    }

    private void ask(Course.Leg leg) throws GatewayException {
        Target to = leg.target();
        LiveProvider live = leg.provider();
        attempts++;
        target = to;
        intake = new Intake(request.stream(), answer, this::commit);
        upstreamHeaders = List.of();
        attemptNanos = System.nanoTime();
        long total = live.settings().timeouts().totalMillis();
        if (total > 0) {
            deadlineNanos = Math.min(deadlineNanos, info.startNanos() + TimeUnit.MILLISECONDS.toNanos(total));
        }
        boolean made = false;
        try {
            Attempt started = service.attempt(this, request.withModel(to.model()), live, info);
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
    public void head(Attempt from, List<Map.Entry<String, String>> headers) {
        serial.execute(() -> {
            if (!late(from)) {
                upstreamHeaders = headers;
            }
        });
    }

    @Override
    public void took(Attempt from, SliceOutput<ChatEvent> output) {
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
            answer.flush(() -> {
                flushing = false;
                quietSinceNanos = System.nanoTime();
                from.demand();
            });
        });
    }

    @Override
    public void ended(Attempt from, SliceOutput<ChatEvent> output) {
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
        quietSinceNanos = System.nanoTime();
        answer.begin(begun());
    }

    private Begun begun() {
        long now = System.nanoTime();
        service.metrics().firstEvent(targetNow().provider(), now - info.startNanos());
        service.board().served(targetNow().provider(), now - attemptNanos);
        Pass begun = pass;
        if (begun != null) {
            begun.firstEvent();
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
        Begun begun = request.stream() ? null : begun();
        Pass served = pass;
        if (served != null) {
            // Before its caller can ask again.
            served.ended(null);
        }
        if (begun != null) {
            intake.tellWhole(begun);
        } else {
            answer.end();
        }
        leaveAttempt(null);
        leave(null);
    }

    private void attemptFailed(GatewayException failure) {
        if (committed) {
            // Every choice has its reason: what broke afterwards was decoration.
            if (intake.finishSeen()) {
                answer.end();
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
        if (failure.kind().mayTryNextTarget()) {
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
        ends.ended(failure);
        long nanos = System.nanoTime() - attemptNanos;
        waitedNanos += nanos;
        service.metrics().attempt(of.id(), targetNow().model(), failure == null ? null : failure.kind(), nanos);
        if (failure != null) {
            service.board().failed(of.id(), failure);
        }
        Usage usage = intake.usage();
        if (usage != null) {
            service.metrics().usage(of.id(), targetNow().model(), usage);
        }
    }

    private void fail(GatewayException failure) {
        if (done) {
            return;
        }
        leaveAttempt(failure);
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
            leave(failure);
            answer.fail(failure, attempts);
        }
    }

    /** The one way out. */
    private void leave(@Nullable GatewayException failure) {
        done = true;
        service.deadlines().remove(this);
        service.left();
        if (request.stream()) {
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
    public boolean committed() {
        return committed;
    }

    @Override
    public void cancel() {
        serial.execute(() -> fail(new GatewayException(ErrorKind.CANCELLED, "The caller went away.")));
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
        long deadline = deadlineNanos;
        if (deadline != NEVER && nanos - deadline > 0) {
            serial.execute(() -> fail(new GatewayException(
                    ErrorKind.DEADLINE, "The call took longer than its total time. Ask for less, or allow more.")));
        } else if (service.cutting()) {
            serial.execute(() -> fail(new GatewayException(
                    ErrorKind.DRAINING, "The gateway stopped before the answer was whole. Ask again.")));
        }
        long quiet = quietSinceNanos;
        if (quiet != NEVER && nanos - quiet > HEARTBEAT_NANOS) {
            serial.execute(() -> {
                if (committed && !done && !flushing) {
                    quietSinceNanos = System.nanoTime();
                    answer.heartbeat();
                }
            });
        }
    }
}
