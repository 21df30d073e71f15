package dev.thanosgateway.catalog.models;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.api.provider.Model;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A list of models as {@code models.txt} is one; its head describes the format. Immutable.
 *
 * @param date of its facts
 * @param defaults by provider type, the model to use when none is named
 */
record CatalogFile(LocalDate date, List<CatalogModel> models, Map<String, String> defaults) {
    private static final String DEFAULT = "default ";
    private static final int COLUMNS = 13;
    private static final int FIRST_PRICE = 6;
    private static final int ENDS = 10;
    private static final int NEXT = 11;
    private static final int NAMES = 12;
    private static final List<String> PRICES = List.of("input", "output", "cache_read", "cache_write");
    private static final Map<Character, String> ABILITIES = Map.of(
            's', "streaming",
            'f', "functions",
            'v', "vision",
            'r', "reasoning",
            'j', "structured_output",
            'e', "embeddings");

    CatalogFile {
        models = List.copyOf(models);
        defaults = Map.copyOf(defaults);
    }

    /** @throws IOException with the number of the line that cannot be understood */
    static CatalogFile read(BufferedReader lines) throws IOException {
        LocalDate date = null;
        String type = null;
        List<CatalogModel> models = new ArrayList<>();
        Map<String, String> defaults = new LinkedHashMap<>();
        int number = 0;
        for (String raw = lines.readLine(); raw != null; raw = lines.readLine()) {
            number++;
            String line = raw.strip();
            try {
                if (line.isEmpty() || line.startsWith("#")) {
                    continue;
                }
                if (line.startsWith("date ")) {
                    date = LocalDate.parse(line.substring("date ".length()));
                } else if (line.startsWith("[") && line.endsWith("]")) {
                    type = line.substring(1, line.length() - 1);
                } else if (line.startsWith(DEFAULT)) {
                    addDefault(defaults, type, line.substring(DEFAULT.length()).strip());
                } else {
                    models.add(model(type, line));
                }
            } catch (IllegalArgumentException | DateTimeParseException e) {
                throw new IOException("line " + number + " of the list of models: " + e.getMessage(), e);
            }
        }
        if (date == null) {
            throw new IOException("the list of models has no date; add a line such as: date 2026-07-02");
        }
        checkDefaults(defaults, models);
        return new CatalogFile(date, models, defaults);
    }

    private static void addDefault(Map<String, String> defaults, @Nullable String type, String model) {
        if (type == null || defaults.putIfAbsent(type, model) != null) {
            throw new IllegalArgumentException(type == null ? "a [type] must come first" : "a type has one default");
        }
    }

    private static void checkDefaults(Map<String, String> defaults, List<CatalogModel> models) throws IOException {
        for (Map.Entry<String, String> one : defaults.entrySet()) {
            boolean listed = models.stream()
                    .filter(model -> model.type().equals(one.getKey()))
                    .anyMatch(model -> model.facts().id().equals(one.getValue())
                            || model.aliases().contains(one.getValue()));
            if (!listed) {
                throw new IOException("the list of models has no line for the default '" + one.getValue() + "' of ["
                        + one.getKey() + "]");
            }
        }
    }

    private static CatalogModel model(@Nullable String type, String line) {
        String[] cells = line.split("\\|", -1);
        if (type == null || cells.length != COLUMNS) {
            throw new IllegalArgumentException(
                    type == null ? "a [type] must come first" : cells.length + " columns, not " + COLUMNS);
        }
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cells[i].strip();
        }
        List<String> aliases = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String word : cells[NAMES].isEmpty() ? new String[0] : cells[NAMES].split(" +")) {
            if (word.startsWith("~")) {
                names.add(word.substring(1));
            } else {
                aliases.add(word);
            }
        }
        Model facts = Model.builder(cells[0])
                .name(cells[1].isEmpty() ? null : cells[1])
                .contextLength(count(cells[2]))
                .maxOutput(count(cells[3]))
                .dimensions(count(cells[4]))
                .capabilities(abilities(cells[5]))
                .pricing(prices(cells))
                .build();
        return CatalogModel.of(type, facts)
                .withAliases(aliases)
                .withNames(names)
                .withEnd(
                        cells[ENDS].isEmpty() ? null : LocalDate.parse(cells[ENDS]),
                        cells[NEXT].isEmpty() ? null : cells[NEXT]);
    }

    private static int count(String cell) {
        return cell.isEmpty() ? 0 : Integer.parseInt(cell);
    }

    private static Set<String> abilities(String letters) {
        Set<String> words = new HashSet<>();
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            String word = ABILITIES.get(letter);
            if (word == null) {
                throw new IllegalArgumentException("no ability has the letter '" + letter + "'");
            }
            words.add(word);
        }
        return words;
    }

    private static Map<String, Double> prices(String[] cells) {
        Map<String, Double> dollars = new LinkedHashMap<>();
        for (int i = 0; i < PRICES.size(); i++) {
            String cell = cells[FIRST_PRICE + i];
            if (!cell.isEmpty()) {
                dollars.put(PRICES.get(i), Double.valueOf(cell));
            }
        }
        return dollars;
    }
}
