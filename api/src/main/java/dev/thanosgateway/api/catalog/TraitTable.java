package dev.thanosgateway.api.catalog;

import dev.thanosgateway.api.chat.ModelTraits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The rules of the catalogues in force, and what they say of one model. Immutable. Rules that hold everywhere come first,
 * then those of the profile; of two rules that name the same trait the later counts.
 */
public final class TraitTable {
    /** The profile of rules that hold wherever a model is served. */
    public static final String EVERYWHERE = "*";

    /** No rules. */
    public static final TraitTable EMPTY = new TraitTable(List.of());

    private record Compiled(String profile, List<Pattern> models, ModelTraits traits) {
        boolean matches(String id, String last) {
            for (Pattern model : models) {
                if (model.matcher(id).matches() || model.matcher(last).matches()) {
                    return true;
                }
            }
            return false;
        }
    }

    private final List<Compiled> rules;

    /** @param rules in order; later ones win */
    public TraitTable(List<TraitRule> rules) {
        List<Compiled> all = new ArrayList<>();
        for (TraitRule rule : rules) {
            all.add(new Compiled(
                    rule.profile(),
                    rule.models().stream().map(TraitTable::pattern).toList(),
                    rule.traits()));
        }
        this.rules = List.copyOf(all);
    }

    private static Pattern pattern(String glob) {
        StringBuilder regex = new StringBuilder();
        for (String literal : glob.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(literal.isEmpty() ? "(?:)" : Pattern.quote(literal));
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE);
    }

    /** The profiles that have rules of their own, in alphabetical order. */
    public Set<String> profiles() {
        Set<String> names = new TreeSet<>();
        rules.forEach(rule -> names.add(rule.profile()));
        names.remove(EVERYWHERE);
        return names;
    }

    /**
     * What is known of a model at an endpoint. Compares the name with every rule: keep the result.
     *
     * @param profile of the endpoint
     * @param model its id as it goes upstream
     */
    public ModelTraits of(String profile, String model) {
        String id = model.toLowerCase(Locale.ROOT);
        String last = id.substring(id.lastIndexOf('/') + 1);
        return matching(profile, id, last).over(matching(EVERYWHERE, id, last));
    }

    private ModelTraits matching(String profile, String id, String last) {
        ModelTraits found = ModelTraits.UNKNOWN;
        for (Compiled rule : rules) {
            if (rule.profile().equals(profile) && rule.matches(id, last)) {
                found = rule.traits().over(found);
            }
        }
        return found;
    }
}
