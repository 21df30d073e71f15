package dev.thanosgateway.dialect.ollama;

import org.jspecify.annotations.Nullable;

/** What this language asks of a model. */
enum Operation {
    /** Messages in, a message out. */
    CHAT("chat", "messages"),
    /** A prompt in, a response out. */
    GENERATE("generate", "prompt"),
    /** Texts in, vectors out. */
    EMBED("embed", "input"),
    /** A text in, a vector out: what came before {@link #EMBED}. */
    EMBEDDINGS("embeddings", "prompt");

    private final String word;
    private final String input;

    Operation(String word, String input) {
        this.word = word;
        this.input = input;
    }

    /** The operation's name within the dialect. */
    String word() {
        return word;
    }

    /** The member that has what the model is given. */
    String input() {
        return input;
    }

    boolean isChat() {
        return this == CHAT || this == GENERATE;
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
