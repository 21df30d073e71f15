package dev.thanosgateway.api.provider;

import dev.thanosgateway.api.chat.Usage;
import org.jspecify.annotations.Nullable;

/** What a raw frame of the relay lane means to the host, which does not read it. Immutable. */
public final class Meaning {
    /** Nothing a caller can see (a role, a ping): held back until something is, then passed on in its place. */
    public static final Meaning PRELUDE = new Meaning(false, false, null);
    /** Something a caller can see: text, reasoning, a tool call, a refusal. The first of these commits the answer. */
    public static final Meaning CONTENT = new Meaning(true, false, null);
    /** With this frame every choice has its finish reason: the answer is complete whatever comes after. */
    public static final Meaning FINISH = new Meaning(true, true, null);

    private final boolean content;
    private final boolean finish;
    private final @Nullable Usage usage;

    private Meaning(boolean content, boolean finish, @Nullable Usage usage) {
        this.content = content;
        this.finish = finish;
        this.usage = usage;
    }

    /** The same meaning for a frame that also tells the usage so far. */
    public Meaning withUsage(@Nullable Usage usage) {
        return usage == null ? this : new Meaning(content, finish, usage);
    }

    public boolean content() {
        return content;
    }

    public boolean finish() {
        return finish;
    }

    public @Nullable Usage usage() {
        return usage;
    }
}
