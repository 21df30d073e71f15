package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.chat.FinishReason;

/** Google's words for why a candidate ended. Calls of tools are no reason of their own there. */
final class FinishReasons {
    private FinishReasons() {}

    static FinishReason read(String word, boolean called) {
        return switch (word) {
            case "STOP" -> called ? FinishReason.TOOL_CALLS : FinishReason.STOP;
            case "MAX_TOKENS" -> FinishReason.LENGTH;
            case "SAFETY",
                    "RECITATION",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "MODEL_ARMOR",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    static String write(FinishReason reason) {
        return switch (reason) {
            case STOP, TOOL_CALLS -> "STOP";
            case LENGTH -> "MAX_TOKENS";
            case CONTENT_FILTER -> "SAFETY";
            default -> "OTHER";
        };
    }
}
