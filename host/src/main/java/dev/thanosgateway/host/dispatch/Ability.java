package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Embeddings;
import dev.thanosgateway.api.provider.LocalChat;
import dev.thanosgateway.api.provider.Provider;

/** What a provider must be able to do to be a target, by what is asked. */
enum Ability {
    CHAT("chat", true),
    EMBEDDINGS("make embeddings", true),
    /** Tokens are counted for who chats, by the provider or, where it does not count, by an estimate. */
    COUNT("chat", false);

    private final String words;
    private final boolean work;

    Ability(String words, boolean work) {
        this.words = words;
        this.work = work;
    }

    boolean of(Provider provider) {
        return switch (this) {
            case CHAT, COUNT -> provider instanceof Chat || provider instanceof LocalChat;
            case EMBEDDINGS -> provider instanceof Embeddings;
        };
    }

    /** As in "does not …". */
    String words() {
        return words;
    }

    /**
     * Whether targets work for it: it is their turn then, and their time and failures say how they do. A count takes
     * nobody's turn, or the chats that each follow one would always be the same target's.
     */
    boolean work() {
        return work;
    }
}
