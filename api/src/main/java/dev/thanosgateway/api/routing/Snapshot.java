package dev.thanosgateway.api.routing;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a strategy may know of the world: taken for one request, immutable. */
public final class Snapshot {
    private final List<Candidate> candidates;
    private final Map<String, Object> settings;

    private Snapshot(List<Candidate> candidates, Map<String, Object> settings) {
        this.candidates = List.copyOf(candidates);
        this.settings = Map.copyOf(settings);
    }

    public static Snapshot of(List<Candidate> candidates, Map<String, Object> settings) {
        return new Snapshot(candidates, settings);
    }

    /**
     * The providers that could be asked, in the configuration's order. For a request that names a model, only those
     * that serve it, each with that model's name there.
     */
    public List<Candidate> candidates() {
        return candidates;
    }

    public Optional<Candidate> candidate(String provider) {
        return candidates.stream().filter(c -> c.provider().equals(provider)).findFirst();
    }

    /** The keys of {@code [routing]}: String, Long, Double, Boolean, List or Map of these. */
    public Map<String, Object> settings() {
        return settings;
    }
}
