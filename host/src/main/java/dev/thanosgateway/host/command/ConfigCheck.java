package dev.thanosgateway.host.command;

import dev.thanosgateway.host.config.ConfigException;
import dev.thanosgateway.host.config.ConfigFile;
import dev.thanosgateway.host.config.ConfigReader;
import dev.thanosgateway.host.config.Nearest;
import dev.thanosgateway.host.config.Problem;
import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.FolderLook;
import dev.thanosgateway.host.plugins.ProviderType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
     * @return the exit code
     */
    int run(@Nullable String given) {
        Path file = ConfigFile.find(
                        given == null ? null : Path.of(given), shell.environment(), shell.working())
                .orElse(null);
        if (file == null) {
            shell.out().println("There is no configuration file: the built-in defaults count.");
            return Commands.DONE;
        }
        try {
            String text = ConfigFile.text(file);
            Settings settings = new ConfigReader(shell.environment(), type -> Optional.empty()).parse(text, file);
            List<String> warnings = new ArrayList<>(settings.warnings());
            warnings.addAll(unserved(file, settings));
            warnings.forEach(warning -> shell.err().println("warning: " + warning));
            shell.err().flush();
            shell.out()
                    .println(file + ": right" + (warnings.isEmpty() ? "" : ", " + count(warnings.size(), "warning")));
            return Commands.DONE;
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

    /** What the start would say of tables and names that no installed plugin serves. */
    private List<String> unserved(Path file, Settings settings) {
        FolderLook look = FolderLook.at(shell.plugins());
        List<String> types = look.types().stream().map(ProviderType::type).toList();
        List<String> warnings = new ArrayList<>();
        for (ProviderSettings table : settings.providers().values()) {
            ProviderType type = look.type(table.type());
            String name = file + ": providers." + table.id();
            if (!table.enabled()) {
                continue;
            }
            if (type == null) {
                warnings.add(name + " waits for a plugin: no jar in " + shell.plugins() + " serves the type '"
                        + table.type() + "'." + Nearest.question(table.type(), types));
            } else if (type.key() && table.keys().isEmpty() && table.endpoint() == null) {
                warnings.add(name + " has no api_key, and its API asks for one.");
            }
        }
        String strategy = settings.routing().strategy();
        if (!look.strategies().contains(strategy)) {
            warnings.add(file + ": routing.strategy '" + strategy + "' is in no jar of " + shell.plugins()
                    + "; there are: " + String.join(", ", look.strategies()) + ".");
        }
        return warnings;
    }
}
