package dev.thanosgateway.api.routing;

import dev.thanosgateway.api.provider.Model;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One live provider as a strategy sees it, with what is known of the model it would be asked for. Immutable. */
public final class Candidate {
    private final String provider;
    private final String type;
    private final @Nullable String model;
    private final @Nullable String unavailable;
    private final int inFlight;
    private final long firstEventMillis;
    private final int failures;
    private final Map<String, Double> prices;
    private final Facts facts;
    private final List<Model> models;

    /** What is known of the model itself. */
    private record Facts(Set<String> capabilities, Set<String> lacking, int contextLength, int maxOutput) {
        static final Facts NONE = new Facts(Set.of(), Set.of(), 0, 0);
    }

    private Candidate(
            String provider,
            String type,
            @Nullable String model,
            @Nullable String unavailable,
            int inFlight,
            long firstEventMillis,
            int failures,
            Map<String, Double> prices,
            Facts facts,
            List<Model> models) {
        this.provider = provider;
        this.type = type;
        this.model = model;
        this.unavailable = unavailable;
        this.inFlight = inFlight;
        this.firstEventMillis = firstEventMillis;
        this.failures = failures;
        this.prices = prices;
        this.facts = facts;
        this.models = models;
    }

    public static Candidate of(String provider, String type) {
        return new Candidate(provider, type, null, null, 0, 0, 0, Map.of(), Facts.NONE, List.of());
    }

    /** @param model what this provider is asked for when the request names no model of its own */
    public Candidate withModel(@Nullable String model) {
        return new Candidate(
                provider, type, model, unavailable, inFlight, firstEventMillis, failures, prices, facts, models);
    }

    /** @param reason why it cannot serve now, one clause; null = it can */
    public Candidate withUnavailable(@Nullable String reason) {
        return new Candidate(
                provider, type, model, reason, inFlight, firstEventMillis, failures, prices, facts, models);
    }

    /** @param calls being served by it now */
    public Candidate withInFlight(int calls) {
        return new Candidate(
                provider, type, model, unavailable, calls, firstEventMillis, failures, prices, facts, models);
    }

    /** @param millis see {@link #firstEventMillis()} */
    public Candidate withFirstEventMillis(long millis) {
        return new Candidate(provider, type, model, unavailable, inFlight, millis, failures, prices, facts, models);
    }

    /** @param inARow see {@link #failures()} */
    public Candidate withFailures(int inARow) {
        return new Candidate(
                provider, type, model, unavailable, inFlight, firstEventMillis, inARow, prices, facts, models);
    }

    /** @param dollars see {@link #prices()} */
    public Candidate withPrices(Map<String, Double> dollars) {
        return new Candidate(
                provider,
                type,
                model,
                unavailable,
                inFlight,
                firstEventMillis,
                failures,
                Map.copyOf(dollars),
                facts,
                models);
    }

    /**
     * @param capabilities see {@link #capabilities()}
     * @param lacking see {@link #lacking()}
     * @param contextLength tokens; 0 = unknown
     * @param maxOutput tokens; 0 = unknown
     */
    public Candidate withFacts(Set<String> capabilities, Set<String> lacking, int contextLength, int maxOutput) {
        Facts known = new Facts(Set.copyOf(capabilities), Set.copyOf(lacking), contextLength, maxOutput);
        return new Candidate(
                provider, type, model, unavailable, inFlight, firstEventMillis, failures, prices, known, models);
    }

    /** @param signalled see {@link #models()} */
    public Candidate withModels(List<Model> signalled) {
        return new Candidate(
                provider,
                type,
                model,
                unavailable,
                inFlight,
                firstEventMillis,
                failures,
                prices,
                facts,
                List.copyOf(signalled));
    }

    public String provider() {
        return provider;
    }

    public String type() {
        return type;
    }

    public @Nullable String model() {
        return model;
    }

    public @Nullable String unavailable() {
        return unavailable;
    }

    public int inFlight() {
        return inFlight;
    }

    /**
     * How long this model took of late to the first event of a stream, or, for a request that wants a whole answer, to
     * whole answers: a moving average that jumps up to each slower call at once, and to the age of the oldest call that
     * still waits, and fades within minutes while nobody asks. Milliseconds, at least 1; 0 = unknown.
     */
    public long firstEventMillis() {
        return firstEventMillis;
    }

    /** Calls that failed in a row by this target's own doing, the last of them a few seconds ago at most; 0 = none. */
    public int failures() {
        return failures;
    }

    /**
     * US dollars per million tokens of the model, by kind: {@code input}, {@code output}, {@code cache_read}, {@code
     * cache_write}; a kind that is absent, or an empty map = unknown.
     */
    public Map<String, Double> prices() {
        return prices;
    }

    /** What the model is known to be able to, in the words of a provider's model list; absent = unknown. */
    public Set<String> capabilities() {
        return facts.capabilities();
    }

    /**
     * What the model is known not to be able to, likewise; absent = unknown. Who lacks what a request needs is not among
     * the candidates unless all do.
     */
    public Set<String> lacking() {
        return facts.lacking();
    }

    /** Tokens the model can take in; 0 = unknown. */
    public int contextLength() {
        return facts.contextLength();
    }

    /** Tokens an answer of the model can have; 0 = unknown. */
    public int maxOutput() {
        return facts.maxOutput();
    }

    /**
     * The models its provider signals, with their scores, for a strategy that {@linkplain RoutingStrategy#SIGNALS wants
     * them}; some minutes old at most. Empty = it signals none, or cannot be asked.
     */
    public List<Model> models() {
        return models;
    }
}
