package dev.thanosgateway.dialect.openai;

/** How an endpoint that speaks OpenAI's language departs from it. Immutable. */
public final class Quirks {
    /** OpenAI itself. */
    public static final Quirks NONE = new Quirks(true, "max_completion_tokens");

    private final boolean streamOptions;
    private final String maxTokensField;

    private Quirks(boolean streamOptions, String maxTokensField) {
        this.streamOptions = streamOptions;
        this.maxTokensField = maxTokensField;
    }

    /** Refuses {@code stream_options}, so it is never asked for the usage of a stream. */
    public Quirks withoutStreamOptions() {
        return new Quirks(false, maxTokensField);
    }

    /** Knows only the old name of the limit on an answer, {@code max_tokens}. */
    public Quirks withMaxTokens() {
        return new Quirks(streamOptions, "max_tokens");
    }

    boolean streamOptions() {
        return streamOptions;
    }

    String maxTokensField() {
        return maxTokensField;
    }
}
