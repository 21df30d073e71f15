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
import org.junit.jupiter.params.provider.ValueSource;

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
                .isInstanceOf(RefusedCallException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/../../admin",
                "/v1/..",
                "/./v1/chat",
                "/v1/%2e%2e/%2E%2e/admin",
                "/v1/.%2e/admin",
                "/v1/%252e%252e/admin",
                "/v1/models/..%2f..%2Fadmin",
                "/v1/models/x%2f..%2fadmin",
                "/v1/..;x=1/admin",
                "/v1/%2e%2e%3bx/admin",
                "/v1/..%5c..%5cadmin",
                "/v1\\..\\admin",
                "/..?x=1",
                "//evil.example/v1",
                "/v1//evil.example",
                "/v1/chat#frag",
                "/v1/chat HTTP/1.1",
                "/v1/chat\r\nhost: evil",
                "/v1/ch\u00e4t",
                "/v1/%zz",
                "/v1/%c0%ae%c0%ae/x",
                "/v1/%25c0%25ae/x",
                "/v1/%ff",
                "/%2fhost/x",
                "/%2Fhost",
                "/%5chost/x",
                "/%252fhost/x",
                "/v1/a%2f%2fb",
                "/v1/a/%2fb",
                "http://evil.example/v1",
                "https://g.example/v1",
                "?x=1",
                ""
            })
    void noPathLeavesTheEndpointsPath(String path) {
        for (String endpoint : List.of("https://g.example", "https://g.example/team/openai/v1")) {
            assertThatThrownBy(() -> origin(endpoint).address(HttpCall.get(path, Auth.BEARER)))
                    .as(path)
                    .isInstanceOf(RefusedCallException.class)
                    .hasMessageStartingWith("its path must");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models/a%2Fb:generate?alt=sse&x=../..",
                "/v1/models/100%25",
                "/v1/models/%e4%bd%a0%C3%A4",
                "/v1/models/a..b",
                "/v1/models/...",
                "/v1/models/a+b%20c",
                "/api/tags/",
                "/v1/m?next=https://other.example//x"
            })
    void aPathBelowTheEndpointIsSentAsItIs(String path) {
        assertThat(origin("https://g.example/base").address(HttpCall.get(path, Auth.BEARER)))
                .hasToString("https://g.example/base" + path);
    }

    @Test
    void whatUpstreamSaysLosesOurCredentialsAndNothingElse() {
        assertThat(origin("https://g.example").redacted("key sk-1234 &= of org-5678 is not on the list"))
                .isEqualTo("key [secret] of [secret] is not on the list");
    }
}
