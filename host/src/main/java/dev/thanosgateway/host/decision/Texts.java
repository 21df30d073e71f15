package dev.thanosgateway.host.decision;

import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Texts from outside as far as they are kept: a caller, an upstream or a plugin must not fill the store. */
final class Texts {
    /** Characters of a message. */
    private static final int MESSAGE = 1_000;
    /** Characters of a model's name. */
    private static final int NAME = 200;

    /** Scores of a target. */
    private static final int SCORES = 16;

    private Texts() {}

    static String message(String text) {
        return cut(text, MESSAGE);
    }

    static String name(String text) {
        return cut(text, NAME);
    }

    static Target target(Target whole) {
        return whole.model().length() <= NAME ? whole : new Target(whole.provider(), name(whole.model()));
    }

    static List<Candidate> candidates(List<Candidate> whole) {
        return whole.stream().map(Texts::candidate).toList();
    }

    /** Without what it leaves out, which is noted by itself. */
    static Plan plan(Plan whole) {
        Map<Target, Map<String, Double>> scores = new HashMap<>();
        for (Target target : whole.targets()) {
            Map<String, Double> numbers = whole.scores().get(target);
            if (numbers != null) {
                scores.put(target(target), numbers(numbers));
            }
        }
        return Plan.of(whole.targets().stream().map(Texts::target).toList())
                .withWhy(message(whole.why()))
                .withScores(scores);
    }

    /** What JSON has no number for is left out. */
    private static Map<String, Double> numbers(Map<String, Double> whole) {
        Map<String, Double> numbers = new HashMap<>();
        for (Map.Entry<String, Double> one : whole.entrySet()) {
            if (numbers.size() < SCORES && Double.isFinite(one.getValue())) {
                numbers.put(name(one.getKey()), one.getValue());
            }
        }
        return numbers;
    }

    private static Candidate candidate(Candidate whole) {
        String model = whole.model();
        return model == null || model.length() <= NAME ? whole : whole.withModel(name(model));
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }
}
