package dev.thanosgateway.wire.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonOutTest {
    private static final String WAVE = "👋";

    @Test
    void aCharacterCutBetweenTwoPiecesIsOneForWhoJoinsThem() throws JsonException {
        StringBuilder joined = new StringBuilder();
        for (String half : new String[] {"a" + WAVE.charAt(0), WAVE.charAt(1) + "é" + WAVE}) {
            byte[] piece = new JsonOut().value(half).toPiece();
            assertThat(new String(piece, StandardCharsets.UTF_8)).doesNotContain("?");
            joined.append(Value.lenient(piece, 0, piece.length).text());
        }

        assertThat(joined).hasToString("a" + WAVE + "é" + WAVE);
    }

    @Test
    void aLargeTextIsWhatItWasWhereverItsPiecesEnd() {
        for (int before = 0; before < 3; before++) {
            String text = "a".repeat((64 << 10) - 2 + before) + WAVE.repeat(70_000) + "é" + WAVE.charAt(0);
            JsonOut out = new JsonOut().value(text);

            assertThat(out.toString()).isEqualTo('"' + text + '"');
            String whole = new String(out.toBytes(), StandardCharsets.UTF_8);
            assertThat(whole).isEqualTo('"' + text.substring(0, text.length() - 1) + "?\"");
            assertThat(new String(new JsonOut().value(text).toPiece(), StandardCharsets.UTF_8))
                    .endsWith("\\u" + Integer.toHexString(WAVE.charAt(0)) + '"');
        }
    }

    @Test
    void halfACharacterInAWholeIsAQuestionMarkAsUpstreamsRefuseItsEscape() {
        byte[] whole = new JsonOut().value("a" + WAVE.charAt(0)).toBytes();

        assertThat(new String(whole, StandardCharsets.UTF_8)).isEqualTo("\"a?\"");
    }
}
