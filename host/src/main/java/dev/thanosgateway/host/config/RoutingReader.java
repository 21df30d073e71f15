package dev.thanosgateway.host.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;

/** Reads {@code [routing]}. */
final class RoutingReader {
    /** A strategy is a bundle, so any name may be right; a slip in one of these is not. */
    private static final List<String> WELL_KNOWN = List.of(
            "preferred", "round-robin", "fallback", "weighted", "least-latency", "least-busy", "cheapest", "sticky");

    private static final String DEFAULT = "preferred";
    private static final long DECISIONS_LIMIT = 1_000_000;

    static final String SIGNALS = "signals_ms";
    static final long SIGNALS_MILLIS = 300_000;
    private static final long SIGNALS_LEAST = 1_000;
    private static final long SIGNALS_MOST = 86_400_000;
    private static final List<String> KEYS =
            List.of("strategy", "preferred", "fallback_chain", "load_balance", "weights", "decisions", SIGNALS);

    private final @Nullable Set<String> providers;

    /** @param providers ids of all tables; null = those of the built-in defaults, which others may join */
    RoutingReader(@Nullable Set<String> providers) {
        this.providers = providers;
    }

    static Settings.Routing unsaid() {
        return new Settings.Routing(DEFAULT, List.of(), Map.of("strategy", DEFAULT));
    }

    Settings.Routing routing(Section table) {
        Map<String, Object> all = new LinkedHashMap<>();
        String strategy = strategy(table);
        all.put("strategy", strategy);
        preferred(table, all);
        List<String> chain = targets(table, "fallback_chain");
        if (table.has("fallback_chain")) {
            all.put("fallback_chain", List.copyOf(chain));
        }
        if (chain.isEmpty() && strategy.equals("fallback") && table.isEmptyList("fallback_chain")) {
            table.error("fallback_chain", "is empty, so nobody could be asked. Name provider ids in order.");
        }
        List<String> balance = targets(table, "load_balance");
        if (table.has("load_balance")) {
            all.put("load_balance", List.copyOf(balance));
        }
        if (table.has("decisions")) {
            all.put("decisions", table.whole("decisions", 0, DECISIONS_LIMIT, 0));
        }
        if (table.has(SIGNALS)) {
            all.put(SIGNALS, table.whole(SIGNALS, SIGNALS_LEAST, SIGNALS_MOST, SIGNALS_MILLIS));
        }
        weights(table, all);
        own(table, KEYS, all);
        return new Settings.Routing(strategy, List.copyOf(chain), Collections.unmodifiableMap(all));
    }

    static String strategy(Section table) {
        String strategy = table.parsed("strategy", Values::id);
        if (strategy == null) {
            return DEFAULT;
        }
        String question = WELL_KNOWN.contains(strategy) ? "" : Nearest.question(strategy, WELL_KNOWN);
        if (!question.isEmpty()) {
            table.error("strategy", "names no strategy." + question);
        }
        return strategy;
    }

    void preferred(Section table, Map<String, Object> all) {
        String preferred = table.parsed("preferred", Values::id);
        if (preferred == null) {
            return;
        }
        warnIfUnknown(table, "preferred", table.at("preferred"), preferred);
        all.put("preferred", preferred);
    }

    private List<String> targets(Section table, String key) {
        List<String> targets = new ArrayList<>();
        for (Section.Text text : table.texts(key)) {
            String target = table.parsed(key, text, RoutingReader::target);
            if (target != null) {
                warnIfUnknown(table, key, text.at(), target.replaceFirst("/.*", ""));
                targets.add(target);
            }
        }
        return targets;
    }

    /** Naming a provider that is not there is common and harmless: the chain goes on without it. */
    void warnIfUnknown(Section table, String key, @Nullable TomlPosition where, String id) {
        if (providers != null && !providers.contains(id)) {
            table.warning(
                    key,
                    where,
                    "names '" + id + "', which has no table in [providers] and is left out."
                            + Nearest.question(id, providers));
        }
    }

    /** A provider's id, or that, a slash and a model. */
    static String target(String text) {
        int slash = text.indexOf('/');
        try {
            Values.id(slash < 0 ? text : text.substring(0, slash));
            if (slash >= 0) {
                Values.model(text.substring(slash + 1));
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must hold provider ids, or provider/model, without blanks.", e);
        }
        return text;
    }

    void weights(Section table, Map<String, Object> all) {
        Section section = table.section("weights");
        if (section == null) {
            return;
        }
        Map<String, Object> weights = new LinkedHashMap<>();
        double sum = 0;
        for (String id : section.keys()) {
            Object value = section.plain(id);
            double weight = value instanceof Number number ? number.doubleValue() : -1;
            if (!(weight >= 0 && weight <= 1_000_000)) {
                section.error(id, "must be a number from 0 to 1000000, without quotes.");
                continue;
            }
            warnIfUnknown(table, "weights", section.at(id), id);
            sum += weight;
            weights.put(id, value instanceof Long ? value : (Object) weight);
        }
        if (sum == 0 && weights.size() == section.keys().size()) {
            table.error("weights", "must give at least one provider more than 0.");
        }
        all.put("weights", Collections.unmodifiableMap(weights));
    }

    /**
     * Warns of an alias's target whose provider has no table. It may be a model's name, with a slash or without, so only
     * what names a provider, or nearly does, is warned of.
     */
    void warnIfNobody(Section table, String key, @Nullable TomlPosition where, String target) {
        String id = target.replaceFirst("/.*", "");
        if (providers == null || providers.contains(id)) {
            return;
        }
        String question = Nearest.question(id, providers);
        if (target.indexOf('/') >= 0 || !question.isEmpty()) {
            table.warning(
                    key,
                    where,
                    "names '" + id + "', which has no table in [providers]: '" + target + "' is taken for the name of a"
                            + " model." + question);
        }
    }

    boolean mayBeProvider(String id) {
        return providers != null && providers.contains(id);
    }

    /** A strategy from elsewhere has its settings in a table of its own, {@code [routing.<strategy>]}. */
    static void own(Section table, List<String> known, Map<String, Object> all) {
        for (String key : table.keys()) {
            if (known.contains(key) || OriginalKeys.inRouting(table, key)) {
                continue;
            }
            Object value = table.plain(key);
            if (value instanceof Map
                    && Nearest.to(key, known)
                            .filter(k -> !WELL_KNOWN.contains(key))
                            .isEmpty()) {
                all.put(key, value);
            } else if (value != null) {
                table.refuse(key, known);
            }
        }
    }
}
