package dev.thanosgateway.host.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code [models]}: a name stands for a target, a list of them, or a table that also says who orders them. */
final class AliasReader {
    /**
     * @param targets by name, in the file's order
     * @param routing of those that have a strategy
     */
    record Aliases(Map<String, List<String>> targets, Map<String, Settings.Routing.OfAlias> routing) {}

    static final Aliases NONE = new Aliases(Map.of(), Map.of());

    private static final String TARGETS = "targets";
    private static final List<String> KEYS = List.of(TARGETS, "strategy", "preferred", "weights");
    /** These name targets of their own, and would say for an alias what it does not stand for. */
    private static final Set<String> NOT_INHERITED = Set.of("strategy", "preferred", "fallback_chain", "load_balance");

    private final RoutingReader routing;
    private final Map<String, Object> global;

    /** @param global what {@code [routing]} says, and what counts where an alias says nothing */
    AliasReader(RoutingReader routing, Map<String, Object> global) {
        this.routing = routing;
        this.global = global;
    }

    Aliases read(Section models) {
        Section section = models.section("aliases");
        models.refuseOthers();
        if (section == null) {
            return NONE;
        }
        Map<String, List<String>> all = new LinkedHashMap<>();
        Map<String, Settings.Routing.OfAlias> ordered = new LinkedHashMap<>();
        for (String name : section.keys()) {
            Section table = section.isTable(name) ? section.section(name) : null;
            List<String> targets =
                    table == null ? targets(section, name, section.keys()) : targets(table, TARGETS, section.keys());
            check(section, name, targets);
            all.put(name, List.copyOf(targets));
            if (table != null) {
                if (!table.has(TARGETS)) {
                    table.error(
                            TARGETS,
                            "is missing. Name at least one provider/model; an alias with a dot in its name goes in quotes.");
                }
                Settings.Routing.OfAlias own = own(table);
                if (table.has("strategy")) {
                    ordered.put(name, own);
                }
            }
        }
        return new Aliases(Collections.unmodifiableMap(all), Collections.unmodifiableMap(ordered));
    }

    private void check(Section section, String name, List<String> targets) {
        String other = otherAlias(section, name, targets);
        if (name.equals("auto")) {
            section.error(name, "cannot be an alias: it lets the strategy choose. Take another name.");
        } else if (targets.contains(name)) {
            section.error(name, "stands for itself. Name a provider/model.");
        } else if (other != null) {
            section.error(name, "stands for the alias '" + other + "'. Name the provider/model that it stands for.");
        }
    }

    /** Aliases are looked up once, so they cannot run in circles; a provider's id goes before an alias of its name. */
    private @Nullable String otherAlias(Section section, String name, List<String> targets) {
        return targets.stream()
                .filter(target -> !target.equals(name) && section.keys().contains(target))
                .filter(target -> !routing.mayBeProvider(target))
                .findFirst()
                .orElse(null);
    }

    private List<String> targets(Section section, String key, Set<String> names) {
        List<Section.Text> texts = new ArrayList<>();
        if (section.isText(key)) {
            Section.Text text = section.text(key);
            if (text != null) {
                texts.add(text);
            }
        } else {
            texts.addAll(section.texts(key));
            if (texts.isEmpty() && section.isEmptyList(key)) {
                section.error(key, "stands for nothing. Name at least one provider/model.");
            }
        }
        List<String> targets = new ArrayList<>();
        for (Section.Text text : texts) {
            String target = section.parsed(key, text, RoutingReader::target);
            if (target != null) {
                if (!names.contains(target)) {
                    routing.warnIfNobody(section, key, text.at(), target);
                }
                targets.add(target);
            }
        }
        return targets;
    }

    private Settings.Routing.OfAlias own(Section table) {
        Map<String, Object> all = new LinkedHashMap<>(global);
        all.keySet().removeAll(NOT_INHERITED);
        String strategy = RoutingReader.strategy(table);
        all.put("strategy", strategy);
        routing.preferred(table, all);
        routing.weights(table, all);
        RoutingReader.own(table, KEYS, all);
        return new Settings.Routing.OfAlias(strategy, Collections.unmodifiableMap(all));
    }
}
