package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A configuration with every key that the original gateway's own example has. */
class OriginalConfigurationIT {
    private static final String EXAMPLE = """
            [server]
            bind = "127.0.0.1:0"
            grpc = "127.0.0.1:0"
            log_level = "info"
            uds_enabled = true # unused
            uds_path = "/var/run/thanos/thanos.sock" # unused
            [routing]
            strategy = "omen"
            fallback_chain = ["anthropic", "openai", "ollama"]
            load_balance = ["anthropic", "openai", "xai"]
            [providers.anthropic]
            enabled = true
            auth_method = "api_key" # unused
            api_key = "${ANTHROPIC_API_KEY}"
            base_url = "https://api.anthropic.com"
            model = "claude-sonnet-4-5-20250513"
            max_tokens = 8192 # unused
            temperature = 0.7 # unused
            [providers.anthropic_max]
            enabled = false
            auth_method = "oauth" # unused
            client_id = "some-client" # unused
            model = "claude-sonnet-4-5-20250513"
            [providers.openai]
            enabled = true
            auth_method = "api_key" # unused
            api_key = "${OPENAI_API_KEY}"
            base_url = "UPSTREAM"
            model = "fake-large"
            max_tokens = 4096 # unused
            temperature = 0.7 # unused
            [providers.xai]
            enabled = true
            auth_method = "api_key" # unused
            api_key = "${XAI_API_KEY}"
            base_url = "https://api.x.ai/v1"
            model = "grok-2-latest"
            max_tokens = 4096 # unused
            temperature = 0.7 # unused
            [providers.gemini]
            enabled = true
            auth_method = "api_key" # unused
            api_key = "${GEMINI_API_KEY}"
            base_url = "https://generativelanguage.googleapis.com"
            model = "gemini-2.5-pro"
            max_tokens = 8192 # unused
            temperature = 0.7 # unused
            [providers.github_copilot]
            enabled = false
            auth_method = "oauth" # unused
            client_id = "another-client" # unused
            [providers.ollama]
            enabled = false
            auth_method = "none" # unused
            endpoint = "http://localhost:11434"
            model = "codellama:latest"
            [providers.omen]
            enabled = false
            auth_method = "api_key" # unused
            endpoint = "http://localhost:3000"
            api_key = "${OMEN_API_KEY}"
            [models_dev]
            enabled = true # unused
            url = "https://models.dev/api.json" # unused
            cache_ttl = 3600 # unused
            [cache]
            enabled = true # unused
            ttl = 300 # unused
            max_size = 1000 # unused
            [rate_limiting]
            enabled = true
            requests_per_minute = 60
            requests_per_hour = 1000
            [metrics]
            enabled = true # unused
            prometheus_port = 9090 # unused
            [telemetry]
            enabled = false # unused
            [oauth]
            auto_refresh = true # unused
            refresh_warning_hours = 2 # unused
            keyring_service = "thanos" # unused
            """;

    /** Where each key without use stands, as the log names it. */
    private static List<String> unused(String example) {
        List<String> places = new ArrayList<>();
        String table = "";
        List<String> lines = example.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            table = line.startsWith("[") ? line.substring(1, line.length() - 1) : table;
            if (line.endsWith("# unused")) {
                places.add("thanos.toml:" + (i + 1) + ":1: " + table + "." + line.split(" ")[0] + " has no effect: ");
            }
        }
        return places;
    }

    private static List<String> logged(Gateway gateway) {
        return gateway.errors().stream()
                .filter(line -> line.matches("\\S+ (WARN|ERROR) .*"))
                // Its models end in time; which have ended depends on the day.
                .filter(line -> !line.contains("by its vendor"))
                .toList();
    }

    private static void assertOneForEach(List<String> logged, List<String> places) {
        assertThat(logged).hasSameSizeAs(places);
        for (String place : places) {
            assertThat(logged)
                    .as(place)
                    .filteredOn(line -> line.contains(place))
                    .hasSize(1);
        }
    }

    @Test
    void runsAsItIsAndEachKeyWithoutUseIsAnsweredOnce() throws Exception {
        try (FakeUpstream upstream = new FakeUpstream(new FakeOpenAi())) {
            String example = EXAMPLE.replace("UPSTREAM", upstream.endpoint());
            List<String> unused = unused(example);
            try (Gateway gateway = Gateway.with(example)
                    .environment("ANTHROPIC_API_KEY", "sk-a")
                    .environment("OPENAI_API_KEY", FakeOpenAi.KEY)
                    .environment("XAI_API_KEY", "sk-x")
                    .environment("GEMINI_API_KEY", "sk-g")
                    .start()) {
                HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("openai/fake-large", "hi"));

                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.headers().firstValue("x-ratelimit-limit-requests"))
                        .contains("60");
                assertThat(answer.headers().firstValue("x-upstream-ratelimit-limit-requests"))
                        .contains("500");
                assertOneForEach(logged(gateway), unused);

                Files.writeString(gateway.configuration(), example + "[logging]\nlevel = \"debug\" # unused\n");
                Eventually.within(
                        Duration.ofSeconds(2),
                        "it is read again",
                        () -> gateway.output().contains("was read again and is in force"));
                List<String> again = new ArrayList<>(logged(gateway))
                        .subList(unused.size(), logged(gateway).size());
                assertOneForEach(again, unused(Files.readString(gateway.configuration())));
            }
        }
    }

    @Test
    void theLevelOfTheLogFollowsTheFile() throws Exception {
        String file = Gateway.ANY_PORT + "log_level = \"LEVEL\"\n[providers.echo]\n";
        try (Gateway gateway = Gateway.with(file.replace("LEVEL", "warn")).start()) {
            assertThat(gateway.errors()).noneMatch(line -> line.contains(" INFO "));
            Files.writeString(gateway.configuration(), file.replace("LEVEL", "debug"));
            Eventually.within(Duration.ofSeconds(3), "calls are logged", () -> {
                gateway.post(Chats.PATH, Chats.whole("echo/echo", "hi"));
                return gateway.errors().stream().anyMatch(line -> line.contains(" DEBUG calls: "));
            });
        }
    }
}
