package dev.thanosgateway.host.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.Secret;
import dev.thanosgateway.host.config.Timeouts;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OriginTest {
    private static Origin origin(String endpoint) {
        return new Origin(
                new ProviderSettings(
                        "p",
                        "p",
                        true,
                        null,
                        List.of(new Secret("sk-1234 &=")),
                        null,
                        null,
                        Map.of("x-org", new Secret("org-5678"), "x-beta", new Secret("on")),
                        Timeouts.DEFAULT,
                        Map.of(),
                        null),
                URI.create(endpoint));
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.x.ai, /v1/models, https://api.x.ai/v1/models",
        "https://api.x.ai/, /v1/models, https://api.x.ai/v1/models",
        "https://api.x.ai/v1, /v1/models, https://api.x.ai/v1/models",
        "https://api.x.ai/v1///, /v1/models, https://api.x.ai/v1/models",
        "https://g.example/v1beta, /v1beta/models/m:x?alt=sse, https://g.example/v1beta/models/m:x?alt=sse",
        "https://h.example/openai/v1, /v1/chat, https://h.example/openai/v1/chat",
        "https://h.example/v4/openai, /v1/chat, https://h.example/v4/openai/chat",
        "http://localhost:11434, /api/chat, http://localhost:11434/api/chat",
        "http://localhost:11434/v1, /api/chat, http://localhost:11434/v1/api/chat",
        "http://[::1]:80/vertex, /v1/chat, http://[::1]:80/vertex/v1/chat",
    })
    void theVersionSegmentMayBeInTheEndpointOrNot(String endpoint, String path, String address) {
        assertThat(origin(endpoint).address(HttpCall.get(path, Auth.BEARER))).hasToString(address);
    }

    @Test
    void aQueryCredentialIsEncodedAndNotRememberedWithThePath() {
        Origin origin = origin("https://g.example");
        assertThat(origin.address(HttpCall.get("/v1/m", Auth.query("key"))))
                .hasToString("https://g.example/v1/m?key=sk-1234+%26%3D");
        assertThat(origin.address(HttpCall.get("/v1/m?a=b", Auth.query("key"))))
                .hasToString("https://g.example/v1/m?a=b&key=sk-1234+%26%3D");
        assertThat(origin.address(HttpCall.get("/v1/m", Auth.NONE))).hasToString("https://g.example/v1/m");
    }

    @ParameterizedTest
    @CsvSource({"@evil.example/v1", "evil.example", ".evil.example/v1", ":81/v1"})
    void noPathLeavesTheOrigin(String path) {
        assertThatThrownBy(() -> origin("https://g.example").address(HttpCall.get(path, Auth.BEARER)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatUpstreamSaysLosesOurCredentialsAndNothingElse() {
        assertThat(origin("https://g.example").redacted("key sk-1234 &= of org-5678 is not on the list"))
                .isEqualTo("key [secret] of [secret] is not on the list");
    }
}
