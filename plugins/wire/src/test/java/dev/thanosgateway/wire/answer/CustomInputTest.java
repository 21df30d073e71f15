package dev.thanosgateway.wire.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.chat.Part;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text of a custom tool's call out of the arguments of its function. */
class CustomInputTest {
    private final long seed = Long.getLong("thanos.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private static String text(String... pieces) {
        CustomInput input = new CustomInput();
        StringBuilder text = new StringBuilder();
        for (String piece : pieces) {
            String more = input.more(piece);
            assertThat(more.isEmpty() || !Character.isHighSurrogate(more.charAt(more.length() - 1)))
                    .as("no piece ends in half a character")
                    .isTrue();
            text.append(more);
        }
        return text.append(input.end()).toString();
    }

    @Test
    void anyTextComesBackWhereverItsArgumentsAreCut() {
        String alphabet = "ab\"\\\n\r\t\b\f/{}[]:,é\u0001\u2028😀";
        for (int round = 0; round < 500; round++) {
            StringBuilder said = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                int at = random.nextInt(alphabet.length());
                boolean half = Character.isSurrogate(alphabet.charAt(at));
                said.append(half ? "😀" : String.valueOf(alphabet.charAt(at)));
            }
            String arguments = Part.ToolCall.custom("c", "t", said.toString()).arguments();
            int cut = random.nextInt(arguments.length() + 1);
            int next = cut + random.nextInt(arguments.length() - cut + 1);

            assertThat(text(arguments.substring(0, cut), arguments.substring(cut, next), arguments.substring(next)))
                    .as("seed %d, %s", seed, arguments)
                    .isEqualTo(said.toString());
        }
    }

    @Test
    void textGoesOutAsItComes() {
        CustomInput input = new CustomInput();

        assertThat(input.more("{\"input\":\"a")).isEqualTo("a");
        assertThat(input.more("b\\")).isEqualTo("b");
        assertThat(input.more("nc\\ud83d")).isEqualTo("\nc");
        assertThat(input.more("\\ude00\"")).isEqualTo("😀");
        assertThat(input.more("}")).isEmpty();
        assertThat(input.end()).isEmpty();
        assertThat(input.bytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`{\"patch\":\"x\"}` | x",
                "`{\"why\":\"w\",\"input\":\"x\"}` | x",
                "`{\"input\":\"x\",\"why\":{\"input\":\"y\"}}` | x",
                "`{\"why\":{\"input\":\"y\"},\"input\":\"x\"}` | x",
                "`{\"a\":\"1\",\"b\":\"2\"}` | `{\"a\":\"1\",\"b\":\"2\"}`",
                "`{\"input\":{\"a\":1}}` | `{\"a\":1}`",
                "`\"x\\ny\"` | `x\ny`",
                "*** Begin Patch | *** Begin Patch",
                "`{\"input\":\"say \"hi\" now\"}` | `say \"hi\" now`",
                "`{\"input\":\"a\\qb\\u12z\"}` | `a\\qb\\u12z`",
                "`{\"input\":\"a\nb\"}` | `a\nb`",
                "`{\"input\":\"cut` | cut",
                "`{\"inp` | ``",
                "`{}` | ``",
                "`` | ``",
            })
    void anotherFormKeepsItsText(String arguments, String text) {
        assertThat(text(arguments)).isEqualTo(text);
        assertThat(text(arguments.split(""))).isEqualTo(text);
    }
}
