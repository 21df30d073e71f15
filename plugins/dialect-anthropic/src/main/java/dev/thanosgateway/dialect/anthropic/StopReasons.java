package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.chat.FinishReason;

/** Why an answer ended, in both languages. */
final class StopReasons {
    private StopReasons() {}

    /** A reason this dialect has no word for, such as {@code pause_turn}, is OTHER. */
    static FinishReason read(String reason) {
        return switch (reason) {
            case "end_turn", "stop_sequence" -> FinishReason.STOP;
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "tool_use" -> FinishReason.TOOL_CALLS;
            case "refusal" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    /**
     * @param sequence whether a stop sequence was met
     * @param calls whether the answer calls tools, which some vendors do not tell from a plain end
     * @param refused whether the answer says it refuses, which others say in words only
     */
    static String write(FinishReason reason, boolean sequence, boolean calls, boolean refused) {
        if (refused) {
            return "refusal";
        }
        return switch (reason) {
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> "tool_use";
            case CONTENT_FILTER -> "refusal";
            default -> calls ? "tool_use" : sequence ? "stop_sequence" : "end_turn";
        };
    }
}
