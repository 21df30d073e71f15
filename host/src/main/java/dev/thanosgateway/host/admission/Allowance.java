package dev.thanosgateway.host.admission;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConfigurationBuilder;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.VerboseResult;
import io.github.bucket4j.local.LocalBucket;
import io.github.bucket4j.local.LocalBucketBuilder;
import java.time.Duration;
import java.util.List;

/**
 * What one caller, or one upstream, has left: a bucket for each rate, refilled steadily. Not thread-safe: whoever holds
 * it keeps others away.
 */
final class Allowance {
    /** @param requests in {@code period}, and how many at once when nothing was asked before */
    record Rate(long requests, Duration period) {
        long nanosFor(long count) {
            return Math.round(Math.ceil((double) period.toNanos() * count / requests));
        }
    }

    /**
     * What came of one request.
     *
     * @param rate the one with the least left
     * @param left requests that may be asked at once
     * @param resetNanos until nothing is missing any more
     * @param waitNanos until one may be asked; 0 = this one was let in
     */
    record Taken(Rate rate, long left, long resetNanos, long waitNanos) {}

    private final LocalBucket bucket;
    private List<Rate> rates;

    /** @param rates at least one */
    Allowance(List<Rate> rates, TimeMeter clock) {
        this.rates = rates;
        LocalBucketBuilder builder = new LocalBucketBuilder().withCustomTimePrecision(clock);
        rates.forEach(rate -> builder.addLimit(bandwidth(rate)));
        this.bucket = builder.build();
    }

    /** @param now the rates in force, at least one; what was taken under others stays taken */
    Taken take(List<Rate> now) {
        if (!now.equals(rates)) {
            // With more to be had the difference is there at once; with less, at most that much is left.
            bucket.replaceConfiguration(configuration(now), TokensInheritanceStrategy.ADDITIVE);
            rates = now;
        }
        VerboseResult<ConsumptionProbe> result = bucket.asVerbose().tryConsumeAndReturnRemaining(1);
        long[] left = left(result);
        int least = 0;
        for (int i = 1; i < left.length; i++) {
            // Of two that are used up, the slower one decides when to come back.
            boolean slower = left[i] == left[least]
                    && rates.get(i).nanosFor(1) > rates.get(least).nanosFor(1);
            least = left[i] < left[least] || slower ? i : least;
        }
        Rate rate = rates.get(least);
        ConsumptionProbe probe = result.getValue();
        return new Taken(
                rate,
                left[least],
                rate.nanosFor(rate.requests() - left[least]),
                probe.isConsumed() ? 0 : Math.max(1, probe.getNanosToWaitForRefill()));
    }

    /** Whether a new one would be no better. */
    boolean full() {
        long[] left = left(bucket.asVerbose().getAvailableTokens());
        for (int i = 0; i < left.length; i++) {
            if (left[i] < rates.get(i).requests()) {
                return false;
            }
        }
        return true;
    }

    private static long[] left(VerboseResult<?> result) {
        return result.getDiagnostics().getAvailableTokensPerEachBandwidth();
    }

    private static BucketConfiguration configuration(List<Rate> rates) {
        ConfigurationBuilder builder = BucketConfiguration.builder();
        rates.forEach(rate -> builder.addLimit(bandwidth(rate)));
        return builder.build();
    }

    private static Bandwidth bandwidth(Rate rate) {
        return Bandwidth.builder()
                .capacity(rate.requests())
                .refillGreedy(rate.requests(), rate.period())
                .id(rate.period().toString())
                .build();
    }
}
