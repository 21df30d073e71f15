package dev.thanosgateway.host.metrics;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.chat.Usage;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the gateway counts. Called from many threads at once, never blocks; labels are bounded. */
public interface Metrics {
    /** A request began at {@code endpoint}. */
    void requestStarted(String endpoint);

    /**
     * A request ended.
     *
     * @param status the HTTP status, or the gRPC code plus 1000
     * @param nanos how long it took; negative = it is counted without a duration
     */
    void requestEnded(String endpoint, String method, int status, long nanos);

    void streamStarted();

    void streamEnded();

    /**
     * One attempt at a target ended.
     *
     * @param failure null = it served
     * @param nanos since it was sent
     */
    void attempt(String provider, String model, @Nullable ErrorKind failure, long nanos);

    /** @param nanos from the request's arrival to the first event */
    void firstEvent(String provider, long nanos);

    /** @param dollars what that cost by the prices that are known; 0 = nothing, or not known */
    void usage(String provider, String model, Usage usage, double dollars);

    /** @param result {@code installed}, {@code replaced}, {@code removed}, {@code refused} */
    void pluginSwap(String plugin, String result);

    /** @param reason {@code body_budget}, {@code answer_budget}, {@code streams}, {@code draining} */
    void refused(String reason);

    /** A call was refused because its caller asks more often than it may. */
    void rateLimited(String endpoint);

    /**
     * Something that is held for the moment. Each name once.
     *
     * @param name of the series: {@code thanos_…}
     * @param now asked whenever the whole is; on any thread, quick
     */
    void gauge(String name, String help, LongSupplier now);

    /** A target of this provider failed by its own doing. */
    void breakerFailure(String provider);

    /** @param states asked at each scrape: by provider 0 closed, 1 open, 2 half-open */
    void breakers(Supplier<Map<String, Integer>> states);

    /** The whole as Prometheus text, version 0.0.4. */
    byte[] text();
}
