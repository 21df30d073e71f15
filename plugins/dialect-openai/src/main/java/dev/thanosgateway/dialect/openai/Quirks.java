package dev.thanosgateway.dialect.openai;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How an endpoint that speaks OpenAI's language departs from it. Immutable. */
public final class Quirks {
    /** OpenAI itself. */
    public static final Quirks NONE = new Quirks(true, "max_completion_tokens", () -> null);

    private final boolean streamOptions;
    private final String maxTokensField;
    private final Supplier<? extends @Nullable Foreign> foreign;

    private Quirks(boolean streamOptions, String maxTokensField, Supplier<? extends @Nullable Foreign> foreign) {
        this.streamOptions = streamOptions;
        this.maxTokensField = maxTokensField;
        this.foreign = foreign;
    }

    /** Refuses {@code stream_options}, so it is never asked for the usage of a stream. */
    public Quirks withoutStreamOptions() {
        return new Quirks(false, maxTokensField, foreign);
    }

    /** Knows only the old name of the limit on an answer, {@code max_tokens}. */
    public Quirks withMaxTokens() {
        return new Quirks(streamOptions, "max_tokens", foreign);
    }

    /** Streams events of another language at times, in an answer that is translated; {@code reader} makes one for each. */
    public Quirks withForeign(Supplier<Foreign> reader) {
        return new Quirks(streamOptions, maxTokensField, reader);
    }

    @Nullable
    Foreign foreign() {
        return foreign.get();
    }

    boolean streamOptions() {
        return streamOptions;
    }

    String maxTokensField() {
        return maxTokensField;
    }
}
