package dev.thanosgateway.api.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Targets in the order to try, and why others are left out. Immutable. */
public final class Plan {
    private final List<Target> targets;
    private final Map<String, String> exclusions;

    private Plan(List<Target> targets, Map<String, String> exclusions) {
        this.targets = List.copyOf(targets);
        this.exclusions = Map.copyOf(exclusions);
    }

    public static Plan of(List<Target> targets) {
        return new Plan(targets, Map.of());
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

    /** @param reasons provider id to one clause that completes "left out because …" */
    public Plan withExclusions(Map<String, String> reasons) {
        return new Plan(targets, reasons);
    }

    public List<Target> targets() {
        return targets;
    }

    public Map<String, String> exclusions() {
        return exclusions;
    }
}
