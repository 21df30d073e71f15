package dev.thanosgateway.host.doctor;

import dev.thanosgateway.host.config.ConfigException;
import dev.thanosgateway.host.config.ConfigFile;
import dev.thanosgateway.host.config.ConfigReader;
import dev.thanosgateway.host.config.Problem;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.dispatch.ModelProbe;
import dev.thanosgateway.host.plugins.FolderLook;
import dev.thanosgateway.host.plugins.PluginHost;
import dev.thanosgateway.host.transport.Transport;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what is wrong, in two steps: what can be seen without starting anything, and, where that leaves a
 * configuration, what plugins and providers say. Not thread-safe.
 */
public final class Doctor {
    private final Site site;
    private final @Nullable Path file;
    private @Nullable Settings settings;
    private boolean writable;

    public Doctor(Site site) {
        this.site = site;
        this.file = ConfigFile.find(site.config(), site.environment(), site.working())
                .orElse(null);
    }

    /** The configuration that counts; empty = the built-in defaults. */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    /** Whether there is a configuration and a place to start with; asked after the first step. */
    public boolean startable() {
        return settings != null && writable;
    }

    /** The first step. Blocking. */
    public List<Finding> atRest() {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(MachineChecks.jdk(site));
        List<Finding> unwritable = MachineChecks.unwritable(site);
        writable = unwritable.isEmpty();
        findings.addAll(writable ? MachineChecks.leftOver(site) : unwritable);
        findings.addAll(MachineChecks.plugins(site));
        findings.addAll(MachineChecks.proxies(site));
        findings.addAll(configuration());
        findings.addAll(RunningChecks.health(site.running()));
        return findings;
    }

    private List<Finding> configuration() {
        Settings read;
        String text;
        try {
            text = file == null ? "" : ConfigFile.text(file);
            read = new ConfigReader(
                            site.environment(), FolderLook.at(site.plugins()).installed())
                    .parse(text, file);
        } catch (ConfigException e) {
            return e.problems().stream().map(Doctor::mistake).toList();
        }
        settings = read;
        List<Finding> findings = new ArrayList<>();
        findings.addAll(MachineChecks.openFiles(read));
        read.warnings().forEach(warning -> findings.add(ConfigChecks.warning(warning)));
        findings.addAll(ConfigChecks.providers(read));
        // One folder is told of once.
        findings.addAll(writable ? ConfigChecks.callerKeys(site) : List.of());
        if (file != null) {
            findings.addAll(ConfigChecks.secrets(file, text, read));
        }
        findings.addAll(PortChecks.ports(site, read));
        return findings;
    }

    private static Finding mistake(Problem problem) {
        return new Finding(
                problem.toString(),
                problem.line() == 0
                        ? "Name a file that can be read with --config, or remove the option for the defaults."
                        : "Correct that line; thanos config check tells when the file is right.");
    }

    /**
     * The second step: plugins that were deployed and providers that can be asked. Blocks for some seconds.
     *
     * @param found the configuration with what was found beside it
     */
    public static List<Finding> started(Settings found, PluginHost plugins, Transport transport) {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(PluginChecks.jars(plugins));
        findings.addAll(PluginChecks.tables(plugins, found));
        findings.addAll(PluginChecks.shutdowns(plugins, found, LocalDate.now(ZoneOffset.UTC)));
        try (ModelProbe probe = new ModelProbe(transport)) {
            findings.addAll(UpstreamChecks.look(PluginChecks.askable(plugins), probe));
        }
        return findings;
    }
}
