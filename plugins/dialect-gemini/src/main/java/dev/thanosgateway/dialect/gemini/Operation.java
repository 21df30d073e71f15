package dev.thanosgateway.dialect.gemini;

import org.jspecify.annotations.Nullable;

/** What is asked of a model, chats told apart by the form their answer has on the wire. */
enum Operation {
    /** One object. */
    WHOLE("generateContent"),
    /** Objects as server-sent events. */
    EVENTS("streamGenerateContent.sse"),
    /** Objects as the elements of one array. */
    ARRAY("streamGenerateContent"),
    /** One text as a vector. */
    EMBED("embedContent"),
    /** Several texts as vectors. */
    EMBED_BATCH("batchEmbedContents"),
    /** The tokens of a chat. */
    COUNT("countTokens");

    private final String word;

    Operation(String word) {
        this.word = word;
    }

    /** The operation's name within the dialect. */
    String word() {
        return word;
    }

    /** Whether it is a chat, streamed or whole as {@code stream} says. */
    boolean isChat(boolean stream) {
        return stream ? this == EVENTS || this == ARRAY : this == WHOLE;
    }

    static @Nullable Operation of(String word) {
        for (Operation operation : values()) {
            if (operation.word.equals(word)) {
                return operation;
            }
        }
        return null;
    }
}
