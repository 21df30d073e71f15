package dev.thanosgateway.host.plugins;

import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.metrics.Metrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    /** More strategies and dialects than any bundle has. */
    private static final int MAX_CLAIMS = 64;

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
    private final Turn turn;
    private final Owners owners;
    private final StartMarks marks;
    private final UnderWay underWay;
    /** Deployments whose new services are being taken in. */
    private final Set<Deployment> adopted = new HashSet<>();

    /** Deployments that got another service while one of theirs was taken in. */
    private final Set<Deployment> again = new HashSet<>();

    private final Candidates candidates = new Candidates();
    private volatile long drainMillis = 30_000;
    private boolean closing;

    /** Makes the drains, which tell the deployer when something has gone. */
    interface DrainsMaker {
        Drains make(Runnable changed);
    }

    /** What the deployer decides by. */
    record Rules(Turn turn, Guarded guarded, Owners owners, StartMarks marks) {}

    Deployer(
            Deployments deployments,
            Tables tables,
            Installer installer,
            LiveRegistry registry,
            Metrics metrics,
            Rules rules,
            DrainsMaker drains) {
        this.deployments = deployments;
        this.tables = tables;
        this.installer = installer;
        this.turn = rules.turn();
        this.owners = rules.owners();
        this.marks = rules.marks();
        this.pictures = new Pictures(deployments, tables, rules.guarded(), owners);
        this.registry = registry;
        this.metrics = metrics;
        this.generations = new Generations(deployments, tables, installer, pictures);
        this.jars = new IdleJars(deployments, rules.guarded(), metrics);
        this.underWay = new UnderWay(installer::gatewayPackages);
        this.drains = drains.make(this::somethingWent);
    }

    /** The folder's content has changed. */
    void folder(List<PluginFolder.Seen> now) {
        candidates.seen(now);
        candidates.shipped().forEach(jar -> owners.take(jar, List.of()));
        reconcile();
    }

    /** The settings have changed. */
    void settings(Settings next) {
        drainMillis = next.server().drainMillis();
        tables.accept(next);
        candidates.settingsChanged();
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

    /**
     * Does all there is to do but what waits for a plugin's code, which another thread does: several may be in here, one
     * at a time with the turn.
     */
    void reconcile() {
        if (closing) {
            return;
        }
        if (owners.refresh()) {
            candidates.ownersChanged();
        }
        long given;
        do {
            given = turn.given();
            candidates.forgetGone();
            boolean more = true;
            while (more) {
                more = pass();
            }
            generations.bringUp();
        } while (!closing && turn.given() != given); // others had the turn, and what they left out is to be done
        publish();
        drains.retireEntries(generations.former(), drainMillis);
        jars.report(candidates.seen(), candidates.refusals());
    }

    /** @return whether something changed, which may be what something else waited for */
    private boolean pass() {
        Set<String> names = new LinkedHashSet<>(candidates.names());
        deployments.in(Deployment.State.SERVING).stream()
                .filter(d -> !d.foreign())
                .forEach(d -> names.add(d.name()));
        boolean progress = false;
        for (String name : names) {
            long given = turn.given();
            progress |= !closing && !underWay.moves(name) && settle(name);
            progress |= turn.given() != given; // as above
        }
        return progress;
    }

    private boolean settle(String name) {
        Deployment serving = deployments.serving(name);
        for (Move.Choice candidate : candidates.of(name, serving)) {
            if (serving != null && serving.jar().sha256().equals(candidate.jar().sha256())) {
                serving.path(candidate.path());
                return false;
            }
            if (!candidates.mayBeTried(candidate)) {
                continue;
            }
            if (serving != null && lower(candidate, serving) && candidates.held(serving)) {
                return false;
            }
            if (deployments.in(Deployment.State.DRAINING).size() >= MAX_DRAINING) {
                return false;
            }
            Outcome outcome = move(candidate, serving);
            if (outcome != Outcome.FAILED) {
                return outcome != Outcome.BLOCKED;
            }
        }
        if (serving == null || candidates.held(serving)) {
            return false;
        }
        return retired(serving);
    }

    /** @return false = one that uses its packages is being moved; it goes after that */
    private boolean retired(Deployment serving) {
        List<Deployment> olds = new ArrayList<>(deployments.importers(serving));
        olds.add(serving);
        if (underWay.use(serving.jar()) || olds.stream().anyMatch(old -> underWay.moves(old.name()))) {
            return false;
        }
        retire(olds, drainMillis);
        return true;
    }

    private static boolean lower(Move.Choice candidate, Deployment serving) {
        return candidate.jar().version().compareTo(serving.jar().version()) < 0;
    }

    private enum Outcome {
        MOVED,
        /** What it was decided by changed while it was made ready; nothing was moved. */
        OVERTAKEN,
        /** A change that it depends on is under way; it is begun after that. */
        BLOCKED,
        /** It was refused. */
        FAILED
    }

    private Outcome move(Move.Choice candidate, @Nullable Deployment serving) {
        List<Move.Step> steps = steps(candidate, serving);
        List<PluginJar> jars = steps.stream()
                .flatMap(step -> step.choices().stream())
                .map(Move.Choice::jar)
                .toList();
        if (!underWay.begin(jars)) {
            return Outcome.BLOCKED;
        }
        try {
            candidates.forgive(candidate);
            long begin = System.nanoTime();
            Move move = new Move(installer, deployments, tables, owners, marks).prepare(steps);
            if (closing
                    || !candidates.present(candidate)
                    || !move.fresh().stream().allMatch(owners::allow)
                    || !move.olds().stream().allMatch(Deployment::serving)) {
                move.undo();
                return closing ? Outcome.FAILED : Outcome.OVERTAKEN;
            }
            long millis = (System.nanoTime() - begin) / 1_000_000;
            String result = serving == null ? "installed" : "replaced";
            move.fresh().forEach(d -> metrics.pluginSwap(d.name(), result));
            switchTo(move);
            LOG.info(
                    "plugin {} {} from {} in {} ms{}",
                    candidate.jar().label(),
                    result,
                    candidate.path().getFileName(),
                    millis,
                    move.fresh().size() > 1 ? ", and " + (move.fresh().size() - 1) + " that use its packages" : "");
            return Outcome.MOVED;
        } catch (PluginRefusal e) {
            candidates.refuse(candidate, e);
            return Outcome.FAILED;
        } finally {
            underWay.end(jars);
        }
    }

    /**
     * The operator gives something to a bundle that waits for it. What had it drains once the other one serves.
     *
     * @throws PluginRefusal when the bundle does not wait for it, or cannot serve: then nothing has changed
     */
    void give(String what, String bundle) throws PluginRefusal {
        Move.Choice candidate = waiting(what, bundle);
        if (candidate == null) {
            // It may have come this moment; what its services claim is known once it was tried.
            reconcile();
            candidate = waiting(what, bundle);
        }
        Owners.Claim claim = candidate == null ? null : candidates.waits(candidate, what, owners);
        if (candidate == null || claim == null) {
            throw PluginRefusal.of("No jar of plugins/ named \"" + bundle + "\" waits for \"" + what
                    + "\"; thanos plugins list says what does");
        }
        Map<Owners.Claim, ?> state = owners.state();
        Set<String> losers = new HashSet<>();
        PluginRefusal refusal = given(candidate, claim, losers);
        if (refusal != null) {
            owners.restore(state, candidate.jar().symbolicName());
            candidates.forgive(candidate);
            reconcile();
            throw refusal;
        }
        losers.remove(candidate.jar().symbolicName());
        for (String loser : losers) {
            Deployment old = deployments.serving(loser);
            if (old != null) {
                retired(old);
            }
        }
        candidates.ownersChanged();
        reconcile();
    }

    /** The jar that an operator means, if it waits for this; null = there is none. */
    private Move.@Nullable Choice waiting(String what, String bundle) {
        Move.Choice waiting = null;
        for (Move.Choice choice : candidates.named(bundle)) {
            if (candidates.waits(choice, what, owners) != null) {
                waiting = choice;
            }
        }
        return waiting;
    }

    /**
     * Gives a jar what it waits for, and all else that it turns out to wait for, and moves it in.
     *
     * @param losers the names of the bundles that had it
     * @return why it does not serve; null = it does
     */
    private @Nullable PluginRefusal given(Move.Choice candidate, Owners.Claim first, Set<String> losers) {
        PluginJar jar = candidate.jar();
        Owners.Claim claim = first;
        for (int claims = 0; claim != null && claims < MAX_CLAIMS; claims++) {
            losers.addAll(owners.give(claim, jar));
            Outcome outcome = move(candidate, deployments.serving(jar.symbolicName()));
            if (outcome == Outcome.MOVED) {
                return null;
            }
            if (outcome != Outcome.FAILED) {
                break;
            }
            PluginRefusal refusal = candidates.refusal(candidate);
            claim = refusal == null ? null : refusal.claim();
            if (refusal != null && claim == null) {
                return refusal;
            }
        }
        return PluginRefusal.of("Another change of it is under way; try again");
    }

    /**
     * The operator lifts a quarantine; the jar is tried again.
     *
     * @throws PluginRefusal when no such jar is quarantined
     */
    void release(String name) throws PluginRefusal, IOException {
        boolean any = false;
        for (Move.Choice choice : candidates.named(name)) {
            if (marks.release(choice.jar())) {
                any = true;
                candidates.forgive(choice);
            }
        }
        if (!any) {
            throw PluginRefusal.of("No jar of plugins/ named \"" + name + "\" is quarantined");
        }
        reconcile();
    }

    /** The jar, then what uses the packages of what it replaces. */
    private List<Move.Step> steps(Move.Choice candidate, @Nullable Deployment serving) {
        List<Move.Step> steps = new ArrayList<>();
        steps.add(new Move.Step(List.of(candidate), serving));
        for (Deployment importer : serving == null ? List.<Deployment>of() : deployments.importers(serving)) {
            steps.add(new Move.Step(candidates.following(importer), importer));
        }
        return steps;
    }

    /** The one moment at which new calls go to what is new. */
    private void switchTo(Move move) {
        for (Deployment made : move.fresh()) {
            made.state(Deployment.State.SERVING);
            take(made);
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

    /** What it serves first is its own. */
    private void take(Deployment deployment) {
        List<Owners.Claim> claims = new ArrayList<>();
        for (LiveEntry entry : deployment.entries()) {
            Owners.Claim claim = entry.claim();
            if (claim != null) {
                claims.add(claim);
            }
        }
        owners.take(deployment.jar(), claims);
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
        if (!adopted.add(deployment)) {
            again.add(deployment);
            return;
        }
        try {
            List<Tables.Expected> present = present(deployment);
            Activation activation = installer.activate(deployment, present);
            present.stream().filter(activation::active).forEach(e -> {
                Tables.Table table = tables.get(e.id());
                if (table != null) {
                    table.serves(e);
                }
            });
            take(deployment);
        } catch (PluginRefusal e) {
            LOG.warn("services of {} cannot be used: {}", deployment.label(), e.reason());
        } finally {
            adopted.remove(deployment);
        }
        if (again.remove(deployment)) {
            adopt(deployment);
        } else {
            reconcile();
        }
    }

    /** The tables of its types that it has a service for. */
    private List<Tables.Expected> present(Deployment deployment) {
        List<Tables.Expected> present = new ArrayList<>();
        for (Tables.Table table : tables.all()) {
            Tables.Expected expected = table.expected();
            String type = expected.settings().type();
            if (table.wanted().enabled()
                    && deployment.type(type) != null
                    && owners.owns(deployment.name(), Owners.Kind.TYPE, type)
                    && ServiceWatch.offers(deployment.bundle(), expected)) {
                present.add(expected);
            }
        }
        return present;
    }

    /** A service goes by itself; who saw it lets go of it when no call uses it any more. */
    void left(LiveEntry entry) {
        entry.deployment().entries().remove(entry);
        reconcile();
    }

    /** Tells what there is now. */
    void publish() {
        List<PluginFolder.Seen> seen = candidates.seen();
        Map<String, PluginRefusal> refusals = candidates.refusals();
        registry.publish(pictures.draw(jars.idle(seen, refusals), jars.unusable(seen, refusals)));
    }
}
