package dev.thanosgateway.catalog.models;

import dev.thanosgateway.api.catalog.TraitRule;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules about models as {@code traits.txt} has them; its head describes the format. */
final class TraitFile {
    /** Says how old the rules are, to those who read the file. */
    private static final String DATE = "date ";

    private static final String EMPTY_LIST = "-";

    private TraitFile() {}

    /** @throws IOException with the number of the line that cannot be understood */
    static List<TraitRule> read(BufferedReader lines) throws IOException {
        List<TraitRule> rules = new ArrayList<>();
        String profile = null;
        int number = 0;
        for (String raw = lines.readLine(); raw != null; raw = lines.readLine()) {
            number++;
            int comment = raw.indexOf('#');
            String line = (comment < 0 ? raw : raw.substring(0, comment)).strip();
            if (line.isEmpty()) {
                continue;
            }
            if (line.startsWith("[") && line.endsWith("]")) {
                profile = line.substring(1, line.length() - 1).strip();
                continue;
            }
            try {
                if (line.startsWith(DATE)) {
                    LocalDate.parse(line.substring(DATE.length()).strip());
                } else {
                    rules.add(rule(profile, line));
                }
            } catch (IllegalArgumentException | DateTimeParseException e) {
                throw new IOException("line " + number + " of the table of traits: " + e.getMessage(), e);
            }
        }
        return List.copyOf(rules);
    }

    private static TraitRule rule(@Nullable String profile, String line) {
        int bar = line.indexOf('|');
        if (profile == null || bar < 1) {
            throw new IllegalArgumentException(
                    profile == null ? "a [profile] must come first" : "write: PATTERN … | key=value …");
        }
        List<String> models = List.of(line.substring(0, bar).strip().split("\\s+"));
        ModelTraits traits = ModelTraits.UNKNOWN;
        for (String pair : line.substring(bar + 1).strip().split("\\s+")) {
            int equals = pair.indexOf('=');
            Trait trait = equals < 1 ? null : Trait.of(pair.substring(0, equals));
            if (trait == null) {
                throw new IllegalArgumentException('"' + pair + "\" is no trait=value");
            }
            String value = pair.substring(equals + 1);
            traits = traits.with(
                    trait,
                    value.equals(EMPTY_LIST) && trait.isList()
                            ? List.of()
                            : trait.isList() ? List.of(value.split(",")) : List.of(value));
        }
        return new TraitRule(profile, models, traits);
    }
}
