package dev.thanosgateway.wire.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NeededHintsTest {
    private static ChatContent hinted(String dialect, String value) {
        return ChatContent.builder()
                .hints(dialect, Map.of("response_format", new Json(value)))
                .build();
    }

    @Test
    void aFieldThatAsksForAnotherAnswerIsNeededUnlessItIsTheLanguagesOwn() {
        assertThat(NeededHints.first(hinted("openai", "{}"), "anthropic")).isEqualTo("response_format");
        assertThat(NeededHints.first(hinted("openai", "null"), "anthropic")).isNull();
        assertThat(NeededHints.first(hinted("openai", "{}"), "openai")).isNull();
    }

    @Test
    void anOllamaOverlooksWhatItDoesNotKnow() {
        assertThat(NeededHints.first(hinted("ollama", "{}"), "anthropic")).isNull();
    }
}
