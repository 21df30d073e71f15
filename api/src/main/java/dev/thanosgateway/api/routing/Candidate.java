package dev.thanosgateway.api.routing;

import org.jspecify.annotations.Nullable;

/** One live provider as a strategy sees it. Immutable. */
public final class Candidate {
    private final String provider;
    private final String type;
    private final @Nullable String model;
    private final @Nullable String unavailable;
    private final int inFlight;

    private Candidate(
            String provider, String type, @Nullable String model, @Nullable String unavailable, int inFlight) {
        this.provider = provider;
        this.type = type;
        this.model = model;
        this.unavailable = unavailable;
        this.inFlight = inFlight;
    }

    public static Candidate of(String provider, String type) {
        return new Candidate(provider, type, null, null, 0);
    }

    /** @param model what this provider is asked for when the request names no model of its own */
    public Candidate withModel(@Nullable String model) {
        return new Candidate(provider, type, model, unavailable, inFlight);
    }

    /** @param reason why it cannot serve now, one clause; null = it can */
    public Candidate withUnavailable(@Nullable String reason) {
        return new Candidate(provider, type, model, reason, inFlight);
    }

    /** @param calls being served by it now */
    public Candidate withInFlight(int calls) {
        return new Candidate(provider, type, model, unavailable, calls);
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
}
