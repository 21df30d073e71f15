package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What JSON costs by what it consists of. */
final class WeightTest {
    private static final int VALUE = 160;
    private static final int NUMBER = 48;
    private static final int NAME = 96;

    private static long objects(String json) {
        Weight weight = of(json);
        long characters = json.chars().filter(c -> c == 'x' || c == 'k').count();
        return weight.peak() - 3L * json.getBytes(StandardCharsets.UTF_8).length - 4 * characters;
    }

    private static Weight of(String json) {
        Weight weight = new Weight();
        weight.add(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
        return weight;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                    {}                      | 1 | 0 | 0
                    []                      | 1 | 0 | 0
                    [[],[],[]]              | 4 | 0 | 0
                    [ 1 , -2.5e3 , null ]   | 1 | 3 | 0
                    ["x","xx"]              | 3 | 0 | 0
                    {"k":"x"}               | 2 | 0 | 1
                    {"k" : 1, "kk":{"k":[]}}| 3 | 1 | 3
                    [{"k":1},{"k":2}]       | 3 | 2 | 2
                    """)
    void everyValueAndEveryNameCounts(String json, int values, int numbers, int names) {
        assertThat(objects(json)).isEqualTo((long) values * VALUE + (long) numbers * NUMBER + (long) names * NAME);
    }

    @Test
    void whatTextLooksLikeDoesNotCount() {
        assertThat(objects("[\"" + "x".repeat(20) + "\"]")).isEqualTo(2 * VALUE);
        Weight braces = of("[\"{[{[,,,,::::]}]}\"]");
        assertThat(braces.peak()).isEqualTo(3 * 20 + 4 * 16 + 2 * VALUE);
        Weight quotes = of("[\"\\\"\\\"{\\\\\"]");
        assertThat(quotes.peak()).isEqualTo(3 * 11 + 4 * 4 + 2 * VALUE);
    }

    @Test
    void oneWideCharacterMakesTheTextWide() {
        long narrow = of("[\"" + "é".repeat(1000) + "\"]").peak();
        assertThat(narrow).isEqualTo(3 * 2004 + 4 * 1000 + 2 * VALUE);
        assertThat(of("[\"" + "x".repeat(1000) + "中\"]").peak()).isEqualTo(3 * 1007 + 8 * 1001 + 2 * VALUE);
        assertThat(of("[\"" + "x".repeat(1000) + "\\u4e2d\"]").peak()).isEqualTo(3 * 1010 + 8 * 1001 + 2 * VALUE);
        assertThat(of("[\"" + "\uD83D\uDC4B".repeat(1000) + "\"]").peak()).isEqualTo(3 * 4004 + 8 * 2000 + 2 * VALUE);
        assertThat(of("[\"" + "x".repeat(1000) + "\\u00e9\"]").peak()).isEqualTo(3 * 1010 + 4 * 1001 + 2 * VALUE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 64})
    void slicesMayEndAnywhere(int size) {
        byte[] json = "{\"a\\\\\\\"b\":[1,\"中é\\u00e9\\ud83d\\udc4b xxxxxxxxxxxx\",{\"k\":null}],\"k\":\"\\n\"}"
                .getBytes(StandardCharsets.UTF_8);
        Weight sliced = new Weight();
        for (int at = 0; at < json.length; at += size) {
            sliced.add(
                    ByteBuffer.wrap(json, at, Math.min(size, json.length - at)).asReadOnlyBuffer());
        }
        Weight whole = new Weight();
        whole.add(ByteBuffer.wrap(json));
        assertThat(sliced.peak()).isEqualTo(whole.peak());
        assertThat(sliced.kept()).isEqualTo(whole.kept()).isLessThan(whole.peak());
    }
}
