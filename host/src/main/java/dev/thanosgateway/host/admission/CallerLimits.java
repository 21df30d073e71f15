package dev.thanosgateway.host.admission;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.config.RateLimits;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How often each caller may ask: {@code [rate_limiting]}, as it is in force at the moment of the request. Exact under
 * concurrency. What is kept is bounded: whoever has asked nothing for long enough is forgotten, which gives nobody more
 * than it had; callers beyond the bound share one allowance until there is room.
 */
public final class CallerLimits implements Admission {
    private static final int MOST_CALLERS = 100_000;
    /** Fewer are not worth a look at all of them. */
    private static final int FEW_CALLERS = 1_000;

    private static final long SWEEP_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private record InForce(RateLimits limits, List<Allowance.Rate> rates) {}

    private final Supplier<RateLimits> limits;
    private final TimeMeter clock;
    private final int most;
    private final Map<String, Allowance> callers = new ConcurrentHashMap<>();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile int sweepAbove = FEW_CALLERS;
    private volatile long sweptNanos;
    private volatile InForce inForce = new InForce(RateLimits.NONE, List.of());
    private @Nullable Allowance shared;

    /** @param limits those in force, whenever asked */
    public CallerLimits(Supplier<RateLimits> limits) {
        this(limits, TimeMeter.SYSTEM_NANOTIME, MOST_CALLERS);
    }

    CallerLimits(Supplier<RateLimits> limits, TimeMeter clock, int most) {
        this.limits = limits;
        this.clock = clock;
        this.most = most;
        this.sweptNanos = clock.currentTimeNanos() - SWEEP_PAUSE_NANOS;
    }

    @Override
    public Verdict admit(Caller caller) {
        RateLimits now = limits.get();
        InForce known = inForce;
        if (known.limits() != now) {
            known = new InForce(now, rates(now));
            inForce = known;
        }
        List<Allowance.Rate> rates = known.rates();
        return rates.isEmpty() ? Verdict.OPEN : verdict(take(caller.id(), rates));
    }

    /** Callers that are remembered. */
    int remembered() {
        return callers.size();
    }

    private static List<Allowance.Rate> rates(RateLimits limits) {
        List<Allowance.Rate> rates = new ArrayList<>(2);
        if (limits.perMinute() > 0) {
            rates.add(new Allowance.Rate(limits.perMinute(), MINUTE));
        }
        if (limits.perHour() > 0) {
            rates.add(new Allowance.Rate(limits.perHour(), HOUR));
        }
        return rates;
    }

    private Allowance.Taken take(String id, List<Allowance.Rate> rates) {
        if (!callers.containsKey(id) && callers.size() >= Math.min(sweepAbove, most)) {
            sweep();
            if (callers.size() >= most) {
                return takeShared(rates);
            }
        }
        // Taken while the map keeps others from this entry: it cannot be forgotten with this request in it.
        Allowance.Taken[] taken = new Allowance.Taken[1];
        callers.compute(id, (key, known) -> {
            Allowance allowance = known == null ? new Allowance(rates, clock) : known;
            taken[0] = allowance.take(rates);
            return allowance;
        });
        return taken[0];
    }

    private synchronized Allowance.Taken takeShared(List<Allowance.Rate> rates) {
        if (shared == null) {
            shared = new Allowance(rates, clock);
        }
        return shared.take(rates);
    }

    /** Forgets those that are as good as new. */
    private void sweep() {
        boolean soon = callers.size() >= most && clock.currentTimeNanos() - sweptNanos < SWEEP_PAUSE_NANOS;
        if (soon || !sweeping.compareAndSet(false, true)) {
            return;
        }
        try {
            for (String id : callers.keySet()) {
                callers.computeIfPresent(id, (key, allowance) -> allowance.full() ? null : allowance);
            }
            sweepAbove = Math.max(FEW_CALLERS, 2 * callers.size());
            sweptNanos = clock.currentTimeNanos();
        } finally {
            sweeping.set(false);
        }
    }

    private static Verdict verdict(Allowance.Taken taken) {
        Allowance.Rate rate = taken.rate();
        List<Map.Entry<String, String>> headers = List.of(
                Map.entry("x-ratelimit-limit-requests", Long.toString(rate.requests())),
                Map.entry("x-ratelimit-remaining-requests", Long.toString(taken.left())),
                Map.entry("x-ratelimit-reset-requests", Waits.written(taken.resetNanos())));
        if (taken.waitNanos() == 0) {
            return new Verdict(null, headers);
        }
        String seconds = Waits.seconds(taken.waitNanos());
        GatewayException refusal = new GatewayException(
                        ErrorKind.RATE_LIMITED,
                        "You have asked as often as this gateway lets one caller: " + rate.requests() + " requests per "
                                + (rate.period().equals(HOUR) ? "hour" : "minute") + ". Try again in " + seconds
                                + " s.")
                .withRetryAfter(seconds);
        return new Verdict(refusal, headers);
    }
}
