package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.provider.HttpCall;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a call of a provider must be. */
final class Calls {
    private static final Set<String> CREDENTIALS =
            Set.of("authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie");
    private static final Set<String> THE_HOSTS = Set.of(
            "host",
            "connection",
            "content-length",
            "expect",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private Calls() {}

    static void check(HttpCall call) {
        assertThat(call.method()).isIn("GET", "POST");
        assertThat(call.path())
                .as("a path, encoded, below the provider's own endpoint")
                .matches("/[!-~&&[^#\\\\]]*")
                .doesNotStartWith("//")
                .doesNotContain("://")
                .doesNotMatch(".*/\\.\\.?([/?].*)?");
        assertThat(call.path()).as("no credential").doesNotMatch("(?i).*[?&](key|api[_-]?key|access_token|token)=.*");
        for (Map.Entry<String, String> header : call.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            assertThat(name).matches("[!#$%&'*+.^_`|~0-9a-z-]+");
            assertThat(CREDENTIALS).as("credentials are the host's to carry").doesNotContain(name);
            assertThat(THE_HOSTS).as("framing is the host's").doesNotContain(name);
            assertThat(header.getValue()).matches("[\\t\\x20-\\x7e]*");
        }
        assertThat(call.auth()).isNotNull();
        assertThat(call.method().equals("POST")).isEqualTo(call.body().hasRemaining());
    }

    /** Whether a call names a model: in its path, or as a text somewhere in its body. */
    static boolean says(HttpCall call, String model) {
        return URLDecoder.decode(call.path().replace("+", "%2B"), StandardCharsets.UTF_8)
                        .contains(model)
                || texts(
                        JsonMapper.shared()
                                .readTree(StandardCharsets.UTF_8
                                        .decode(call.body().duplicate())
                                        .toString()),
                        model);
    }

    private static boolean texts(JsonNode json, String wanted) {
        if (json.isString()) {
            return json.asString().equals(wanted);
        }
        for (JsonNode child : json) {
            if (texts(child, wanted)) {
                return true;
            }
        }
        return false;
    }
}
