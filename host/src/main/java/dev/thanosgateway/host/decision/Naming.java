package dev.thanosgateway.host.decision;

import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One name on the way to its targets. Used under its trail's lock. */
final class Naming {
    private static final int SIGNALLED_LIMIT = 10;

    /**
     * @param instead why the configuration's order served; null = the strategy's own plan did
     * @param candidates what it saw
     * @param plan its own, or the configuration's order; as far as it is kept
     */
    record Choice(String strategy, String bundle, @Nullable String instead, List<Candidate> candidates, Plan plan) {}

    private final String name;
    private final Understood how;
    private @Nullable Choice choice;

    Naming(String name, Understood how) {
        this.name = Texts.name(name);
        this.how = how;
    }

    void chosen(Choice made) {
        choice = made;
    }

    /** Adds it to a list. */
    void tell(Packing told) {
        told.openMap();
        told.put("name", name);
        told.put("understood", how.word());
        Choice made = choice;
        if (made != null) {
            told.put("strategy", made.strategy());
            told.put("bundle", made.bundle());
            told.put("file_order_because", made.instead());
            told.openList("candidates");
            made.candidates().forEach(one -> tell(told, one));
            told.close();
            told.put("planned", Trail.names(made.plan().targets()));
            told.put(
                    "in_this_order_because",
                    made.plan().why().isEmpty() ? null : made.plan().why());
            told.put("scores", scores(made.plan()));
        }
        told.close();
    }

    /** Who the strategy had and named nowhere: provider to one clause. */
    void addNotChosen(Map<String, String> leftOut) {
        Choice made = choice;
        if (made == null) {
            return;
        }
        for (Candidate candidate : made.candidates()) {
            String provider = candidate.provider();
            if (made.plan().targets().stream()
                    .noneMatch(target -> target.provider().equals(provider))) {
                leftOut.putIfAbsent(provider, "the strategy did not choose it");
            }
        }
    }

    /** Of the targets in their order: target to numbers by name. */
    private static Map<String, Map<String, Double>> scores(Plan plan) {
        Map<String, Map<String, Double>> scores = new LinkedHashMap<>();
        for (Target target : plan.targets()) {
            Map<String, Double> of = plan.scores().get(target);
            if (of != null) {
                scores.put(target.toString(), new TreeMap<>(of));
            }
        }
        return scores;
    }

    private static void tell(Packing told, Candidate candidate) {
        told.openMap();
        told.put("provider", candidate.provider());
        told.put("model", candidate.model());
        told.put("unavailable", candidate.unavailable());
        told.put("in_flight", candidate.inFlight());
        told.put("first_event_ms", candidate.firstEventMillis() == 0 ? null : candidate.firstEventMillis());
        told.put("failures", candidate.failures());
        told.put("prices", candidate.prices());
        told.put("capabilities", new TreeSet<>(candidate.capabilities()));
        told.put("lacking", new TreeSet<>(candidate.lacking()));
        told.put("context_length", candidate.contextLength() == 0 ? null : candidate.contextLength());
        told.put("signalled", signalled(candidate.models()));
        told.close();
    }

    /** What its provider says of the first of its models: id to scores by name. */
    private static Map<String, Map<String, Double>> signalled(List<Model> models) {
        Map<String, Map<String, Double>> scores = new LinkedHashMap<>();
        models.stream()
                .filter(model -> !model.scores().isEmpty())
                .limit(SIGNALLED_LIMIT)
                .forEach(model -> scores.put(Texts.name(model.id()), new TreeMap<>(model.scores())));
        return scores;
    }
}
