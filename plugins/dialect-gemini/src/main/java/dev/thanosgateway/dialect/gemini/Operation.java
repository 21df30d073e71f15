package dev.thanosgateway.dialect.gemini;

import org.jspecify.annotations.Nullable;

/** The ways an answer is asked for, told apart by the form it has on the wire. */
enum Operation {
    /** One object. */
    WHOLE("generateContent"),
    /** Objects as server-sent events. */
    EVENTS("streamGenerateContent.sse"),
    /** Objects as the elements of one array. */
    ARRAY("streamGenerateContent");

    private final String word;

    Operation(String word) {
        this.word = word;
    }

    /** The operation's name within the dialect. */
    String word() {
        return word;
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
