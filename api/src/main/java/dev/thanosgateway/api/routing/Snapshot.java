package dev.thanosgateway.api.routing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a strategy may know of the world: taken for one request, immutable. */
public final class Snapshot {
    private final List<Candidate> candidates;
    private final Map<String, Object> settings;
    private final List<Candidate> named;
    private final boolean dryRun;

    private Snapshot(List<Candidate> candidates, Map<String, Object> settings, List<Candidate> named, boolean dryRun) {
        this.candidates = List.copyOf(candidates);
        this.settings = Map.copyOf(settings);
        this.named = List.copyOf(named);
        this.dryRun = dryRun;
    }

    public static Snapshot of(List<Candidate> candidates, Map<String, Object> settings) {
        return new Snapshot(candidates, settings, List.of(), false);
    }

    /** @param others what is known of providers with a model that is not their own, but that the settings name */
    public Snapshot withNamed(List<Candidate> others) {
        return new Snapshot(candidates, settings, others, dryRun);
    }

    /** The same for a {@linkplain #dryRun() dry run}. */
    public Snapshot withDryRun() {
        return new Snapshot(candidates, settings, named, true);
    }

    /**
     * Whether somebody only wants to know what the next request's plan would be, and nobody will be asked: whatever is
     * kept between requests, such as whose turn it is, must stay as it is.
     */
    public boolean dryRun() {
        return dryRun;
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

    /**
     * A provider as it stands with this model, which may not be its own. Where the settings do not name the two together
     * either, what is known of the provider.
     */
    public Optional<Candidate> candidate(String provider, String model) {
        return Stream.concat(candidates.stream(), named.stream())
                .filter(c -> c.provider().equals(provider) && model.equals(c.model()))
                .findFirst()
                .or(() -> candidate(provider).map(c -> c.withModel(model)));
    }

    /**
     * Those that can be asked now: with a model, and not set aside. Where all are set aside, all of them, since asking
     * them is better than asking nobody. In the configuration's order.
     */
    public List<Candidate> askable() {
        List<Candidate> named =
                candidates.stream().filter(c -> c.model() != null).toList();
        List<Candidate> able =
                named.stream().filter(c -> c.unavailable() == null).toList();
        return able.isEmpty() ? named : able;
    }

    /** Why the others are left out: provider id to one clause. */
    public Map<String, String> leftOut() {
        List<Candidate> asked = askable();
        Map<String, String> reasons = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            String unavailable = candidate.unavailable();
            if (candidate.model() == null) {
                reasons.put(candidate.provider(), "it has no model configured; set model in its table");
            } else if (unavailable != null && !asked.contains(candidate)) {
                reasons.put(candidate.provider(), unavailable);
            }
        }
        return reasons;
    }

    /** The keys of {@code [routing]}: String, Long, Double, Boolean, List or Map of these. */
    public Map<String, Object> settings() {
        return settings;
    }

    /** The texts of a list among the settings, in its order, blank ones left out; empty = there is no such list. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        if (settings.get(key) instanceof List<?> list) {
            for (Object entry : list) {
                if (entry instanceof String text && !text.isBlank()) {
                    texts.add(text);
                }
            }
        }
        return List.copyOf(texts);
    }
}
