package dev.thanosgateway.host.plugins;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One blue/green move: a jar, and fresh copies of what uses its packages, made ready beside what serves. Either all of
 * it is ready, or none of it is left.
 */
final class Move {
    private final Installer installer;
    private final Deployments deployments;
    private final Tables tables;
    private final Owners owners;
    private final StartMarks marks;
    private final List<Deployment> fresh = new ArrayList<>();
    private final List<Deployment> olds = new ArrayList<>();
    private final List<Tables.Expected> active = new ArrayList<>();
    private final Map<String, String> failedTables = new LinkedHashMap<>();

    /**
     * A jar to deploy.
     *
     * @param choices what may be deployed, the preferred one first
     * @param old what it takes over from; null = nothing of that name serves
     */
    record Step(List<Choice> choices, @Nullable Deployment old) {}

    /** A jar and where it is in the folder. */
    record Choice(PluginJar jar, Path path) {}

    Move(Installer installer, Deployments deployments, Tables tables, Owners owners, StartMarks marks) {
        this.owners = owners;
        this.marks = marks;
        this.installer = installer;
        this.deployments = deployments;
        this.tables = tables;
    }

    /** Ready to serve, suppliers before importers. */
    List<Deployment> fresh() {
        return fresh;
    }

    /** What they take over from. */
    List<Deployment> olds() {
        return olds;
    }

    /** Tables that are served by what is fresh. */
    List<Tables.Expected> active() {
        return active;
    }

    /** Tables that are not, with the reason. */
    Map<String, String> failedTables() {
        return failedTables;
    }

    /** @param steps in the order to start them, the jar the move is about first */
    Move prepare(List<Step> steps) throws PluginRefusal {
        for (Step step : steps) {
            if (step.old() != null) {
                olds.add(step.old());
            }
        }
        int done = 0;
        try {
            for (Step step : steps) {
                begin(step);
                done++;
            }
        } catch (PluginRefusal e) {
            undo();
            throw done == 0
                    ? e
                    : PluginRefusal.because(
                            steps.get(done).choices().get(0).jar().label(), e);
        }
        return this;
    }

    /** Takes away what is fresh. */
    void undo() {
        for (int i = fresh.size() - 1; i >= 0; i--) {
            installer.remove(fresh.get(i), () -> {});
        }
    }

    private void begin(Step step) throws PluginRefusal {
        PluginRefusal first = null;
        for (Choice choice : step.choices()) {
            try {
                begin(step, choice);
                return;
            } catch (PluginRefusal e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? PluginRefusal.of("there is nothing to deploy") : first;
    }

    private void begin(Step step, Choice choice) throws PluginRefusal {
        marks.check(choice.jar());
        owners.check(choice.jar());
        List<Deployment> plugins = new ArrayList<>(fresh);
        deployments.serving().stream().filter(d -> !olds.contains(d)).forEach(plugins::add);
        Deployment made = installer.install(choice.jar(), choice.path(), plugins);
        StartMarks.Mark mark = marks.begin(choice.jar());
        made.mark(mark);
        boolean ready = false;
        try {
            List<Tables.Expected> expected = tables.expected(made);
            Activation activation = installer.start(made, expected);
            judge(step, made, activation);
            expected.stream().filter(activation::active).forEach(active::add);
            failedTables.putAll(activation.failedTables());
            fresh.add(made);
            ready = true;
        } catch (PluginRefusal e) {
            installer.remove(made, () -> {});
            throw e;
        } finally {
            mark.over(ready);
        }
    }

    /** A jar that leaves a table unserved which is served now is refused; so is one of which nothing works. */
    private void judge(Step step, Deployment made, Activation activation) throws PluginRefusal {
        if (!activation.failures().isEmpty()) {
            throw PluginRefusal.of(activation.failures().get(0));
        }
        for (Map.Entry<String, String> failure : activation.failedTables().entrySet()) {
            boolean served = step.old() != null
                    && step.old().providers().stream().anyMatch(p -> p.id().equals(failure.getKey()));
            boolean nothing = made.entries().isEmpty() && !activation.incomplete(failure.getKey());
            if (served || nothing) {
                throw PluginRefusal.of("provider " + failure.getKey() + ": " + failure.getValue());
            }
        }
    }
}
