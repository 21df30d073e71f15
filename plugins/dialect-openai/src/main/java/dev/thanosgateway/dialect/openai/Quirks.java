package dev.thanosgateway.dialect.openai;

import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How an endpoint that speaks OpenAI's language departs from it, and what it has beside chats. Immutable. */
public final class Quirks {
    /** OpenAI's chat completions as they are published, and nothing beside. */
    public static final Quirks NONE = new Quirks(true, "max_completion_tokens", false, model -> false, () -> null);

    /** OpenAI's own models that are asked by a prompt. */
    private static final Pattern COMPLETES = Pattern.compile("(?:^|:)(?:davinci|babbage)|-instruct");

    private final boolean streamOptions;
    private final String maxTokensField;
    private final boolean responses;
    private final Predicate<String> completions;
    private final Supplier<? extends @Nullable Foreign> foreign;

    private Quirks(
            boolean streamOptions,
            String maxTokensField,
            boolean responses,
            Predicate<String> completions,
            Supplier<? extends @Nullable Foreign> foreign) {
        this.streamOptions = streamOptions;
        this.maxTokensField = maxTokensField;
        this.responses = responses;
        this.completions = completions;
        this.foreign = foreign;
    }

    /**
     * Those of an endpoint, by its address. OpenAI has responses, and completions for its oldest models only; its
     * compatibles have completions, and responses seldom.
     *
     * @param responses whether it has {@code POST /v1/responses}: true or false, empty = as far as is known
     * @param completions whether it has {@code POST /v1/completions}, likewise
     */
    public static Quirks at(String endpoint, String responses, String completions) {
        boolean own = endpoint.contains("api.openai.com");
        // OpenAI's newer models refuse the old name of the limit; many of its compatibles know no other.
        Quirks known = own ? NONE : NONE.withMaxTokens();
        if (said(responses, own)) {
            known = known.withResponses();
        }
        if (own && completions.isEmpty()) {
            return known.withCompletions(COMPLETES.asPredicate());
        }
        return said(completions, true) ? known.withCompletions() : known;
    }

    private static boolean said(String setting, boolean unsaid) {
        return setting.isEmpty() ? unsaid : Boolean.parseBoolean(setting);
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
        return withCompletions(model -> true);
    }

    private Quirks withCompletions(Predicate<String> models) {
        return new Quirks(streamOptions, maxTokensField, responses, models, foreign);
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

    /** Whether it has completions of this model. */
    boolean completions(String model) {
        return completions.test(model);
    }
}
