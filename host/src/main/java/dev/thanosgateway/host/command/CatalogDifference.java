package dev.thanosgateway.host.command;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.host.plugins.CatalogJar;
import java.io.PrintStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What differs between two states of a catalogue. Immutable. */
final class CatalogDifference {
    private final LocalDate oldDate;
    private final LocalDate newDate;
    /** How many models and rules there were. */
    private final int oldModels;

    private final int oldRules;
    private final List<String> added = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();
    /** Model to field to values. */
    private final Map<String, Map<String, Change>> changed = new LinkedHashMap<>();

    /** Provider type to default models. */
    private final Map<String, Change> defaults;

    private final Set<String> addedRules;
    private final Set<String> removedRules;

    private record Change(String was, String is) {}

    /**
     * @param wasRules the text of the rules of what models take
     * @param isRules likewise
     */
    CatalogDifference(CatalogJar.Facts was, CatalogJar.Facts is, String wasRules, String isRules) {
        oldDate = was.date();
        newDate = is.date();
        Map<String, CatalogModel> before = byName(was.models());
        Map<String, CatalogModel> after = byName(is.models());
        after.forEach((name, model) -> {
            CatalogModel old = before.remove(name);
            if (old == null) {
                added.add(name);
            } else {
                Map<String, Change> fields = changes(fields(old), fields(model));
                if (!fields.isEmpty()) {
                    changed.put(name, fields);
                }
            }
        });
        removed.addAll(before.keySet());
        oldModels = was.models().size();
        defaults = changes(new TreeMap<>(was.defaults()), new TreeMap<>(is.defaults()));
        Set<String> old = rules(wasRules);
        oldRules = old.size();
        addedRules = rules(isRules);
        removedRules = new LinkedHashSet<>(old);
        removedRules.removeAll(addedRules);
        addedRules.removeAll(old);
    }

    private static Map<String, CatalogModel> byName(List<CatalogModel> models) {
        Map<String, CatalogModel> all = new LinkedHashMap<>();
        models.forEach(model -> all.put(model.toString(), model));
        return all;
    }

    /** Each rule after its profile; comments and dates are none. */
    private static Set<String> rules(String text) {
        Set<String> rules = new LinkedHashSet<>();
        String profile = "";
        for (String raw : text.lines().toList()) {
            String line = raw.strip();
            if (line.startsWith("[")) {
                profile = line + " ";
            } else if (!line.isEmpty() && !line.startsWith("#") && !line.startsWith("date ")) {
                rules.add(profile + line);
            }
        }
        return rules;
    }

    private static Map<String, String> fields(CatalogModel model) {
        Model facts = model.facts();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", facts.name() == null ? "" : facts.name());
        fields.put("context", number(facts.contextLength()));
        fields.put("output", number(facts.maxOutput()));
        fields.put("dimensions", number(facts.dimensions()));
        fields.put("can", String.join(" ", new TreeSet<>(facts.capabilities())));
        new TreeMap<>(facts.pricing()).forEach((what, dollars) -> fields.put("price " + what, dollars.toString()));
        fields.put("ends", model.ends() == null ? "" : model.ends().toString());
        fields.put("successor", model.successor() == null ? "" : model.successor());
        fields.put("aliases", String.join(" ", model.aliases()));
        fields.put("names", String.join(" ", model.names()));
        return fields;
    }

    private static String number(int count) {
        return count == 0 ? "" : String.valueOf(count);
    }

    private static Map<String, Change> changes(Map<String, String> was, Map<String, String> is) {
        Map<String, Change> changes = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>(is.keySet());
        names.addAll(was.keySet());
        for (String name : names) {
            Change change = new Change(was.getOrDefault(name, ""), is.getOrDefault(name, ""));
            if (!change.was().equals(change.is())) {
                changes.put(name, change);
            }
        }
        return changes;
    }

    /** Why it is probably not meant, one clause: the lists are older, or lack most of what there is; null = no reason. */
    @Nullable
    String doubt() {
        if (newDate.isBefore(oldDate)) {
            return "the lists are of " + newDate + ", older than those in the catalogue, of " + oldDate;
        }
        if (2 * removed.size() > oldModels) {
            return "it would remove " + removed.size() + " of " + oldModels + " models, more than half";
        }
        return 2 * removedRules.size() > oldRules
                ? "it would remove " + removedRules.size() + " of " + oldRules + " rules of traits, more than half"
                : null;
    }

    boolean isEmpty() {
        return oldDate.equals(newDate)
                && defaults.isEmpty()
                && added.isEmpty()
                && removed.isEmpty()
                && changed.isEmpty()
                && addedRules.isEmpty()
                && removedRules.isEmpty();
    }

    void print(PrintStream out) {
        if (!oldDate.equals(newDate)) {
            out.println("date: " + oldDate + " -> " + newDate + (newDate.isBefore(oldDate) ? " (older)" : ""));
        }
        added.forEach(model -> out.println("+ " + model));
        removed.forEach(model -> out.println("- " + model));
        changed.forEach((model, fields) -> {
            out.println("~ " + model);
            fields.forEach((field, change) -> out.println(
                    "    " + field + ": " + shown(change.was(), "unknown") + " -> " + shown(change.is(), "unknown")));
        });
        defaults.forEach((type, change) -> out.println(
                "~ default of " + type + ": " + shown(change.was(), "none") + " -> " + shown(change.is(), "none")));
        addedRules.forEach(rule -> out.println("+ trait " + rule));
        removedRules.forEach(rule -> out.println("- trait " + rule));
        out.println(added.size() + " added, " + removed.size() + " removed, " + changed.size() + " changed; traits: "
                + addedRules.size() + " rules added, " + removedRules.size() + " removed.");
    }

    private static String shown(String value, String absent) {
        return value.isEmpty() ? absent : value;
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("date", Map.of("old", oldDate.toString(), "new", newDate.toString()));
        all.put("added", added);
        all.put("removed", removed);
        Map<String, Object> models = new LinkedHashMap<>();
        changed.forEach((model, fields) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            fields.forEach((field, change) -> one.put(field, Map.of("old", change.was(), "new", change.is())));
            models.put(model, one);
        });
        all.put("changed", models);
        Map<String, Object> types = new LinkedHashMap<>();
        defaults.forEach((type, change) -> types.put(type, Map.of("old", change.was(), "new", change.is())));
        all.put("defaults", types);
        all.put("traits", Map.of("added", addedRules, "removed", removedRules));
        return all;
    }
}
