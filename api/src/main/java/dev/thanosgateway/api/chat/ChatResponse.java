package dev.thanosgateway.api.chat;

import dev.thanosgateway.api.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer: the fold of its events.
 *
 * @param id the upstream's id of the answer
 * @param model what really answered
 * @param created Unix seconds; 0 = unknown
 * @param choices in order of their index
 * @param usage null = the upstream did not count
 * @param extensions what the model has no word for, about the whole answer, by name
 */
public record ChatResponse(
        @Nullable String id,
        @Nullable String model,
        long created,
        List<Choice> choices,
        @Nullable Usage usage,
        Map<String, Json> extensions) {
    public ChatResponse {
        choices = List.copyOf(choices);
        extensions = Map.copyOf(extensions);
    }

    /**
     * @param parts reasoning, text, refusal, tool calls and media in the order they came
     * @param citations in the form of their dialect
     * @param logprobs those of all tokens in order; null = none
     * @param extensions what the model has no word for, by name
     */
    public record Choice(
            int index,
            List<Part> parts,
            FinishReason reason,
            @Nullable String stopSequence,
            List<Json> citations,
            ChatEvent.@Nullable Logprobs logprobs,
            Map<String, Json> extensions) {
        public Choice {
            parts = List.copyOf(parts);
            citations = List.copyOf(citations);
            extensions = Map.copyOf(extensions);
        }

        /** The text parts joined. */
        public String text() {
            return Message.of(Role.ASSISTANT, parts).text();
        }
    }
}
