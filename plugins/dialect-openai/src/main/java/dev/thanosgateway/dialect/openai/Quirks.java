package dev.thanosgateway.dialect.openai;

import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How an endpoint that speaks OpenAI's language departs from it, and what it has beside chats. Immutable. */
public final class Quirks {
    /** OpenAI's chat completions as they are published, and nothing beside. */
    public static final Quirks NONE = new Quirks(
            true, "max_completion_tokens", false, model -> false, model -> false, () -> null, model -> Set.of());

    /** OpenAI's own models that are asked by a prompt. */
    private static final Pattern COMPLETES = Pattern.compile("(?:^|:)(?:davinci|babbage)|-instruct");

    /**
     * OpenAI's models that are at {@code /v1/responses} alone: those its SDKs list as such (openai-java 4.101.0, November
     * 2026), and the pro and codex models its pages and its refusals say it of. One too many does no harm: the others
     * are there too.
     */
    private static final Pattern RESPONSES_ONLY = Pattern.compile(
            "\\b(?:(?:o\\d|gpt-[\\d.]+)-pro|codex|deep-research|computer-use|cyber|daybreak|rosalind)\\b");

    private final boolean streamOptions;
    private final String maxTokensField;
    private final boolean responses;
    private final Predicate<String> responsesOnly;
    private final Predicate<String> completions;
    private final Supplier<? extends @Nullable Foreign> foreign;
    private final Function<String, Set<String>> refused;

    private Quirks(
            boolean streamOptions,
            String maxTokensField,
            boolean responses,
            Predicate<String> responsesOnly,
            Predicate<String> completions,
            Supplier<? extends @Nullable Foreign> foreign,
            Function<String, Set<String>> refused) {
        this.streamOptions = streamOptions;
        this.maxTokensField = maxTokensField;
        this.responses = responses;
        this.responsesOnly = responsesOnly;
        this.completions = completions;
        this.foreign = foreign;
        this.refused = refused;
    }

    /**
     * Those of an endpoint, by its address. OpenAI has responses, and completions for its oldest models only; its
     * compatibles have completions, and responses seldom.
     *
     * @param responses whether it has {@code POST /v1/responses}: true or false, empty = as far as is known
     * @param completions whether it has {@code POST /v1/completions}, likewise
     * @param responsesOnly models beside OpenAI's own for {@link #withResponsesOnly}
     */
    public static Quirks at(String endpoint, String responses, String completions, String... responsesOnly) {
        boolean own = endpoint.contains("api.openai.com");
        // OpenAI's newer models refuse the old name of the limit; many of its compatibles know no other.
        Quirks known = (own ? NONE : NONE.withMaxTokens()).withResponsesOnly(responsesOnly);
        if (said(responses, own)) {
            known = known.withResponses();
            known = own ? known.withResponsesOnly(RESPONSES_ONLY.asPredicate()) : known;
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
        return new Quirks(false, maxTokensField, responses, responsesOnly, completions, foreign, refused);
    }

    /** Knows only the old name of the limit on an answer, {@code max_tokens}. */
    public Quirks withMaxTokens() {
        return new Quirks(streamOptions, "max_tokens", responses, responsesOnly, completions, foreign, refused);
    }

    /** Streams events of another language at times, in an answer that is translated; {@code reader} makes one for each. */
    public Quirks withForeign(Supplier<Foreign> reader) {
        return new Quirks(streamOptions, maxTokensField, responses, responsesOnly, completions, reader, refused);
    }

    /**
     * Has models that refuse hints: they are left out of a chat that is translated, and named. One that is relayed keeps
     * them, and hears the refusal.
     *
     * @param fields of a model, any of {@code presence_penalty}, {@code frequency_penalty}, {@code reasoning_effort}
     */
    public Quirks withRefused(Function<String, Set<String>> fields) {
        return new Quirks(streamOptions, maxTokensField, responses, responsesOnly, completions, foreign, fields);
    }

    /** What this model refuses to be told, by name. */
    Set<String> refused(String model) {
        return refused.apply(model);
    }

    @Nullable
    Foreign foreign() {
        return foreign.get();
    }

    /** Has {@code POST /v1/responses}: requests for it are relayed there instead of being asked as chats. */
    public Quirks withResponses() {
        return new Quirks(streamOptions, maxTokensField, true, responsesOnly, completions, foreign, refused);
    }

    /**
     * Has some models at {@code POST /v1/responses} alone: every chat with one is asked for there.
     *
     * @param models their names, {@code *} standing for anything; those that are known already stay
     */
    public Quirks withResponsesOnly(String... models) {
        Quirks all = this;
        for (String model : models) {
            String pattern = Pattern.quote(model).replace("*", "\\E.*\\Q");
            all = all.withResponsesOnly(Pattern.compile(pattern).asMatchPredicate());
        }
        return all;
    }

    private Quirks withResponsesOnly(Predicate<String> models) {
        return new Quirks(
                streamOptions, maxTokensField, responses, responsesOnly.or(models), completions, foreign, refused);
    }

    /** Has {@code POST /v1/completions}: requests for it are relayed there instead of being asked as chats. */
    public Quirks withCompletions() {
        return withCompletions(model -> true);
    }

    private Quirks withCompletions(Predicate<String> models) {
        return new Quirks(streamOptions, maxTokensField, responses, responsesOnly, models, foreign, refused);
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

    /** Whether it has this model at {@code /v1/responses} alone. */
    boolean responsesOnly(String model) {
        return responsesOnly.test(model);
    }

    /** Whether it has completions of this model. */
    boolean completions(String model) {
        return completions.test(model);
    }
}
