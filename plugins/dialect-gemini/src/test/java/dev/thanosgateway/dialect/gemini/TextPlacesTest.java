package dev.thanosgateway.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Places in a text that is not kept are those in the text itself. */
class TextPlacesTest {
    private static final String TEXT = "plain é中".repeat(20) + "\uD83D\uDC4B" + "中".repeat(100) + "é end";

    @Test
    void everyCharacterHasItsPlaceWhereverThePiecesEnd() {
        for (int size = 1; size < 9; size++) {
            TextPlaces places = new TextPlaces();
            for (int at = 0; at < TEXT.length(); at += size) {
                places.append(TEXT.substring(at, Math.min(TEXT.length(), at + size)));
            }
            int points = TEXT.codePointCount(0, TEXT.length());
            for (int i = 0; i <= points; i++) {
                String before = TEXT.substring(0, TEXT.offsetByCodePoints(0, i));
                int bytes = before.getBytes(StandardCharsets.UTF_8).length;
                assertThat(places.bytes(i)).isEqualTo(bytes);
                assertThat(places.characters(bytes)).isEqualTo(i);
            }
        }
    }

    @Test
    void whatIsBehindTheTextIsItsEnd() {
        TextPlaces places = new TextPlaces();
        places.append("aé");
        assertThat(places.bytes(9)).isEqualTo(3);
        assertThat(places.characters(9)).isEqualTo(2);
        assertThat(places.bytes(-1)).isZero();
        assertThat(new TextPlaces().characters(5)).isZero();
    }
}
