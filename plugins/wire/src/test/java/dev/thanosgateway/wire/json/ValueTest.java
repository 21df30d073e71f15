package dev.thanosgateway.wire.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValueTest {
    @Test
    void aValueKnowsItsPlaceInTheBytesHoweverTheyAreWritten() throws JsonException {
        String text = "\uFEFF {\"é\\n\":[1.0 ,{\"世\": \"\\\"x\"}], \"model\" :\"a\\u0062\" ,\"n\":null}";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        Map<String, Value> members = Value.strict(bytes).members();

        assertThat(members).containsOnlyKeys("é\n", "model");
        Value model = members.get("model");
        assertThat(new String(bytes, model.from(), model.to() - model.from(), StandardCharsets.UTF_8))
                .isEqualTo("\"a\\u0062\"");
        assertThat(model.text()).isEqualTo("ab");
        List<Value> elements = members.get("é\n").elements();
        assertThat(elements.get(0).json().text()).isEqualTo("1.0");
        assertThat(elements.get(1).members().get("世").path()).isEqualTo("é\n[1].世");
    }

    @Test
    void whatIsNotStrictJsonIsRefused() {
        for (byte[] bad : List.of(
                bytes(""),
                bytes("{\"a\":1,\"a\":2}"),
                bytes("{\"x\":[{\"a\":1,\"\\u0061\":2}]}"),
                bytes("{} {}"),
                bytes("{'a':1}"),
                bytes("[".repeat(200) + "]".repeat(200)),
                new byte[] {'"', (byte) 0xC3, '"'},
                new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'})) {
            assertThatThrownBy(() -> Value.strict(bad))
                    .as(new String(bad, StandardCharsets.ISO_8859_1))
                    .isInstanceOf(JsonException.class);
        }
    }

    @Test
    void halfOfASurrogatePairIsRefusedWithItsPlace() throws JsonException {
        for (String half : List.of(
                "\"\\ud800\"",
                "\"\\uDC00\\ud800\"",
                "\"\\ud83d \\ude00\"",
                "\"\\\\\\ud83d\\n\"",
                "{\"\\ude00\":1}",
                "[{\"a\":[\"\\ud83d\\ud83d\"]}]")) {
            assertThatThrownBy(() -> Value.strict(bytes(half)))
                    .as(half)
                    .isInstanceOf(JsonException.class)
                    .hasMessageMatching(".*surrogate.* at byte \\d+");
        }
        for (String whole : List.of("\"\\ud83d\\ude00\"", "\"\\\\ud800\"", "\"\\u00e9\\\\\\\"ud800\"")) {
            assertThat(Value.strict(bytes(whole)).isString()).as(whole).isTrue();
        }
    }

    @Test
    void whatEndsTooEarlyIsToldWithoutTheParsersOwnWords() {
        assertThatThrownBy(() -> Value.strict(bytes("{\"a\":")))
                .hasMessageContaining("ends too early")
                .hasMessageContaining("at byte")
                .message()
                .doesNotContain("Source", "REDACTED", "UNKNOWN");
    }

    @Test
    void aWrongShapeIsNamedByItsPath() throws JsonException {
        Value value = Value.strict(bytes("{\"a\":[{\"b\":1.5}]}"));
        Value b = value.members().get("a").elements().get(0).members().get("b");

        assertThatThrownBy(b::text).extracting("path").isEqualTo("a[0].b");
        assertThatThrownBy(b::integer).hasMessage("must be a whole number");
        assertThat(b.number()).isEqualTo(1.5);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
