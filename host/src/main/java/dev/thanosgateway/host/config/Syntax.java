package dev.thanosgateway.host.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.TomlParseError;

/** Says what is wrong with text that is no TOML. */
final class Syntax {
    private static final Pattern QUOTED_TEXT = Pattern.compile("'[^']{4,}'");
    /** A key and a value that begins like no value of TOML, or like a number that goes on as text. */
    private static final Pattern UNQUOTED =
            Pattern.compile("\\s*([A-Za-z0-9_-]+)\\s*=\\s*([^\\s\"'\\[{#][^#\"']*?)\\s*(?:#.*)?");

    private static final Pattern PLAIN_VALUE = Pattern.compile("true|false|[-+0-9_.eExXob:TZ]+");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9.*-]*:\\d{1,5}|\\d+(\\.\\d+){3}(:\\d{1,5})?");

    private Syntax() {}

    /**
     * One sentence for one error, without the values that the parser quotes: they may be credentials that somebody left
     * without quotes.
     */
    static String sentence(TomlParseError error, String toml) {
        String message = error.getMessage() == null ? "not TOML" : error.getMessage();
        String shown = QUOTED_TEXT.matcher(message).replaceAll("text");
        if (shown.contains("previously defined")) {
            return shown + ": remove or rename one of the two.";
        }
        String line =
                toml.lines().skip(error.position().line() - 1L).findFirst().orElse("");
        Matcher unquoted = UNQUOTED.matcher(line);
        if (unquoted.matches()) {
            String value = unquoted.group(2);
            boolean address = ADDRESS.matcher(value).matches();
            if (address || !PLAIN_VALUE.matcher(value).matches()) {
                return "Not TOML: " + shown + ". Text needs quotes: write " + unquoted.group(1) + " = \""
                        + (address ? value : "…") + "\".";
            }
        }
        return "Not TOML: " + shown + (shown.contains("expected a value") ? ". Text needs quotes." : ".");
    }
}
