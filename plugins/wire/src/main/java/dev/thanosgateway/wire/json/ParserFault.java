package dev.thanosgateway.wire.json;

import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/** Says what is wrong with JSON without the parser's own words, which name its classes and quote the text. */
public final class ParserFault {
    private ParserFault() {}

    /**
     * A clause, such as "it ends too early at byte 17".
     *
     * @param from where the parser began in its bytes
     * @param to behind its last byte
     */
    public static String clause(JacksonException e, int from, int to) {
        long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
        if (e instanceof UnexpectedEndOfInputException) {
            return "it ends too early at byte " + to;
        }
        String place = offset < 0 ? "" : " at byte " + (from + offset);
        String said = String.valueOf(e.getOriginalMessage()).toLowerCase(Locale.ROOT);
        if (e instanceof StreamConstraintsException) {
            return limit(said) + place;
        }
        if (said.startsWith("duplicate")) {
            return "an object has the same name twice" + place;
        }
        if (said.contains("surrogate")) {
            return "half of a surrogate pair stands" + place;
        }
        return "it has something unexpected" + place;
    }

    private static String limit(String said) {
        if (said.contains("depth")) {
            return "it is nested too deep";
        }
        if (said.contains("number")) {
            return "it has a number that is too long";
        }
        return said.contains("token") ? "it has too many values" : "it has a name or a text that is too long";
    }
}
