package dev.thanosgateway.dialect.ollama;

import org.jspecify.annotations.Nullable;

/** The two ways this language asks a model for text. */
enum Operation {
    /** Messages in, a message out. */
    CHAT("chat"),
    /** A prompt in, a response out. */
    GENERATE("generate");

    private final String word;

    Operation(String word) {
        this.word = word;
    }

    /** The operation's name within the dialect. */
    String word() {
        return word;
    }

    String path() {
        return "/api/" + word;
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
