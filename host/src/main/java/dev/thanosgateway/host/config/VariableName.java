package dev.thanosgateway.host.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds where somebody wrote the name of an environment variable and meant its value. */
final class VariableName {
    private static final Pattern SHELL = Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)");
    private static final Pattern NAME =
            Pattern.compile("(?:env[:.]|\\$env:|os\\.environ/)?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)");
    private static final Pattern OF_A_CREDENTIAL = Pattern.compile(".*_(KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS?)\\d*");

    private VariableName() {}

    /**
     * The variable that a credential seems to name.
     *
     * @param written as it stands in the file
     */
    private static Optional<String> of(String written) {
        String text = written.strip();
        Matcher shell = SHELL.matcher(text);
        if (shell.matches()) {
            return Optional.of(shell.group(1));
        }
        Matcher name = NAME.matcher(text);
        boolean one = name.matches() && OF_A_CREDENTIAL.matcher(name.group(1)).matches();
        return one ? Optional.of(name.group(1)) : Optional.empty();
    }

    /** Warns of a credential that looks like a variable's name; it is used as it is. */
    static void check(Section table, String key, Section.Text text) {
        of(text.written())
                .ifPresent(name -> table.warning(
                        key,
                        text.at(),
                        "is the name of an environment variable, not a key. Write \"${" + name + "}\" for its value."));
    }
}
