package dev.thanosgateway.host.plugins;

import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.metrics.Metrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what serves be what the folder and the settings say: the highest sound version of each name, every enabled
 * table's latest generation that works. What is new is made ready beside what serves, then takes its place at once,
 * then the old one drains. One thread; it never waits for a drain.
 */
final class Deployer {
    /** More old deployments than this at a time: further swaps wait until some have gone. */
    static final int MAX_DRAINING = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);

    private final Deployments deployments;
    private final Tables tables;
    private final Installer installer;
    private final Pictures pictures;
    private final LiveRegistry registry;
    private final Metrics metrics;
    private final Drains drains;
    private final IdleJars jars;
    private final Generations generations;
    private List<PluginFolder.Seen> seen = List.of();
    /** By {@link IdleJars#key}: jars that were tried in vain. */
    private final Map<String, PluginRefusal> refusals = new HashMap<>();

    private volatile long drainMillis = 30_000;
    private boolean closing;

    /** Makes the drains, which tell the deployer when something has gone. */
    interface DrainsMaker {
        Drains make(Runnable changed);
    }

    Deployer(
            Deployments deployments,
            Tables tables,
            Configurations configurations,
            Installer installer,
            LiveRegistry registry,
            Metrics metrics,
            DrainsMaker drains) {
        this.deployments = deployments;
        this.tables = tables;
        this.installer = installer;
        this.pictures = new Pictures(deployments, tables);
        this.registry = registry;
        this.metrics = metrics;
        this.generations = new Generations(deployments, tables, configurations, installer, pictures);
        this.jars = new IdleJars(deployments, metrics);
        this.drains = drains.make(this::somethingWent);
    }

    /** The folder's content has changed. */
    void folder(List<PluginFolder.Seen> now) {
        seen = now;
        refusals.values().removeIf(r -> r.until() == PluginRefusal.Until.OTHERS_CHANGED);
        reconcile();
    }

    /** The settings have changed. */
    void settings(Settings next) {
        drainMillis = next.server().drainMillis();
        tables.accept(next);
        refusals.values().removeIf(r -> !r.waits()); // perhaps it was the settings
        reconcile();
    }

    /** The drain time in force; on any thread. */
    long drainMillis() {
        return drainMillis;
    }

    /** No more deployments; everything drains. */
    void close(long millis) {
        closing = true;
        drains.retire(deployments.in(Deployment.State.DRAINING), millis); // perhaps sooner than they were promised
        retire(deployments.in(Deployment.State.SERVING), millis);
    }

    private void somethingWent() {
        if (closing) {
            publish();
        } else {
            reconcile();
        }
    }

    void reconcile() {
        if (closing) {
            return;
        }
        Set<String> present = new HashSet<>();
        seen.stream().filter(s -> s.jar() != null).forEach(s -> present.add(IdleJars.key(s.path(), s.jar())));
        refusals.keySet().retainAll(present);
        boolean more = true;
        while (more) {
            more = pass();
        }
        generations.bringUp();
        publish();
        drains.retireEntries(generations.former(), drainMillis);
        jars.report(seen, refusals);
    }

    /** @return whether something changed, which may be what something else waited for */
    private boolean pass() {
        Set<String> names = new TreeSet<>();
        seen.stream()
                .filter(s -> s.jar() != null)
                .forEach(s -> names.add(s.jar().symbolicName()));
        deployments.in(Deployment.State.SERVING).stream()
                .filter(d -> !d.foreign())
                .forEach(d -> names.add(d.name()));
        boolean progress = false;
        for (String name : names) {
            progress |= settle(name);
        }
        return progress;
    }

    private boolean settle(String name) {
        Deployment serving = deployments.serving(name);
        for (Move.Choice candidate : candidates(name, serving)) {
            if (serving != null && serving.jar().sha256().equals(candidate.jar().sha256())) {
                serving.path(candidate.path());
                return false;
            }
            PluginRefusal before = refusals.get(IdleJars.key(candidate.path(), candidate.jar()));
            if (before != null && !before.waits()) {
                continue;
            }
            if (serving != null && lower(candidate, serving) && held(serving)) {
                return false;
            }
            if (deployments.in(Deployment.State.DRAINING).size() >= MAX_DRAINING) {
                return false;
            }
            if (moved(candidate, serving)) {
                return true;
            }
        }
        if (serving == null || held(serving)) {
            return false;
        }
        List<Deployment> olds = new ArrayList<>(deployments.importers(serving));
        olds.add(serving);
        retire(olds, drainMillis);
        return true;
    }

    private static boolean lower(Move.Choice candidate, Deployment serving) {
        return candidate.jar().version().compareTo(serving.jar().version()) < 0;
    }

    /** Its file is still there, but has become something that cannot serve: the old one stays. */
    private boolean held(Deployment serving) {
        for (PluginFolder.Seen file : seen) {
            if (file.path().equals(serving.path())) {
                return file.jar() == null || refusals.containsKey(IdleJars.key(file.path(), file.jar()));
            }
        }
        return false;
    }

    /** Sound jars with this name: the highest version first, of equal ones the one that serves. */
    private List<Move.Choice> candidates(String name, @Nullable Deployment serving) {
        List<Move.Choice> found = new ArrayList<>();
        for (PluginFolder.Seen file : seen) {
            if (file.jar() != null && file.jar().symbolicName().equals(name)) {
                found.add(new Move.Choice(file.jar(), file.path()));
            }
        }
        found.sort(Comparator.comparing((Move.Choice c) -> c.jar().version())
                .reversed()
                .thenComparing(c -> serving == null
                        || !serving.jar().sha256().equals(c.jar().sha256()))
                .thenComparing(Move.Choice::path));
        return found;
    }

    private boolean moved(Move.Choice candidate, @Nullable Deployment serving) {
        String key = IdleJars.key(candidate.path(), candidate.jar());
        long begin = System.nanoTime();
        try {
            Move move = new Move(installer, deployments, tables).prepare(steps(candidate, serving));
            refusals.remove(key);
            String result = serving == null ? "installed" : "replaced";
            move.fresh().forEach(d -> metrics.pluginSwap(d.name(), result));
            switchTo(move);
            LOG.info(
                    "plugin {} {} from {} in {} ms{}",
                    candidate.jar().label(),
                    result,
                    candidate.path().getFileName(),
                    (System.nanoTime() - begin) / 1_000_000,
                    move.fresh().size() > 1 ? ", and " + (move.fresh().size() - 1) + " that use its packages" : "");
            return true;
        } catch (PluginRefusal e) {
            refusals.put(key, e);
            return false;
        }
    }

    /** The jar, then what uses the packages of what it replaces. */
    private List<Move.Step> steps(Move.Choice candidate, @Nullable Deployment serving) {
        List<Move.Step> steps = new ArrayList<>();
        steps.add(new Move.Step(List.of(candidate), serving));
        for (Deployment importer : serving == null ? List.<Deployment>of() : deployments.importers(serving)) {
            List<Move.Choice> choices = new ArrayList<>();
            for (Move.Choice choice : candidates(importer.name(), importer)) {
                PluginRefusal refusal = refusals.get(IdleJars.key(choice.path(), choice.jar()));
                if (refusal == null || refusal.waits()) {
                    choices.add(choice);
                }
            }
            Path path = importer.path();
            if (path != null) {
                choices.add(new Move.Choice(importer.jar(), path));
            }
            steps.add(new Move.Step(choices, importer));
        }
        return steps;
    }

    /** The one moment at which new calls go to what is new. */
    private void switchTo(Move move) {
        for (Deployment made : move.fresh()) {
            made.state(Deployment.State.SERVING);
            tables.retry(made);
        }
        move.active().forEach(e -> {
            Tables.Table table = tables.get(e.id());
            if (table != null) {
                table.serves(e);
            }
        });
        move.failedTables().forEach((id, reason) -> {
            Tables.Table table = tables.get(id);
            if (table != null) {
                table.failed(reason);
            }
        });
        move.olds().forEach(d -> d.state(Deployment.State.DRAINING));
        publish();
        drains.retire(move.olds(), drainMillis);
    }

    private void retire(List<Deployment> olds, long millis) {
        olds.forEach(d -> d.state(Deployment.State.DRAINING));
        for (Deployment old : olds) {
            LOG.info("plugin {} is taken away", old.label());
            metrics.pluginSwap(old.name(), "removed");
        }
        publish();
        drains.retire(olds, millis);
    }

    /** A service of a deployment, or of a bundle installed by other means, has appeared. */
    void adopt(Deployment deployment) {
        if (!deployment.serving() || (!deployment.foreign() && !ServiceWatch.offersMore(deployment))) {
            return;
        }
        List<Tables.Expected> present = new ArrayList<>();
        for (Tables.Table table : tables.all()) {
            Tables.Expected expected = table.expected();
            if (table.wanted().enabled() && ServiceWatch.offers(deployment.bundle(), expected)) {
                present.add(expected);
            }
        }
        try {
            Activation activation = installer.activate(deployment, present);
            present.stream().filter(activation::active).forEach(e -> {
                Tables.Table table = tables.get(e.id());
                if (table != null) {
                    table.serves(e);
                }
            });
        } catch (PluginRefusal e) {
            LOG.warn("services of {} cannot be used: {}", deployment.label(), e.reason());
        }
        reconcile();
    }

    /** A service goes by itself; who saw it lets go of it when no call uses it any more. */
    void left(LiveEntry entry) {
        entry.deployment().entries().remove(entry);
        reconcile();
    }

    private void publish() {
        registry.publish(pictures.draw(jars.idle(seen, refusals), jars.unusable(seen, refusals)));
    }
}
