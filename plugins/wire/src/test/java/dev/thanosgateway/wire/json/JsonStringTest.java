package dev.thanosgateway.wire.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonStringTest {
    @ParameterizedTest
    @ValueSource(strings = {"{}", " {\n}\t", "{\"a\":[[],{\"b\":1.50}],\"a\":null}", "{\"\":\"\\ud83d\\udc4b }{\"}"})
    void anObjectIsOne(String text) {
        assertThat(JsonString.isObject(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[]", "1", "\"{}\"", "{", "{}}", "{} {}", "{\"a\":[}", "{\"a\":1", "{a:1}", "no"})
    void anythingElseIsNone(String text) {
        assertThat(JsonString.isObject(text)).isFalse();
    }

    @Test
    void nestingIsLimited() {
        assertThat(JsonString.isObject("{\"a\":" + "[".repeat(120) + "]".repeat(120) + "}"))
                .isTrue();
        assertThat(JsonString.isObject("{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}"))
                .isFalse();
    }

    @Test
    void aMemberIsFoundAtAnyDepth() {
        assertThat(JsonString.compact("{\"a\":[{\"$ref\":1}]}", "$ref")).isNull();
        assertThat(JsonString.compact("{\"a\":[{\"b\":\"$ref\"}]}", "$ref")).isEqualTo("{\"a\":[{\"b\":\"$ref\"}]}");
    }

    @Test
    void whiteSpaceGoesAndNumbersKeepTheirDigits() {
        assertThat(JsonString.compact("{\r\n\"a\" : \"\\n \\u00e9\\/\", \"\": [1.50 ,-0, 12345678901234567890123] }\n"))
                .isEqualTo("{\"a\":\"\\n é/\",\"\":[1.50,-0,12345678901234567890123]}".replace("-0", "0"));
        assertThat(JsonString.compact("{\"a\":")).isNull();
    }
}
