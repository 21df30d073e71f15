package dev.thanosgateway.host.metrics;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrometheusMetricsTest {
    private final PrometheusMetrics metrics = new PrometheusMetrics("1.2.3");

    @Test
    void aRequestIsInFlightUntilItEnds() {
        metrics.requestStarted("chat_completions");
        metrics.requestStarted("chat_completions");
        metrics.requestEnded("chat_completions", "POST", 200, MILLISECONDS.toNanos(20));
        Scrape scrape = new Scrape(metrics);
        assertThat(scrape.value("thanos_requests_in_flight", "{endpoint=chat_completions}"))
                .isEqualTo(1);
        assertThat(scrape.value("thanos_requests_total", "{endpoint=chat_completions, method=POST, status=200}"))
                .isEqualTo(1);
        assertThat(scrape.value(
                        "thanos_request_duration_seconds_bucket", "{endpoint=chat_completions, le=0.01, method=POST}"))
                .isEqualTo(0);
        assertThat(scrape.value(
                        "thanos_request_duration_seconds_bucket", "{endpoint=chat_completions, le=0.1, method=POST}"))
                .isEqualTo(1);
        assertThat(scrape.value("thanos_request_duration_seconds_sum", "{endpoint=chat_completions, method=POST}"))
                .isEqualTo(0.02);
    }

    @Test
    void aHandshakeIsCountedWithoutADuration() {
        metrics.requestStarted("responses");
        metrics.requestEnded("responses", "GET", 101, -1);
        Scrape scrape = new Scrape(metrics);
        assertThat(scrape.value("thanos_requests_total", "{endpoint=responses, method=GET, status=101}"))
                .isEqualTo(1);
        assertThat(scrape.value("thanos_requests_in_flight", "{endpoint=responses}"))
                .isEqualTo(0);
        assertThat(scrape.value("thanos_request_duration_seconds_count", "{endpoint=responses, method=GET}"))
                .isEqualTo(0);
    }

    @Test
    void theBucketsAreTheOriginals() {
        metrics.requestEnded("e", "POST", 200, 1);
        metrics.attempt("p", "m", null, 1);
        Scrape scrape = new Scrape(metrics);
        assertThat(scrape.series("thanos_request_duration_seconds_bucket"))
                .extracting(s -> s.replaceAll(".*le=([^,}]*).*", "$1"))
                .containsExactly("0.001", "0.01", "0.1", "0.5", "1.0", "2.5", "5.0", "10.0", "+Inf");
        assertThat(scrape.series("thanos_provider_duration_seconds_bucket"))
                .extracting(s -> s.replaceAll(".*le=([^,}]*).*", "$1"))
                .containsExactly("0.1", "0.5", "1.0", "2.0", "5.0", "10.0", "30.0", "60.0", "+Inf");
    }

    @Test
    void anAttemptCountsByItsOutcome() {
        metrics.attempt("p", "m", null, 1);
        metrics.attempt("p", "m", ErrorKind.UPSTREAM_TIMEOUT, 1);
        metrics.attempt("p", "m", ErrorKind.UPSTREAM_TIMEOUT, 1);
        Scrape scrape = new Scrape(metrics);
        assertThat(scrape.value("thanos_provider_requests_total", "{model=m, provider=p, status=success}"))
                .isEqualTo(1);
        assertThat(scrape.value("thanos_provider_requests_total", "{model=m, provider=p, status=error}"))
                .isEqualTo(2);
        assertThat(scrape.value("thanos_provider_errors_total", "{error_type=upstream_timeout, provider=p}"))
                .isEqualTo(2);
        assertThat(scrape.value("thanos_upstream_attempts_total", "{outcome=served, provider=p}"))
                .isEqualTo(1);
        assertThat(scrape.value("thanos_provider_duration_seconds_count", "{model=m, provider=p}"))
                .isEqualTo(3);
    }

    @Test
    void tokensThatTheUpstreamDidNotCountAreNotInvented() {
        metrics.usage("p", "m", Usage.of(7, -1), 0.25);
        metrics.usage("p", "m", Usage.of(1, 3), 0.5);
        Scrape scrape = new Scrape(metrics);
        assertThat(scrape.value("thanos_tokens_used_total", "{model=m, provider=p, token_type=input}"))
                .isEqualTo(8);
        assertThat(scrape.value("thanos_tokens_used_total", "{model=m, provider=p, token_type=output}"))
                .isEqualTo(3);
        assertThat(scrape.value("thanos_estimated_cost_usd", "{model=m, provider=p}"))
                .isEqualTo(0.75);
    }

    @Test
    void theRestIsThere() {
        metrics.streamStarted();
        metrics.streamStarted();
        metrics.streamEnded();
        metrics.firstEvent("p", MILLISECONDS.toNanos(200));
        metrics.pluginSwap("dev.example.plugin", "replaced");
        metrics.refused("streams");
        Scrape scrape = new Scrape(metrics);
        assertThat(scrape.value("thanos_streams_active", "{}")).isEqualTo(1);
        assertThat(scrape.value("thanos_time_to_first_token_seconds_bucket", "{le=0.25, provider=p}"))
                .isEqualTo(1);
        assertThat(scrape.value("thanos_plugin_swaps_total", "{plugin=dev.example.plugin, result=replaced}"))
                .isEqualTo(1);
        assertThat(scrape.value("thanos_overload_rejections_total", "{reason=streams}"))
                .isEqualTo(1);
        assertThat(scrape.series("thanos_build_info"))
                .singleElement()
                .asString()
                .contains("version=1.2.3");
        assertThat(scrape.value("thanos_uptime_seconds", "{}")).isNotNegative();
        assertThat(scrape.value("jvm_memory_used_bytes", "{area=heap}")).isPositive();
        assertThat(scrape.value("jvm_threads_current", "{}")).isPositive();
    }

    @Test
    void everyFamilyHasTheTypeItShould() {
        metrics.requestEnded("e", "POST", 200, 1);
        metrics.attempt("p", "m", ErrorKind.INTERNAL, 1);
        metrics.usage("p", "m", Usage.of(1, 1), 0);
        assertThat(new Scrape(metrics).types())
                .containsEntry("thanos_requests_total", "counter")
                .containsEntry("thanos_request_duration_seconds", "histogram")
                .containsEntry("thanos_provider_requests_total", "counter")
                .containsEntry("thanos_provider_errors_total", "counter")
                .containsEntry("thanos_provider_duration_seconds", "histogram")
                .containsEntry("thanos_tokens_used_total", "counter")
                .containsEntry("thanos_streams_active", "gauge");
    }

    @Test
    void aGrpcStatusIsANameAndAnUnknownMethodIsOther() {
        metrics.requestEnded("grpc", "GRPC", 1014, 1);
        metrics.requestEnded("e", "BREW", 405, 1);
        Scrape scrape = new Scrape(metrics);
        assertThat(scrape.value("thanos_requests_total", "{endpoint=grpc, method=GRPC, status=UNAVAILABLE}"))
                .isEqualTo(1);
        assertThat(scrape.value("thanos_requests_total", "{endpoint=e, method=other, status=405}"))
                .isEqualTo(1);
    }

    @Test
    void modelsAreFewWhateverCallersAskFor() {
        for (int i = 0; i < 1000; i++) {
            metrics.attempt("p", "unknown-" + i, ErrorKind.MODEL_NOT_FOUND, 1);
        }
        metrics.attempt("p", "x".repeat(1000), null, 1);
        for (int i = 0; i < 1000; i++) {
            metrics.attempt("p", "served-" + i, null, 1);
            metrics.usage("p", "served-" + i, Usage.of(1, 1), 0);
        }
        Scrape scrape = new Scrape(metrics);
        assertThat(scrape.value("thanos_provider_requests_total", "{model=served-199, provider=p, status=success}"))
                .isEqualTo(1);
        assertThat(scrape.value("thanos_provider_requests_total", "{model=other, provider=p, status=success}"))
                .isEqualTo(801);
        assertThat(scrape.value("thanos_provider_requests_total", "{model=other, provider=p, status=error}"))
                .isEqualTo(1000);
        assertThat(scrape.series("thanos_tokens_used_total")).hasSize(2 * 201);
    }

    @Test
    void anyModelNameKeepsTheTextReadable() {
        metrics.attempt("p", "a\"b\\c\nd{}= \uD83D\uDE00", null, 1);
        assertThat(new Scrape(metrics).series("thanos_provider_requests_total")).hasSize(1);
    }

    @Test
    void countsAreExactUnderConcurrency() throws Exception {
        int threads = 8;
        int rounds = 5_000;
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            running.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < rounds; i++) {
                    metrics.requestStarted("e");
                    metrics.streamStarted();
                    metrics.attempt("p", "m" + i % 300, i % 10 == 0 ? ErrorKind.INTERNAL : null, 1_000_000);
                    metrics.usage("p", "m0", Usage.of(3, 2), 0);
                    metrics.streamEnded();
                    metrics.requestEnded("e", "POST", 200, 1_000_000);
                }
            }));
        }
        for (Thread thread : running) {
            thread.join();
        }
        Scrape scrape = new Scrape(metrics);
        double all = threads * rounds;
        assertThat(scrape.value("thanos_requests_total", "{endpoint=e, method=POST, status=200}"))
                .isEqualTo(all);
        assertThat(scrape.value("thanos_requests_in_flight", "{endpoint=e}")).isEqualTo(0);
        assertThat(scrape.value("thanos_streams_active", "{}")).isEqualTo(0);
        assertThat(scrape.value("thanos_upstream_attempts_total", "{outcome=served, provider=p}"))
                .isEqualTo(all * 9 / 10);
        assertThat(scrape.value("thanos_provider_errors_total", "{error_type=internal, provider=p}"))
                .isEqualTo(all / 10);
        assertThat(scrape.value("thanos_tokens_used_total", "{model=m0, provider=p, token_type=input}"))
                .isEqualTo(all * 3);
        double attempts = scrape.series("thanos_provider_duration_seconds_count").stream()
                .mapToDouble(s -> scrape.value(s, ""))
                .sum();
        assertThat(attempts).isEqualTo(all);
    }
}
