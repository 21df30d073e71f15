package dev.thanosgateway.host.config;

import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.api.provider.Model;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code [models.facts]}: what somebody knows better than providers and catalogues. */
final class ModelFactsReader {
    private static final List<String> KEYS = Stream.concat(
                    Stream.of("name", "context_length", "max_output", "dimensions", "capabilities", "pricing"),
                    Stream.of(Trait.values()).map(Trait::key))
            .toList();
    private static final List<String> ABILITIES =
            List.of("streaming", "functions", "vision", "reasoning", "structured_output", "embeddings");
    private static final List<String> PRICES = List.of("input", "output", "cache_read", "cache_write");

    private final @Nullable Collection<String> providers;

    /** @param providers ids of all tables; null = those of the built-in defaults, which others may join */
    ModelFactsReader(@Nullable Collection<String> providers) {
        this.providers = providers;
    }

    /** By {@code provider/model}; what is not said is 0, null or empty. */
    Map<String, Model> read(@Nullable Section models) {
        Section facts = models == null ? null : models.section("facts");
        if (facts == null) {
            return Map.of();
        }
        Map<String, Model> all = new LinkedHashMap<>();
        for (String name : facts.keys()) {
            Section table = facts.section(name);
            if (table != null) {
                check(facts, name);
                all.put(name, model(name.substring(name.indexOf('/') + 1), table));
            }
        }
        return Collections.unmodifiableMap(all);
    }

    private void check(Section facts, String name) {
        int slash = name.indexOf('/');
        String provider = slash < 0 ? "" : name.substring(0, slash);
        if (slash < 1 || slash == name.length() - 1) {
            facts.error(name, "names no model: write [models.facts.\"provider/model\"], with the quotes.");
        } else if (providers != null && !providers.contains(provider)) {
            facts.warning(
                    name,
                    "is about '" + provider + "', which has no table in [providers]."
                            + Nearest.question(provider, providers));
        }
    }

    private static Model model(String id, Section table) {
        String name = table.parsed("name", ModelFactsReader::label);
        Model model = Model.builder(id)
                .name(name)
                .contextLength(count(table, "context_length"))
                .maxOutput(count(table, "max_output"))
                .dimensions(count(table, "dimensions"))
                .capabilities(abilities(table))
                .pricing(prices(table))
                .traits(traits(table))
                .build();
        table.refuseOthers(KEYS);
        return model;
    }

    private static String label(String text) {
        if (text.isBlank() || text.length() > 200 || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("must be 1 to 200 characters on one line.");
        }
        return text;
    }

    private static int count(Section table, String key) {
        return (int) table.whole(key, 1, Integer.MAX_VALUE, 0);
    }

    private static Set<String> abilities(Section table) {
        Set<String> words = new HashSet<>(table.list("capabilities", ModelFactsReader::ability));
        if (table.isEmptyList("capabilities")) {
            table.error("capabilities", "says nothing. Name what the model can do, or remove it.");
        }
        return words;
    }

    private static String ability(String word) {
        if (!ABILITIES.contains(word)) {
            throw new IllegalArgumentException(
                    "must hold " + String.join(", ", ABILITIES) + " only." + Nearest.question(word, ABILITIES));
        }
        return word;
    }

    private static ModelTraits traits(Section table) {
        ModelTraits traits = ModelTraits.UNKNOWN;
        for (Trait trait : Trait.values()) {
            Object value = table.has(trait.key()) ? table.plain(trait.key()) : null;
            if (value == null) {
                continue;
            }
            try {
                traits = traits.with(trait, words(trait, value));
            } catch (IllegalArgumentException e) {
                table.error(trait.key(), "must be " + written(trait) + ".");
            }
        }
        return traits;
    }

    private static List<String> words(Trait trait, Object value) {
        if (trait.isList() && value instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        if (trait.isFlag() && value instanceof Boolean flag) {
            return List.of(flag ? "yes" : "no");
        }
        if (trait.isNumber() && value instanceof Long number) {
            return List.of(number.toString());
        }
        boolean text = !trait.isList() && !trait.isFlag() && !trait.isNumber();
        if (text && value instanceof String word) {
            return List.of(word);
        }
        throw new IllegalArgumentException("of another type");
    }

    private static String written(Trait trait) {
        return trait.isFlag() ? "true or false" : trait.isList() ? trait.allowed() + ", in brackets" : trait.allowed();
    }

    private static Map<String, Double> prices(Section table) {
        Section pricing = table.section("pricing");
        if (pricing == null) {
            return Map.of();
        }
        Map<String, Double> dollars = new LinkedHashMap<>();
        for (String kind : PRICES) {
            if (!pricing.has(kind)) {
                continue;
            }
            double price = pricing.plain(kind) instanceof Number number ? number.doubleValue() : -1;
            if (price >= 0 && price <= 1_000_000) {
                dollars.put(kind, price);
            } else {
                pricing.error(kind, "must be US dollars per million tokens, 0 to 1000000, without quotes.");
            }
        }
        pricing.refuseOthers(PRICES);
        return dollars;
    }
}
