package dev.thanosgateway.host.command;

import dev.thanosgateway.host.config.ConfigException;
import dev.thanosgateway.host.config.ConfigFile;
import dev.thanosgateway.host.config.ConfigReader;
import dev.thanosgateway.host.config.Problem;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.dispatch.EndingModels;
import dev.thanosgateway.host.plugins.CatalogJar;
import dev.thanosgateway.host.plugins.FolderLook;
import dev.thanosgateway.host.plugins.LiveCatalog;
import dev.thanosgateway.host.plugins.PluginLock;
import dev.thanosgateway.host.plugins.ProviderType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
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
            FolderLook folder = FolderLook.at(shell.plugins());
            Settings settings = new ConfigReader(shell.environment(), folder.installed()).parse(text, file);
            List<String> warnings = new ArrayList<>(settings.warnings());
            shutdowns(settings, folder.types()).forEach(shutdown -> warnings.add(file + ": " + shutdown));
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

    /** As the start reports them, from the catalogues that may be deployed here. */
    private List<EndingModels.Shutdown> shutdowns(Settings settings, List<ProviderType> types) {
        List<LiveCatalog> catalogs = new ArrayList<>();
        Settings.Server server = settings.server();
        boolean reachable = !server.http().loopback() || !server.grpc().loopback();
        try {
            PluginLock lock = shell.lock(reachable);
            for (CatalogJar jar : CatalogJar.in(shell.plugins())) {
                jar.allowed(lock);
                catalogs.add(jar.read());
            }
        } catch (IOException e) {
            // thanos doctor and thanos plugins why say what is wrong with a jar.
        }
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return EndingModels.of(settings, types, shell.environment().keySet(), catalogs, today);
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
