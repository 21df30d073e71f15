package dev.thanosgateway.host.decision;

import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Target;
import java.util.List;

/** Texts from outside as far as they are kept: a caller, an upstream or a plugin must not fill the store. */
final class Texts {
    /** Characters of a message. */
    private static final int MESSAGE = 1_000;
    /** Characters of a model's name. */
    private static final int NAME = 200;

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

    private static Candidate candidate(Candidate whole) {
        String model = whole.model();
        return model == null || model.length() <= NAME ? whole : whole.withModel(name(model));
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }
}
