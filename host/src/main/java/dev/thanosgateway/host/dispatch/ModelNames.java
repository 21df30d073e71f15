package dev.thanosgateway.host.dispatch;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How names of models are compared where they are not the same: case and punctuation aside, and their date. */
final class ModelNames {
    private static final Pattern DATED = Pattern.compile("(.+)-(\\d{4}-?\\d{2}-?\\d{2})");
    private static final Pattern PUNCTUATION = Pattern.compile("[^a-z0-9]");

    private ModelNames() {}

    /**
     * An id with a date at its end.
     *
     * @param family key of the name before it
     * @param date eight digits
     */
    record Dated(String id, String family, String date) {
        /** null = it has no date. */
        static @Nullable Dated of(String id) {
            Matcher parts = DATED.matcher(id);
            return parts.matches()
                    ? new Dated(id, key(parts.group(1)), parts.group(2).replace("-", ""))
                    : null;
        }

        Dated newer(Dated other) {
            return date.compareTo(other.date()) >= 0 ? this : other;
        }
    }

    /** The same for all spellings of a name. */
    static String key(String name) {
        return PUNCTUATION.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
    }
}
