package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a provider, or its table, says of an endpoint that speaks OpenAI's language. What its models take is not here: it
 * comes with each request ({@link ChatRequest#traits()}), and holds where nothing is said here. Immutable.
 */
public final class Quirks {
    /** Nothing is said. */
    public static final Quirks NONE = new Quirks(true, null, null, null, true, model -> false, () -> null);

    private final boolean streamOptions;
    private final @Nullable String maxTokensField;
    private final @Nullable Boolean responses;
    private final @Nullable Boolean completions;
    private final boolean nullContent;
    private final Predicate<String> responsesOnly;
    private final Supplier<? extends @Nullable Foreign> foreign;

    private Quirks(
            boolean streamOptions,
            @Nullable String maxTokensField,
            @Nullable Boolean responses,
            @Nullable Boolean completions,
            boolean nullContent,
            Predicate<String> responsesOnly,
            Supplier<? extends @Nullable Foreign> foreign) {
        this.streamOptions = streamOptions;
        this.maxTokensField = maxTokensField;
        this.responses = responses;
        this.completions = completions;
        this.nullContent = nullContent;
        this.responsesOnly = responsesOnly;
        this.foreign = foreign;
    }

    /** Refuses {@code stream_options}, so it is never asked for the usage of a stream. */
    public Quirks withoutStreamOptions() {
        return new Quirks(false, maxTokensField, responses, completions, nullContent, responsesOnly, foreign);
    }

    /** Knows only the old name of the limit on an answer, {@code max_tokens}. */
    public Quirks withMaxTokens() {
        return new Quirks(streamOptions, "max_tokens", responses, completions, nullContent, responsesOnly, foreign);
    }

    /** Refuses content that is null: the text of a turn that only calls tools is empty. */
    public Quirks withoutNullContent() {
        return new Quirks(streamOptions, maxTokensField, responses, completions, false, responsesOnly, foreign);
    }

    /** Streams events of another language at times, in an answer that is translated; {@code reader} makes one for each. */
    public Quirks withForeign(Supplier<Foreign> reader) {
        return new Quirks(streamOptions, maxTokensField, responses, completions, nullContent, responsesOnly, reader);
    }

    /** Has {@code POST /v1/responses} or not: requests for it are relayed there instead of being sent as chats. */
    public Quirks withResponses(boolean has) {
        return new Quirks(streamOptions, maxTokensField, has, completions, nullContent, responsesOnly, foreign);
    }

    /** Has {@code POST /v1/completions} or not: requests for it are relayed there instead of being sent as chats. */
    public Quirks withCompletions(boolean has) {
        return new Quirks(streamOptions, maxTokensField, responses, has, nullContent, responsesOnly, foreign);
    }

    /**
     * Has some models at {@code POST /v1/responses} alone: every chat with one is sent there.
     *
     * @param models their names, {@code *} standing for anything; those that are known already stay
     */
    public Quirks withResponsesOnly(String... models) {
        Predicate<String> all = responsesOnly;
        for (String model : models) {
            String pattern = Pattern.quote(model).replace("*", "\\E.*\\Q");
            all = all.or(Pattern.compile(pattern).asMatchPredicate());
        }
        return new Quirks(streamOptions, maxTokensField, responses, completions, nullContent, all, foreign);
    }

    @Nullable
    Foreign foreign() {
        return foreign.get();
    }

    boolean nullContent() {
        return nullContent;
    }

    boolean streamOptions(ModelTraits traits) {
        return streamOptions && traits.flag(Trait.STREAM_OPTIONS, true);
    }

    String maxTokensField(ModelTraits traits) {
        String known = knownLimit(traits);
        return known == null ? "max_completion_tokens" : known;
    }

    /** The name of the limit on an answer; null = unknown. */
    @Nullable
    String knownLimit(ModelTraits traits) {
        return maxTokensField == null ? traits.word(Trait.LIMIT) : maxTokensField;
    }

    /** Whether requests for Responses are relayed. */
    boolean relaysResponses(ChatRequest request) {
        return relays(responses, "responses", request.traits()) || alone(request);
    }

    /** Whether requests for completions are relayed. */
    boolean relaysCompletions(ChatRequest request) {
        boolean completed = request.traits().is(Trait.PATH, "completions");
        return (completed && completions == null) || relays(completions, "completions", request.traits());
    }

    /** Whether an operation below {@code /v1/responses} is relayed. */
    boolean relays(ChatRequest request, String operation) {
        return !Boolean.FALSE.equals(responses) && relays(null, operation, request.traits());
    }

    /**
     * Whether a request for Responses has tools or items that the endpoint is known not to take. A table that says that the
     * endpoint has Responses vouches for all of them.
     */
    boolean exceeds(ChatRequest request, RequestBody asked) {
        boolean vouched = Boolean.TRUE.equals(responses) || responsesOnly.test(request.model());
        return !vouched && ToolTypes.exceeds(asked, request.traits());
    }

    private static boolean relays(@Nullable Boolean said, String operation, ModelTraits traits) {
        List<String> known = traits.list(Trait.RELAYS);
        return said == null ? known != null && known.contains(operation) : said;
    }

    /** Whether the endpoint has this model at {@code /v1/responses} alone. */
    private boolean alone(ChatRequest request) {
        return responsesOnly.test(request.model())
                || (!Boolean.FALSE.equals(responses) && request.traits().is(Trait.PATH, "responses"));
    }

    /** Whether a chat must be sent to {@code /v1/responses}: for its model's sake, or for its tools'. */
    boolean needsResponses(ChatRequest request) throws GatewayException {
        boolean withTools = !Boolean.FALSE.equals(responses) && request.traits().is(Trait.PATH, "tools-at-responses");
        return alone(request) || (withTools && !request.content().tools().isEmpty());
    }
}
