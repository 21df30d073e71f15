package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.chat.FinishReason;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The words for why a choice ended: OpenAI's, and those that endpoints speaking its language use instead. */
final class FinishReasons {
    private static final Set<String> OPENAI = Set.of("stop", "length", "tool_calls", "content_filter", "function_call");

    /** Words that say the upstream failed: Mistral's and OpenRouter's, vLLM's, DeepSeek's, Z.ai's. */
    private static final Set<String> FAILED = Set.of(
            "error",
            "failed",
            "abort",
            "server_error",
            "internal_error",
            "network_error",
            "insufficient_system_resource");

    private FinishReasons() {}

    /** Whether a choice with this word is no answer but a failure of the upstream. */
    static boolean failed(@Nullable String word) {
        return word != null && FAILED.contains(word.toLowerCase(Locale.ROOT));
    }

    /** The word of a choice whose upstream gives none although the answer is whole. */
    static String unsaid(boolean called) {
        return called ? "tool_calls" : "stop";
    }

    static FinishReason read(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "", "stop", "end_turn", "eos", "eos_token", "stop_sequence", "complete", "finish" -> FinishReason.STOP;
            case "length", "max_tokens", "model_length", "max_output_tokens", "model_context_window_exceeded" ->
                FinishReason.LENGTH;
            case "tool_calls", "tool_call", "tool_use", "function_call" -> FinishReason.TOOL_CALLS;
            case "content_filter", "safety", "recitation", "refusal", "sensitive" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    static String write(FinishReason reason) {
        return switch (reason) {
            case LENGTH -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
            default -> "stop";
        };
    }

    /** The word as a client of OpenAI knows it; one that has no counterpart stays. */
    static String normalised(String word) {
        if (OPENAI.contains(word)) {
            return word;
        }
        FinishReason reason = read(word);
        return reason == FinishReason.OTHER ? word : write(reason);
    }
}
