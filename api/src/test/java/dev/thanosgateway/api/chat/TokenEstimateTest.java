package dev.thanosgateway.api.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real counts are those of OpenAI's o200k_base for the same words. */
final class TokenEstimateTest {
    private static final int EMPTY_MESSAGE = 7;

    private static long of(Part... parts) {
        return TokenEstimate.of(ChatContent.builder()
                        .messages(List.of(Message.of(Role.USER, List.of(parts))))
                        .build())
                - EMPTY_MESSAGE;
    }

    @ParameterizedTest
    @CsvSource({
        "The quick brown fox jumps over the lazy dog.,         10",
        "素早い茶色の狐がのろまな犬を飛び越える。,         19",
        "Der schnelle braune Fuchs springt über den faulen Hund.,     14",
        "Быстрая коричневая лиса прыгает через ленивую собаку.,  20",
        "敏捷的棕色狐狸跳过了懒狗。,                                  14",
        "for (int i = 0; i < n; i++) { sum += values[i]; },      21"
    })
    void aTextIsGuessedWithinAFactorOfTwo(String text, int real) {
        assertThat(of(new Part.Text(text))).isBetween(real / 2L, real * 2L);
    }

    @Test
    void toolsImagesFilesAndCallsCount() {
        assertThat(of(new Part.Image(new Part.Source.Url("https://x/y.png"), null, Map.of())))
                .isEqualTo(1_000);
        assertThat(of(new Part.Image(new Part.Source.Url("https://x/y.png"), "low", Map.of())))
                .isEqualTo(85);
        assertThat(of(new Part.Document(new Part.Source.Data("text/plain", "x".repeat(1_600)), null, Map.of())))
                .as("four bytes of base64 are three of text")
                .isEqualTo(300);
        assertThat(of(new Part.Document(new Part.Source.FileId("f"), null, Map.of())))
                .isEqualTo(3_000);
        assertThat(of(new Part.ToolCall("id", "name", "{\"a\":1}{", Map.of()))).isEqualTo(11);
        assertThat(of(new Part.ToolResult("id", List.of(new Part.Text("12345678")), false, Map.of())))
                .isEqualTo(10);
        ChatContent tools = ChatContent.builder()
                .tools(List.of(Tool.function("abcd", "efgh", new Json("{\"type\":\"object\"}  "))))
                .build();
        assertThat(TokenEstimate.of(tools)).isEqualTo(3 + 8 + 7);
    }
}
