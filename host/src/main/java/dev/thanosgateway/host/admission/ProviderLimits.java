package dev.thanosgateway.host.admission;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.config.RateLimits;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How often each upstream may be asked: {@code [rate_limiting.providers]}, as it is in force at the moment of the
 * attempt. Called from many threads at once, never blocks.
 */
public final class ProviderLimits {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Supplier<RateLimits> limits;
    /** For each table that had a limit at some time. */
    private final Map<String, Allowance> providers = new ConcurrentHashMap<>();

    /** @param limits those in force, whenever asked */
    public ProviderLimits(Supplier<RateLimits> limits) {
        this.limits = limits;
    }

    /**
     * Takes one request from what may be sent to a provider.
     *
     * @return why it must not be asked now, UPSTREAM_LIMITED with the time to wait; null = ask
     */
    public @Nullable GatewayException take(String provider) {
        Long most = limits.get().providersPerMinute().get(provider);
        if (most == null) {
            return null;
        }
        List<Allowance.Rate> rates = List.of(new Allowance.Rate(most, MINUTE));
        Allowance.Taken[] taken = new Allowance.Taken[1];
        providers.compute(provider, (id, known) -> {
            Allowance allowance = known == null ? new Allowance(rates, TimeMeter.SYSTEM_NANOTIME) : known;
            taken[0] = allowance.take(rates);
            return allowance;
        });
        long wait = taken[0].waitNanos();
        if (wait == 0) {
            return null;
        }
        return new GatewayException(
                        ErrorKind.UPSTREAM_LIMITED,
                        "Provider '" + provider + "' is asked as often as rate_limiting.providers." + provider
                                + "_rpm = " + most + " allows. Try again in " + Waits.seconds(wait)
                                + " s, or name another provider.")
                .withRetryAfter(Waits.seconds(wait));
    }
}
