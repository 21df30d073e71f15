package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Part;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** The rule X20: an answer with words nobody knows yet is the same answer. */
final class WordRules {
    private static final List<IntUnaryOperator> SLICES = List.of(Replay.WHOLE, Replay.every(1));

    private WordRules() {}

    static void tolerated(Replay.Beginning<ChatEvent> asking, RecordedAnswer answer) {
        Outcome<ChatEvent> before = Replay.play(asking, answer, Replay.WHOLE);
        Words.unknown(answer).forEach((which, other) -> {
            for (IntUnaryOperator slices : SLICES) {
                Outcome<ChatEvent> after = Replay.play(asking, other, slices);
                if (which.equals(Words.REASONS) && before.failure() == null) {
                    assertThat(after.failure()).as(which).isNull();
                    butForReasons(before.response(), after.response());
                } else {
                    assertThat(after.meaning()).as(which).isEqualTo(before.meaning());
                }
            }
        });
    }

    private static void butForReasons(ChatResponse before, ChatResponse after) {
        assertThat(after.usage()).isEqualTo(before.usage());
        assertThat(after.choices()).hasSameSizeAs(before.choices());
        for (int i = 0; i < before.choices().size(); i++) {
            ChatResponse.Choice said = before.choices().get(i);
            ChatResponse.Choice choice = after.choices().get(i);
            // Where a language has no word for calls, their being there is the word.
            boolean calls = said.parts().stream().anyMatch(Part.ToolCall.class::isInstance);
            assertThat(choice.reason())
                    .isIn(FinishReason.OTHER, said.reason(), calls ? FinishReason.TOOL_CALLS : FinishReason.OTHER);
            // What a filter says of itself stands and falls with the word that says it was one.
            if (said.reason() != FinishReason.CONTENT_FILTER) {
                assertThat(choice.parts()).isEqualTo(said.parts());
                assertThat(choice.citations()).isEqualTo(said.citations());
                assertThat(choice.logprobs()).isEqualTo(said.logprobs());
            }
        }
    }
}
