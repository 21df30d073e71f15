package dev.thanosgateway.host.plugins;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The jars of the folder that may be deployed, and why some of them were refused. Used with the turn. */
final class Candidates {
    private List<PluginFolder.Seen> seen = List.of();
    /** By {@link IdleJars#key}: jars that were tried in vain. */
    private final Map<String, PluginRefusal> refusals = new HashMap<>();

    /** The folder's content has changed. */
    void seen(List<PluginFolder.Seen> now) {
        seen = now;
        refusals.values().removeIf(r -> r.until() == PluginRefusal.Until.OTHERS_CHANGED);
    }

    List<PluginFolder.Seen> seen() {
        return seen;
    }

    Map<String, PluginRefusal> refusals() {
        return refusals;
    }

    /** Perhaps it was the settings why a jar was refused. */
    void settingsChanged() {
        refusals.values().removeIf(r -> !r.waits() && r.claim() == null);
    }

    /** Who owns what has changed. */
    void ownersChanged() {
        refusals.values().removeIf(r -> r.claim() != null);
    }

    /** Forgets refusals of jars that are no longer there. */
    void forgetGone() {
        Set<String> present = new HashSet<>();
        sound().forEach(choice -> present.add(key(choice)));
        refusals.keySet().retainAll(present);
    }

    /** Every jar that can be deployed, in the folder's order. */
    private List<Move.Choice> sound() {
        List<Move.Choice> sound = new ArrayList<>();
        for (PluginFolder.Seen file : seen) {
            if (file.jar() != null) {
                sound.add(new Move.Choice(file.jar(), file.path()));
            }
        }
        return sound;
    }

    /** Those that ship: what they declare is theirs before any other jar is looked at. */
    List<PluginJar> shipped() {
        return sound().stream().map(Move.Choice::jar).filter(PluginJar::trusted).toList();
    }

    /** The symbolic names there are, those that ship first. */
    List<String> names() {
        return sound().stream()
                .sorted(Comparator.comparing(
                                (Move.Choice choice) -> !choice.jar().trusted())
                        .thenComparing(choice -> choice.jar().symbolicName()))
                .map(choice -> choice.jar().symbolicName())
                .distinct()
                .toList();
    }

    /** Sound jars with this name: the highest version first, of equal ones the one that serves. */
    List<Move.Choice> of(String name, @Nullable Deployment serving) {
        return sound().stream()
                .filter(choice -> choice.jar().symbolicName().equals(name))
                .sorted(Comparator.comparing((Move.Choice c) -> c.jar().version())
                        .reversed()
                        .thenComparing(c -> serving == null
                                || !serving.jar().sha256().equals(c.jar().sha256()))
                        .thenComparing(Move.Choice::path))
                .toList();
    }

    /** What importers of a plugin could be moved to: what was not refused, else what serves now. */
    List<Move.Choice> following(Deployment importer) {
        List<Move.Choice> choices = new ArrayList<>(
                of(importer.name(), importer).stream().filter(this::mayBeTried).toList());
        if (importer.path() != null) {
            choices.add(new Move.Choice(importer.jar(), importer.path()));
        }
        return choices;
    }

    /** The file of what serves is still there, but has become something that cannot serve: the old one stays. */
    boolean held(Deployment serving) {
        for (PluginFolder.Seen file : seen) {
            if (file.path().equals(serving.path())) {
                return file.jar() == null || refusals.containsKey(IdleJars.key(file.path(), file.jar()));
            }
        }
        return false;
    }

    /** Whether the jar is still where it was. */
    boolean present(Move.Choice choice) {
        return sound().contains(choice);
    }

    boolean mayBeTried(Move.Choice choice) {
        PluginRefusal before = refusal(choice);
        return before == null || before.waits();
    }

    @Nullable
    PluginRefusal refusal(Move.Choice choice) {
        return refusals.get(key(choice));
    }

    void refuse(Move.Choice choice, PluginRefusal why) {
        refusals.put(key(choice), why);
    }

    void forgive(Move.Choice choice) {
        refusals.remove(key(choice));
    }

    private static String key(Move.Choice choice) {
        return IdleJars.key(choice.path(), choice.jar());
    }

    /** Those an operator means by the name of a jar or a bundle. */
    List<Move.Choice> named(String name) {
        return sound().stream()
                .filter(choice -> {
                    String file = String.valueOf(choice.path().getFileName());
                    return choice.jar().symbolicName().equals(name) || file.equals(name) || file.equals(name + ".jar");
                })
                .toList();
    }

    /**
     * What a jar waits for an operator to give it, also if it was not tried yet.
     *
     * @param what the operator names: that, or a type or PID of a jar that waits for any of its own, since they are
     *     given together
     * @return null = it does not wait for that
     */
    Owners.@Nullable Claim waits(Move.Choice choice, String what, Owners owners) {
        Owners.Claim claim = claim(choice, owners);
        if (claim == null || claim.name().equals(what)) {
            return claim;
        }
        boolean ofType = claim.kind() == Owners.Kind.TYPE || claim.kind() == Owners.Kind.PID;
        boolean declares = choice.jar().types().stream()
                .anyMatch(one -> one.type().equals(what) || one.pid().equals(what));
        return ofType && declares ? claim : null;
    }

    private Owners.@Nullable Claim claim(Move.Choice choice, Owners owners) {
        PluginRefusal refusal = refusal(choice);
        if (refusal == null) {
            try {
                owners.check(choice.jar());
            } catch (PluginRefusal e) {
                refusal = e;
            }
        }
        return refusal == null ? null : refusal.claim();
    }
}
