package dev.thanosgateway.host.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills {@code ${NAME}} and {@code ${NAME:-default}} in, once: what comes from the environment is not looked at again,
 * so it may hold anything. As in a shell, the default also stands in for an empty variable.
 *
 * @param value the text with everything filled in that could be
 * @param used whether anything was filled in, or should have been
 * @param unset variables without a value and without a default, in order
 * @param empty variables that are set to nothing and have no default, in order
 */
record Interpolation(String value, boolean used, List<String> unset, List<String> empty) {
    private static final Pattern PLACE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\\}");

    /** @throws IllegalArgumentException when a <code>${</code> begins nothing; the message completes "KEY …" */
    static Interpolation of(String written, Map<String, String> environment) {
        if (!written.contains("${")) {
            return new Interpolation(written, false, List.of(), List.of());
        }
        List<String> unset = new ArrayList<>();
        List<String> empty = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        Matcher place = PLACE.matcher(written);
        int done = 0;
        while (place.find(done)) {
            append(value, written.substring(done, place.start()));
            value.append(filled(place, environment, unset, empty));
            done = place.end();
        }
        append(value, written.substring(done));
        return new Interpolation(value.toString(), true, List.copyOf(unset), List.copyOf(empty));
    }

    private static String filled(
            Matcher place, Map<String, String> environment, List<String> unset, List<String> empty) {
        String name = place.group(1);
        String fallback = place.group(2);
        String found = environment.get(name);
        if (found != null && (!found.isEmpty() || fallback == null)) {
            if (found.isEmpty()) {
                empty.add(name);
            }
            return found;
        }
        if (fallback == null) {
            unset.add(name);
            return "";
        }
        return fallback;
    }

    private static void append(StringBuilder value, String literal) {
        if (literal.contains("${")) {
            throw new IllegalArgumentException(
                    "has a '${' that begins no variable. Write ${NAME} or ${NAME:-default}, NAME in letters, digits"
                            + " and '_'.");
        }
        value.append(literal);
    }
}
