package dev.thanosgateway.api.routing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Targets in the order to try, and why others are left out. Immutable. */
public final class Plan {
    private final List<Target> targets;
    private final Map<String, String> exclusions;
    private final String why;
    private final Map<Target, Map<String, Double>> scores;

    private Plan(
            List<Target> targets, Map<String, String> exclusions, String why, Map<Target, Map<String, Double>> scores) {
        this.targets = List.copyOf(targets);
        this.exclusions = Map.copyOf(exclusions);
        this.why = why;
        this.scores = Map.copyOf(scores);
    }

    public static Plan of(List<Target> targets) {
        return new Plan(targets, Map.of(), "", Map.of());
    }

    /** Candidates in the order to try, each for its own model; one that has none is no target. */
    public static Plan inOrder(List<Candidate> candidates) {
        List<Target> targets = new ArrayList<>();
        for (Candidate candidate : candidates) {
            String model = candidate.model();
            if (model != null) {
                targets.add(new Target(candidate.provider(), model));
            }
        }
        return of(targets);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** @param reasons provider id to one clause that completes "left out because …" */
    public Plan withExclusions(Map<String, String> reasons) {
        return new Plan(targets, reasons, why, scores);
    }

    /** @param clause see {@link #why()} */
    public Plan withWhy(String clause) {
        return new Plan(targets, exclusions, clause, scores);
    }

    /** @param numbers see {@link #scores()} */
    public Plan withScores(Map<Target, Map<String, Double>> numbers) {
        Map<Target, Map<String, Double>> copies = new LinkedHashMap<>();
        numbers.forEach((target, one) -> copies.put(target, Map.copyOf(one)));
        return new Plan(targets, exclusions, why, copies);
    }

    public List<Target> targets() {
        return targets;
    }

    public Map<String, String> exclusions() {
        return exclusions;
    }

    /** Why the targets are in this order, one clause that completes "in this order because …"; empty = it is not said. */
    public String why() {
        return why;
    }

    /**
     * The numbers by which targets were put in order, with names that say their unit, such as {@code weight}, {@code
     * estimated_usd}; for people who ask why, nobody else reads them. What is not known is absent.
     */
    public Map<Target, Map<String, Double>> scores() {
        return scores;
    }

    /**
     * A plan while it is made: who can serve, in the order they were added; where nobody can, who is set aside, since
     * asking them is better than asking nobody. A target is there once, a provider that is one is not left out, and of
     * several reasons to leave one out the first stands. Used by one thread.
     */
    public static final class Builder {
        private final Set<Target> able = new LinkedHashSet<>();
        private final Set<Target> setAside = new LinkedHashSet<>();
        private final Map<String, String> exclusions = new LinkedHashMap<>();

        private Builder() {}

        /** @param model what to ask it for; null or blank = none is known, which leaves it out */
        public Builder add(Candidate candidate, @Nullable String model) {
            String unavailable = candidate.unavailable();
            if (model == null || model.isBlank()) {
                return exclude(candidate.provider(), "it has no model configured; set model in its table");
            }
            if (unavailable == null) {
                able.add(new Target(candidate.provider(), model));
                return this;
            }
            setAside.add(new Target(candidate.provider(), model));
            return exclude(candidate.provider(), unavailable);
        }

        /**
         * Adds whom an entry of the settings names: {@code provider/model}, or a provider's id for its candidate's model.
         *
         * @param open whether the entry says the model; else the candidate's stays, as for a request that names one
         * @param absent one clause that completes "left out because …", for a provider that is no candidate
         * @return whether it is a candidate
         */
        public boolean add(String entry, Snapshot snapshot, boolean open, String absent) {
            int slash = entry.indexOf('/');
            String provider = slash < 0 ? entry : entry.substring(0, slash);
            Candidate candidate = (open && slash >= 0
                            ? snapshot.candidate(provider, entry.substring(slash + 1))
                            : snapshot.candidate(provider))
                    .orElse(null);
            if (candidate == null) {
                exclude(provider, absent);
                return false;
            }
            add(candidate, candidate.model());
            return true;
        }

        /** @param reason one clause that completes "left out because …" */
        public Builder exclude(String provider, String reason) {
            exclusions.putIfAbsent(provider, reason);
            return this;
        }

        public Plan build() {
            Set<Target> targets = able.isEmpty() ? setAside : able;
            Map<String, String> reasons = new LinkedHashMap<>(exclusions);
            targets.forEach(target -> reasons.remove(target.provider()));
            return new Plan(List.copyOf(targets), reasons, "", Map.of());
        }
    }
}
