package dev.thanosgateway.host.command;

import dev.thanosgateway.host.config.ConfigException;
import dev.thanosgateway.host.config.ConfigFile;
import dev.thanosgateway.host.config.ConfigReader;
import dev.thanosgateway.host.config.Installed;
import dev.thanosgateway.host.config.Problem;
import dev.thanosgateway.host.plugins.FolderLook;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks a configuration with the gateway's own reader, and against what the installed plugins say of themselves. */
final class ConfigCheck {
    private static final int MISTAKES = 1;
    private static final int UNREADABLE = 2;

    private final Shell shell;

    ConfigCheck(Shell shell) {
        this.shell = shell;
    }

    /**
     * @param given null = the file that would be read now
     * @param strict whether a warning fails the check
     * @return the exit code
     */
    int run(@Nullable String given, boolean strict) {
        Path file = ConfigFile.find(given == null ? null : Path.of(given), shell.environment(), shell.working())
                .orElse(null);
        if (file == null) {
            shell.out().println("There is no configuration file: the built-in defaults count.");
            return Commands.DONE;
        }
        try {
            String text = ConfigFile.text(file);
            Installed installed = FolderLook.at(shell.plugins()).installed();
            List<String> warnings = new ConfigReader(shell.environment(), installed)
                    .parse(text, file)
                    .warnings();
            warnings.forEach(warning -> shell.err().println("warning: " + warning));
            shell.err().flush();
            shell.out()
                    .println(file + ": right" + (warnings.isEmpty() ? "" : ", " + count(warnings.size(), "warning")));
            return strict && !warnings.isEmpty() ? MISTAKES : Commands.DONE;
        } catch (ConfigException e) {
            List<Problem> problems = e.problems();
            problems.forEach(problem -> shell.err().println(problem));
            shell.err().flush();
            if (problems.get(0).line() == 0 && problems.size() == 1) {
                return UNREADABLE;
            }
            shell.out().println(file + ": refused, " + count(problems.size(), "mistake"));
            return MISTAKES;
        }
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
