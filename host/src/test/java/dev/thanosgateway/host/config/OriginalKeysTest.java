package dev.thanosgateway.host.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that only the original's documents and its older files have. A comment in a line says what is logged of it. */
final class OriginalKeysTest {
    private static final String DOCUMENTS = """
            [server]
            bind = "127.0.0.1:0"
            grpc = "127.0.0.1:1"
            uds_permissions = "0660" # server.uds_permissions
            uds_group = "thanos" # server.uds_group
            http3_enabled = false # server.http3_enabled
            http3_bind = "0.0.0.0:443" # server.http3_bind
            http3_cert = "/c" # server.http3_cert
            http3_key = "/k" # server.http3_key
            [performance]
            http_pool_size = 100 # performance.http_pool_size
            http_pool_idle_timeout = 90 # performance.http_pool_idle_timeout
            [performance.provider_pools] # performance.provider_pools
            anthropic = 20
            openai = 20
            [cache]
            backend = "redis" # cache.backend
            [cache.redis] # cache.redis
            url = "redis://h"
            db = 0
            [rate_limiting]
            enabled = true
            [rate_limiting.providers]
            anthropic_rpm = 50 # rate_limiting.providers.anthropic_rpm
            openai_rpm = 60
            [circuit_breaker]
            enabled = true
            failure_threshold = 5
            timeout = 60
            success_threshold = 2
            [retry]
            enabled = true
            max_attempts = 3
            initial_delay = 100
            max_delay = 5000
            multiplier = 2.0 # retry.multiplier
            jitter = true # retry.jitter
            [logging]
            level = "info" # logging.level
            format = "json" # logging.format
            output = "stdout" # logging.output
            [logging.file] # logging.file
            path = "/var/log/thanos.log"
            [http]
            pool_size = 100 # http.pool_size
            keep_alive = 30 # http.keep_alive
            timeout = 60 # http.timeout
            [telemetry]
            enabled = false # telemetry.enabled
            [providers.openai]
            """;

    private static final String FIRST_EDITION = """
            [general]
            debug = true # general.debug
            preferred_provider = "openai" # general.preferred_provider
            request_timeout_ms = 30000 # general.request_timeout_ms
            [endpoints]
            omen = "http://localhost:3000" # endpoints.omen
            bolt_grpc = "127.0.0.1:50051" # endpoints.bolt_grpc
            [ai]
            mode = "hybrid" # ai.mode
            primary_provider = "openai" # ai.primary_provider
            [discovery]
            ollama_endpoint = "http://localhost:11434" # discovery.ollama_endpoint
            [providers.openai]
            endpoint = "https://api.openai.com/v1/chat/completions" # providers.openai.endpoint
            max_tokens = 4096 # providers.openai.max_tokens
            [providers.omen]
            preferred_providers = ["anthropic", "openai"]
            routing_strategy = "cost-optimized"
            [conversation]
            context_window = 8000 # conversation.context_window
            [ui]
            show_latency = true # ui.show_latency
            [budget]
            enabled = false # budget.enabled
            providers_cost_per_1k_tokens = {openai = 0.01} # budget.providers_cost_per_1k_tokens
            [routing]
            code_completion = "openai" # routing.code_completion
            code_generation = "openai" # routing.code_generation
            chat = "openai" # routing.chat
            documentation = "openai" # routing.documentation
            [performance]
            timeout_seconds = 30 # performance.timeout_seconds
            enable_caching = true # performance.enable_caching
            """;

    private static Settings parse(String toml) throws ConfigException {
        return new ConfigReader(Map.of(), Installed.UNKNOWN).parse(toml, Path.of("config.toml"));
    }

    @ParameterizedTest
    @ValueSource(strings = {DOCUMENTS, FIRST_EDITION})
    void noneIsRefusedAndEachWithoutUseIsAnsweredOnceAtItsPlace(String file) throws Exception {
        List<String> lines = file.lines().toList();

        List<String> warnings = parse(file).warnings();

        assertThat(warnings).hasSize((int)
                lines.stream().filter(line -> line.contains("# ")).count());
        for (int i = 0; i < lines.size(); i++) {
            String[] parts = lines.get(i).split("# ");
            if (parts.length == 2) {
                String start = "config.toml:" + (i + 1) + ":1: " + parts[1] + " ";
                assertThat(warnings)
                        .filteredOn(warning -> warning.startsWith(start))
                        .as(start)
                        .hasSize(1);
            }
        }
    }

    @Test
    void whatHasAUseIsUsed() throws Exception {
        RateLimits limits = parse(DOCUMENTS).rateLimits();
        Settings first = parse(FIRST_EDITION);

        // The original's own numbers, where its table names none.
        assertThat(limits).isEqualTo(new RateLimits(60, 1_000, Map.of("anthropic", 50L, "openai", 60L)));
        assertThat(first.providers().get("openai").endpoint()).isEqualTo(URI.create("https://api.openai.com/v1"));
    }

    @Test
    void limitsCountWhenTheyAreNamedAndNotSwitchedOff() throws Exception {
        assertThat(parse("[rate_limiting]").rateLimits()).isEqualTo(RateLimits.NONE);
        assertThat(parse("[rate_limiting]\nrequests_per_hour = 7").rateLimits())
                .isEqualTo(new RateLimits(0, 7, Map.of()));
        assertThat(parse("[rate_limiting]\nenabled = true\nrequests_per_minute = 7")
                        .rateLimits())
                .isEqualTo(new RateLimits(7, 0, Map.of()));
        assertThat(parse("[rate_limiting]\nenabled = false\nrequests_per_minute = 7\nproviders = {a_rpm = 3}")
                        .rateLimits())
                .isEqualTo(RateLimits.NONE);
    }
}
