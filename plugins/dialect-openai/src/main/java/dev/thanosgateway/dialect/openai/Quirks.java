package dev.thanosgateway.dialect.openai;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How an endpoint that speaks OpenAI's language departs from it, and what it has beside chats. Immutable. */
public final class Quirks {
    /** OpenAI's chat completions as they are published, and nothing beside. */
    public static final Quirks NONE = new Quirks(true, "max_completion_tokens", false, false, () -> null);

    private final boolean streamOptions;
    private final String maxTokensField;
    private final boolean responses;
    private final boolean completions;
    private final Supplier<? extends @Nullable Foreign> foreign;

    private Quirks(
            boolean streamOptions,
            String maxTokensField,
            boolean responses,
            boolean completions,
            Supplier<? extends @Nullable Foreign> foreign) {
        this.streamOptions = streamOptions;
        this.maxTokensField = maxTokensField;
        this.responses = responses;
        this.completions = completions;
        this.foreign = foreign;
    }

    /** Refuses {@code stream_options}, so it is never asked for the usage of a stream. */
    public Quirks withoutStreamOptions() {
        return new Quirks(false, maxTokensField, responses, completions, foreign);
    }

    /** Knows only the old name of the limit on an answer, {@code max_tokens}. */
    public Quirks withMaxTokens() {
        return new Quirks(streamOptions, "max_tokens", responses, completions, foreign);
    }

    /** Streams events of another language at times, in an answer that is translated; {@code reader} makes one for each. */
    public Quirks withForeign(Supplier<Foreign> reader) {
        return new Quirks(streamOptions, maxTokensField, responses, completions, reader);
    }

    @Nullable
    Foreign foreign() {
        return foreign.get();
    }

    /** Has {@code POST /v1/responses}: requests for it are relayed there instead of being asked as chats. */
    public Quirks withResponses() {
        return new Quirks(streamOptions, maxTokensField, true, completions, foreign);
    }

    /** Has {@code POST /v1/completions}: requests for it are relayed there instead of being asked as chats. */
    public Quirks withCompletions() {
        return new Quirks(streamOptions, maxTokensField, responses, true, foreign);
    }

    boolean streamOptions() {
        return streamOptions;
    }

    String maxTokensField() {
        return maxTokensField;
    }

    boolean responses() {
        return responses;
    }

    boolean completions() {
        return completions;
    }
}
