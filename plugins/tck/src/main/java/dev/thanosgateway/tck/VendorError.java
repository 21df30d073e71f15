package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * An error as a vendor words it, and what must become of it, X21: {@code status}, {@code headers}, {@code body} as JSON
 * or as a text; then {@code kind}, {@code retry_after}, {@code parameter}, and {@code says}, a piece of the message. Named
 * by its place in {@code errors/answers.json}.
 */
final class VendorError {
    private static final Set<String> KNOWN =
            Set.of("status", "headers", "body", "kind", "retry_after", "parameter", "says");

    private final JsonNode json;

    private VendorError(JsonNode json) {
        this.json = json;
        assertThat(KNOWN).as("what errors/answers.json may say").containsAll(json.propertyNames());
    }

    static void check(JsonNode json, Replay.Beginning<ChatEvent> asking) {
        new VendorError(json).check(asking);
    }

    private void check(Replay.Beginning<ChatEvent> asking) {
        Outcome<ChatEvent> outcome = Replay.play(asking, answer(), Replay.WHOLE);
        GatewayException failure = outcome.failure();
        if (failure == null) {
            throw new AssertionError("It was taken for an answer: " + outcome.lines());
        }
        assertThat(failure.kind())
                .as(failure.message())
                .isEqualTo(ErrorKind.valueOf(json.path("kind").asString()));
        assertThat(failure.retryAfter()).isEqualTo(json.path("retry_after").stringValue(null));
        if (json.has("parameter")) {
            assertThat(failure.parameter()).isEqualTo(json.path("parameter").stringValue());
        }
        assertThat(failure.message())
                .isNotBlank()
                .doesNotContain("<")
                .contains(json.path("says").asString(""));
    }

    private RecordedAnswer answer() {
        JsonNode body = json.path("body");
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        if (!json.path("headers").has("content-type")) {
            fields.add(Map.entry("content-type", body.isString() ? "text/plain" : "application/json"));
        }
        json.path("headers")
                .properties()
                .forEach(one -> fields.add(Map.entry(
                        one.getKey().toLowerCase(Locale.ROOT), one.getValue().asString())));
        String text = body.isString() ? body.stringValue() : body.toString();
        return new RecordedAnswer(json.path("status").asInt(), fields, text.getBytes(StandardCharsets.UTF_8));
    }
}
