package dev.thanosgateway.host.metrics;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.chat.Usage;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts with Prometheus' own library, in a registry of its own. The series of a call are looked up once and kept, so
 * that counting one request costs well under a microsecond.
 *
 * <p>Names and labels of requests, providers and tokens are the original gateway's; a gRPC call's status is the name
 * of its code. Models are folded to {@code other} after 200 ({@link Labels}).
 */
public final class PrometheusMetrics implements Metrics {
    /** The content type of {@link #text()}. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double[] REQUEST_BUCKETS = {0.001, 0.01, 0.1, 0.5, 1, 2.5, 5, 10};
    private static final double[] PROVIDER_BUCKETS = {0.1, 0.5, 1, 2, 5, 10, 30, 60};
    private static final double[] FIRST_EVENT_BUCKETS = {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

    private record Request(String endpoint, String method, int status) {}

    private record RequestSeries(CounterDataPoint count, DistributionDataPoint seconds) {}

    private record Attempt(
            String provider, String model, @Nullable ErrorKind failure) {}

    private record AttemptSeries(
            CounterDataPoint count,
            DistributionDataPoint seconds,
            CounterDataPoint outcomes,
            @Nullable CounterDataPoint errors) {}

    private record Served(String provider, String model) {}

    private record TokenSeries(CounterDataPoint input, CounterDataPoint output, DoubleAdder dollars) {}

    private final long startedNanos = System.nanoTime();
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Labels labels = new Labels();

    private final Counter requests =
            counter("thanos_requests_total", "Requests answered.", "endpoint", "method", "status");
    private final Histogram requestSeconds = histogram(
            "thanos_request_duration_seconds", "From arrival to the last byte.", REQUEST_BUCKETS, "endpoint", "method");
    private final Counter attempts =
            counter("thanos_provider_requests_total", "Attempts at providers.", "provider", "model", "status");
    private final Counter attemptErrors =
            counter("thanos_provider_errors_total", "Failed attempts by kind.", "provider", "error_type");
    private final Counter outcomes = counter(
            "thanos_upstream_attempts_total", "Attempts by outcome: served, or the error kind.", "provider", "outcome");
    private final Histogram attemptSeconds = histogram(
            "thanos_provider_duration_seconds", "Time of one attempt.", PROVIDER_BUCKETS, "provider", "model");
    private final Histogram firstEventSeconds = histogram(
            "thanos_time_to_first_token_seconds",
            "From a request's arrival to its first event.",
            FIRST_EVENT_BUCKETS,
            "provider");
    private final Counter tokens =
            counter("thanos_tokens_used_total", "Tokens as upstreams counted them.", "provider", "model", "token_type");
    private final Counter swaps = counter("thanos_plugin_swaps_total", "Changes of plugins.", "plugin", "result");
    private final Counter breakerFailures =
            counter("thanos_circuit_breaker_failures_total", "Failures that circuit breakers counted.", "provider");
    private final Counter rejections =
            counter("thanos_overload_rejections_total", "Requests refused at a limit of the gateway.", "reason");

    private final Counter limited = counter(
            "thanos_rate_limit_exceeded_total", "Calls refused because their caller asks too often.", "endpoint");

    private final Map<String, LongAdder> inFlight = new ConcurrentHashMap<>();
    private final LongAdder streams = new LongAdder();
    private final Map<Request, RequestSeries> requestSeries = new ConcurrentHashMap<>();
    private final Map<Attempt, AttemptSeries> attemptSeries = new ConcurrentHashMap<>();
    private final Map<String, DistributionDataPoint> firstEventSeries = new ConcurrentHashMap<>();
    private final Map<Served, TokenSeries> tokenSeries = new ConcurrentHashMap<>();

    /** @param version the gateway's own */
    public PrometheusMetrics(String version) {
        Info.builder()
                .name("thanos_build_info")
                .help("What runs.")
                .labelNames("version", "java")
                .register(registry)
                .setLabelValues(version, Runtime.version().toString());
        GaugeWithCallback.builder()
                .name("thanos_requests_in_flight")
                .help("Requests being answered.")
                .labelNames("endpoint")
                .callback(out -> inFlight.forEach((endpoint, count) -> out.call((double) count.sum(), endpoint)))
                .register(registry);
        GaugeWithCallback.builder()
                .name("thanos_streams_active")
                .help("Streamed answers being sent.")
                .callback(out -> out.call((double) streams.sum()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("thanos_uptime_seconds")
                .help("Since the start.")
                .callback(out -> out.call((System.nanoTime() - startedNanos) / NANOS_PER_SECOND))
                .register(registry);
        // The original's name: as a counter it would have to end in _total.
        GaugeWithCallback.builder()
                .name("thanos_estimated_cost_usd")
                .help("What counted tokens cost by the prices known of their models, since the start.")
                .labelNames("provider", "model")
                .callback(this::costs)
                .register(registry);
        registerJvm();
    }

    private void costs(GaugeWithCallback.Callback out) {
        tokenSeries.forEach((served, series) -> {
            double dollars = series.dollars().sum();
            if (dollars > 0) {
                out.call(dollars, served.provider(), served.model());
            }
        });
    }

    private void registerJvm() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        GaugeWithCallback.builder()
                .name("jvm_memory_used_bytes")
                .help("Memory in use.")
                .labelNames("area")
                .callback(out -> {
                    MemoryUsage heap = memory.getHeapMemoryUsage();
                    out.call((double) heap.getUsed(), "heap");
                    out.call((double) memory.getNonHeapMemoryUsage().getUsed(), "nonheap");
                })
                .register(registry);
        GaugeWithCallback.builder()
                .name("jvm_threads_current")
                .help("Platform threads.")
                .callback(out -> out.call(ManagementFactory.getThreadMXBean().getThreadCount()))
                .register(registry);
    }

    @Override
    public void requestStarted(String endpoint) {
        inFlight(endpoint).increment();
    }

    @Override
    public void requestEnded(String endpoint, String method, int status, long nanos) {
        inFlight(endpoint).decrement();
        Request key = new Request(endpoint, Labels.method(method), status);
        RequestSeries series = requestSeries.get(key);
        if (series == null) {
            series = requestSeries.computeIfAbsent(
                    key,
                    k -> new RequestSeries(
                            requests.labelValues(k.endpoint(), k.method(), Labels.status(k.status())),
                            requestSeconds.labelValues(k.endpoint(), k.method())));
        }
        series.count().inc();
        if (nanos >= 0) {
            series.seconds().observe(nanos / NANOS_PER_SECOND);
        }
    }

    private LongAdder inFlight(String endpoint) {
        LongAdder count = inFlight.get(endpoint);
        return count != null ? count : inFlight.computeIfAbsent(endpoint, e -> new LongAdder());
    }

    @Override
    public void streamStarted() {
        streams.increment();
    }

    @Override
    public void streamEnded() {
        streams.decrement();
    }

    @Override
    public void attempt(String provider, String model, @Nullable ErrorKind failure, long nanos) {
        String label = failure == ErrorKind.MODEL_NOT_FOUND ? labels.unknownModel(model) : labels.model(model);
        Attempt key = new Attempt(provider, label, failure);
        AttemptSeries series = attemptSeries.get(key);
        if (series == null) {
            series = attemptSeries.computeIfAbsent(key, this::attemptSeries);
        }
        series.count().inc();
        series.outcomes().inc();
        series.seconds().observe(nanos / NANOS_PER_SECOND);
        CounterDataPoint errors = series.errors();
        if (errors != null) {
            errors.inc();
        }
    }

    private AttemptSeries attemptSeries(Attempt key) {
        ErrorKind failure = key.failure();
        String outcome = failure == null ? "served" : Labels.kind(failure);
        return new AttemptSeries(
                attempts.labelValues(key.provider(), key.model(), failure == null ? "success" : "error"),
                attemptSeconds.labelValues(key.provider(), key.model()),
                outcomes.labelValues(key.provider(), outcome),
                failure == null ? null : attemptErrors.labelValues(key.provider(), outcome));
    }

    @Override
    public void firstEvent(String provider, long nanos) {
        DistributionDataPoint series = firstEventSeries.get(provider);
        if (series == null) {
            series = firstEventSeries.computeIfAbsent(provider, firstEventSeconds::labelValues);
        }
        series.observe(nanos / NANOS_PER_SECOND);
    }

    @Override
    public void usage(String provider, String model, Usage usage, double dollars) {
        Served key = new Served(provider, labels.model(model));
        TokenSeries series = tokenSeries.get(key);
        if (series == null) {
            series = tokenSeries.computeIfAbsent(
                    key,
                    k -> new TokenSeries(
                            tokens.labelValues(k.provider(), k.model(), "input"),
                            tokens.labelValues(k.provider(), k.model(), "output"),
                            new DoubleAdder()));
        }
        // -1 = the upstream did not say.
        series.input().inc(Math.max(0, usage.inputTokens()));
        series.output().inc(Math.max(0, usage.outputTokens()));
        if (dollars > 0) {
            series.dollars().add(dollars);
        }
    }

    @Override
    public void pluginSwap(String plugin, String result) {
        swaps.labelValues(plugin, result).inc();
    }

    @Override
    public void refused(String reason) {
        rejections.labelValues(reason).inc();
    }

    @Override
    public void rateLimited(String endpoint) {
        limited.labelValues(endpoint).inc();
    }

    @Override
    public void gauge(String name, String help, LongSupplier now) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(out -> out.call((double) now.getAsLong()))
                .register(registry);
    }

    @Override
    public void breakerFailure(String provider) {
        breakerFailures.labelValues(provider).inc();
    }

    @Override
    public void breakers(Supplier<Map<String, Integer>> states) {
        GaugeWithCallback.builder()
                .name("thanos_circuit_breaker_state")
                .help("Whether a provider is set aside: 0 closed, 1 open, 2 half-open; of its models the worst.")
                .labelNames("provider")
                .callback(out -> states.get().forEach((provider, state) -> out.call(state, provider)))
                .register(registry);
    }

    @Override
    public byte[] text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 14);
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private Counter counter(String name, String help, String... labelNames) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(labelNames)
                .withoutExemplars()
                .register(registry);
    }

    private Histogram histogram(String name, String help, double[] buckets, String... labelNames) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(labelNames)
                .classicOnly()
                .classicUpperBounds(buckets)
                .withoutExemplars()
                .register(registry);
    }
}
