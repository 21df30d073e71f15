package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What of a strategy's plan makes sense: targets of its candidates, each once and with a model, and not too many. */
final class SoundPlan {
    private static final int TARGETS_LIMIT = 1_000;
    private static final int EXCLUSIONS_LIMIT = 64;

    private SoundPlan() {}

    /**
     * The same plan where it makes sense throughout, else without what does not.
     *
     * @throws IllegalArgumentException that says what is wrong, where nothing of it makes sense
     */
    static Plan of(@Nullable Plan plan, Snapshot snapshot) {
        if (plan == null) {
            throw new IllegalArgumentException("it gave no plan");
        }
        Set<Target> sound = new LinkedHashSet<>();
        Map<String, String> exclusions = new LinkedHashMap<>();
        plan.exclusions().entrySet().stream()
                .limit(EXCLUSIONS_LIMIT)
                .forEach(one -> exclusions.put(one.getKey(), one.getValue()));
        for (Target target : plan.targets()) {
            String wrong = wrong(target, snapshot);
            if (wrong == null && sound.size() < TARGETS_LIMIT) {
                sound.add(target);
            } else if (wrong != null && exclusions.size() < EXCLUSIONS_LIMIT) {
                exclusions.putIfAbsent(String.valueOf(target), wrong);
            }
        }
        if (sound.isEmpty() && !plan.targets().isEmpty()) {
            throw new IllegalArgumentException("it planned nothing but what cannot be asked: "
                    + exclusions.getOrDefault(String.valueOf(plan.targets().get(0)), ""));
        }
        boolean whole = sound.size() == plan.targets().size()
                && exclusions.size() == plan.exclusions().size();
        return whole
                ? plan
                : Plan.of(List.copyOf(sound))
                        .withExclusions(exclusions)
                        .withWhy(plan.why())
                        .withScores(plan.scores());
    }

    /** One clause; null = nothing is. */
    @SuppressWarnings("NullAway") // a plugin need not keep to what the api says
    private static @Nullable String wrong(Target target, Snapshot snapshot) {
        if (target.model() == null || target.model().isBlank()) {
            return "the strategy planned it without a model";
        }
        // Also who is a candidate only with a model that the settings name.
        if (target.provider() == null
                || snapshot.candidate(target.provider(), target.model()).isEmpty()) {
            return "the strategy planned it, but it is no candidate";
        }
        return target.model().chars().anyMatch(Character::isISOControl)
                ? "the strategy planned it with control characters in its model's name"
                : null;
    }
}
