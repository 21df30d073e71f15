package dev.thanosgateway.api.routing;

import java.util.Map;
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

    private Candidate(
            String provider,
            String type,
            @Nullable String model,
            @Nullable String unavailable,
            int inFlight,
            long firstEventMillis,
            int failures,
            Map<String, Double> prices) {
        this.provider = provider;
        this.type = type;
        this.model = model;
        this.unavailable = unavailable;
        this.inFlight = inFlight;
        this.firstEventMillis = firstEventMillis;
        this.failures = failures;
        this.prices = prices;
    }

    public static Candidate of(String provider, String type) {
        return new Candidate(provider, type, null, null, 0, 0, 0, Map.of());
    }

    /** @param model what this provider is asked for when the request names no model of its own */
    public Candidate withModel(@Nullable String model) {
        return new Candidate(provider, type, model, unavailable, inFlight, firstEventMillis, failures, prices);
    }

    /** @param reason why it cannot serve now, one clause; null = it can */
    public Candidate withUnavailable(@Nullable String reason) {
        return new Candidate(provider, type, model, reason, inFlight, firstEventMillis, failures, prices);
    }

    /** @param calls being served by it now */
    public Candidate withInFlight(int calls) {
        return new Candidate(provider, type, model, unavailable, calls, firstEventMillis, failures, prices);
    }

    /** @param millis see {@link #firstEventMillis()} */
    public Candidate withFirstEventMillis(long millis) {
        return new Candidate(provider, type, model, unavailable, inFlight, millis, failures, prices);
    }

    /** @param inARow see {@link #failures()} */
    public Candidate withFailures(int inARow) {
        return new Candidate(provider, type, model, unavailable, inFlight, firstEventMillis, inARow, prices);
    }

    /** @param dollars see {@link #prices()} */
    public Candidate withPrices(Map<String, Double> dollars) {
        return new Candidate(
                provider, type, model, unavailable, inFlight, firstEventMillis, failures, Map.copyOf(dollars));
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
}
