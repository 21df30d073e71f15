package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * Google's words for why a candidate ended. Calls of tools are no reason of their own there. What has one word in every
 * other language has many here; the word itself goes along, for clients of this language.
 */
final class FinishReasons {
    /** The member that has the word, and what {@link ChatEvent.Extension} calls it. */
    static final String WORD = "finishReason";

    /** The member that says more of it, likewise. */
    static final String MESSAGE = "finishMessage";

    private FinishReasons() {}

    static FinishReason read(String word, boolean called) {
        return switch (word) {
            case "STOP" -> called ? FinishReason.TOOL_CALLS : FinishReason.STOP;
            case "MAX_TOKENS" -> FinishReason.LENGTH;
            // Each withholds or cuts what the model said, or the picture it was to make.
            case "SAFETY",
                    "RECITATION",
                    "LANGUAGE",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "MODEL_ARMOR",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION",
                    "IMAGE_OTHER",
                    "NO_IMAGE" -> FinishReason.CONTENT_FILTER;
            // There was more to come: nobody may take it for a finished turn.
            case "MALFORMED_FUNCTION_CALL",
                    "UNEXPECTED_TOOL_CALL",
                    "TOO_MANY_TOOL_CALLS",
                    "MISSING_THOUGHT_SIGNATURE",
                    "MALFORMED_RESPONSE",
                    "OTHER" -> FinishReason.LENGTH;
            default -> FinishReason.OTHER;
        };
    }

    /**
     * Whether a candidate is no answer, since the model gave up before it said anything. A limit or a filter is an answer
     * all the same.
     *
     * @param began whether it has parts, be they thoughts or without a word
     * @param said whether it has words, calls or media
     */
    static boolean gaveUp(String word, boolean began, boolean said) {
        return switch (read(word, false)) {
            case CONTENT_FILTER -> false;
            case LENGTH -> !word.equals("MAX_TOKENS") && !(word.equals("OTHER") ? began : said);
            case STOP -> !began;
            default -> false;
        };
    }

    /** @param word Google's own, if it is known; it counts where it says the same as {@code reason} */
    static String write(FinishReason reason, @Nullable String word) {
        return word != null && read(word, reason == FinishReason.TOOL_CALLS) == reason ? word : write(reason);
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
