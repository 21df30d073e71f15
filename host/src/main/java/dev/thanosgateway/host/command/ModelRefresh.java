package dev.thanosgateway.host.command;

import dev.thanosgateway.host.admin.AdminClient;
import dev.thanosgateway.host.admin.AdminException;
import dev.thanosgateway.host.admin.Instance;
import dev.thanosgateway.host.config.ConfigException;
import dev.thanosgateway.host.config.ConfigFile;
import dev.thanosgateway.host.config.ConfigReader;
import dev.thanosgateway.host.config.Installed;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.CatalogJar;
import dev.thanosgateway.host.plugins.PluginLock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares the catalogue of models in the plugins folder with other lists, and puts these in its place if asked to. */
final class ModelRefresh {
    /** How long running gateways have to take it over. */
    private static final long TAKE_OVER_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Shell shell;
    private final CommandLine asked;
    private final boolean json;

    ModelRefresh(Shell shell, CommandLine asked) {
        this.shell = shell;
        this.asked = asked;
        this.json = asked.option("json").isPresent();
    }

    /**
     * @return 0 = applied, or nothing differs; 1 = not applied
     * @throws UsageException when the lists cannot be used, or the folder cannot be written
     */
    int run() throws UsageException {
        Path from = asked.option("from")
                .map(shell.working()::resolve)
                .orElseThrow(() -> new UsageException("thanos models refresh needs --from FILE: a list of models."));
        CatalogJar present = catalog();
        Path next = null;
        try {
            next = Files.createTempFile("catalog", ".jar");
            CatalogJar candidate = candidate(present, from, next);
            CatalogDifference difference = new CatalogDifference(
                    facts(present),
                    checked(candidate, from),
                    present.list(CatalogJar.LISTS.get(1)),
                    candidate.list(CatalogJar.LISTS.get(1)));
            return difference.isEmpty() ? same(present) : differs(difference, present, candidate);
        } catch (IOException e) {
            throw new UsageException("The catalogue " + present.file() + " cannot be replaced (" + e + ").");
        } finally {
            delete(next);
        }
    }

    private CatalogJar catalog() throws UsageException {
        List<CatalogJar> found;
        try {
            found = CatalogJar.in(shell.plugins());
        } catch (IOException e) {
            throw new UsageException("The plugins folder " + shell.plugins() + " cannot be read (" + e + ").");
        }
        if (found.size() != 1) {
            throw new UsageException((found.isEmpty() ? "No jar" : found.size() + " jars") + " in " + shell.plugins()
                    + " has a list of models that can be replaced"
                    + (found.isEmpty() ? "; copy catalog-models.jar of the distribution there." : ": keep one."));
        }
        return found.get(0);
    }

    private static CatalogJar candidate(CatalogJar present, Path from, Path next) throws UsageException, IOException {
        Map<String, byte[]> lists;
        try {
            lists = ModelLists.at(from);
        } catch (NoSuchFileException e) {
            throw new UsageException("There is no file " + from + ".");
        } catch (IOException e) {
            throw new UsageException(from + " cannot be used: " + e.getMessage() + ".");
        }
        return present.with(lists, qualifier(present, lists), next);
    }

    /** The same lists have the same version. */
    private static String qualifier(CatalogJar present, Map<String, byte[]> lists) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String name : CatalogJar.LISTS) {
                byte[] given = lists.get(name);
                digest.update(given == null ? present.list(name).getBytes(StandardCharsets.UTF_8) : given);
                digest.update((byte) 0);
            }
            return "lists-" + HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private CatalogJar.Facts facts(CatalogJar present) throws UsageException {
        try {
            present.allowed(shell.lock(reachable()));
            return present.read();
        } catch (IOException e) {
            throw new UsageException("The catalogue in plugins/ cannot be read: " + e.getMessage() + ".");
        }
    }

    private static CatalogJar.Facts checked(CatalogJar candidate, Path from) throws UsageException {
        try {
            return candidate.read();
        } catch (IOException e) {
            throw new UsageException(from + " cannot be used: " + e.getMessage() + ".");
        }
    }

    private int same(CatalogJar present) {
        if (json) {
            shell.out().println("{\"differs\":false,\"applied\":false}");
        } else {
            shell.out().println("Nothing differs from " + present.file() + ".");
        }
        return Commands.DONE;
    }

    private int differs(CatalogDifference difference, CatalogJar present, CatalogJar candidate)
            throws UsageException, IOException {
        if (!json) {
            difference.print(shell.out());
        }
        String refusal = asked.option("force").isPresent() ? null : difference.doubt();
        boolean apply = refusal == null && (asked.option("apply").isPresent() || (!json && agreed()));
        if (apply) {
            PluginLock.allow(
                    shell.plugins(), reachable(), String.valueOf(present.file().getFileName()), candidate.digest());
            candidate.replace(present);
        }
        if (json) {
            Map<String, @Nullable Object> told = difference.json();
            told.put("differs", true);
            told.put("applied", apply);
            told.put("refused", refusal);
            shell.out()
                    .println(
                            JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(told));
        } else if (refusal != null) {
            shell.complain("Not applied: " + refusal + ". If that is meant, add --force.");
        } else {
            shell.out()
                    .println(
                            apply
                                    ? "Applied to " + present.file() + "."
                                    : "Not applied; --apply does so without a question.");
        }
        return apply && taken(present) ? Commands.DONE : Commands.FAILED;
    }

    private boolean agreed() throws IOException {
        if (!shell.terminal()) {
            return false;
        }
        shell.out().print("Apply? [y/N] ");
        shell.out().flush();
        String answer = new BufferedReader(new InputStreamReader(shell.in(), StandardCharsets.UTF_8)).readLine();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }

    /** Whether others can reach a gateway of this installation, by its configuration: that which is read now or runs. */
    private boolean reachable() {
        Path given = asked.option("config").map(Path::of).orElse(null);
        Stream<Path> next = ConfigFile.find(given, shell.environment(), shell.working()).stream();
        Stream<Path> running = here().stream()
                .map(Instance::config)
                .filter(file -> !file.isEmpty())
                .map(Path::of);
        return Stream.concat(next, running).distinct().anyMatch(this::bindsForOthers);
    }

    private boolean bindsForOthers(Path file) {
        try {
            Settings.Server server = new ConfigReader(shell.environment(), Installed.UNKNOWN)
                    .parse(ConfigFile.text(file), file)
                    .server();
            return !server.http().loopback() || !server.grpc().loopback();
        } catch (ConfigException e) {
            // No gateway starts with it.
            return false;
        }
    }

    /** The gateways that run with this plugins folder. */
    private List<Instance> here() {
        List<Instance> here = new ArrayList<>();
        for (Instance gateway : Instance.all(shell.state())) {
            try {
                JsonNode status = AdminClient.call(gateway.socket(), "status");
                if (Path.of(status.path("plugins").asString("")).equals(shell.plugins())) {
                    here.add(gateway);
                }
            } catch (IOException | AdminException e) {
                // It has just ended.
            }
        }
        return here;
    }

    /** Waits until every gateway that runs with this folder serves the new version. */
    private boolean taken(CatalogJar jar) throws IOException {
        String version = jar.version();
        String file = String.valueOf(jar.file().getFileName());
        long end = System.nanoTime() + TAKE_OVER_NANOS;
        boolean all = true;
        for (Instance gateway : here()) {
            boolean serves = serves(gateway, file, version);
            while (!serves && System.nanoTime() < end) {
                LockSupport.parkNanos(LOOK_NANOS);
                serves = serves(gateway, file, version);
            }
            if (!serves) {
                shell.complain(
                        "The gateway " + gateway + " has not taken it over; thanos plugins why " + file + " says why.");
            } else if (!json) {
                shell.out().println("In force in the gateway " + gateway + ".");
            }
            all &= serves;
        }
        return all;
    }

    private static boolean serves(Instance gateway, String file, String version) {
        try {
            for (JsonNode plugin : AdminClient.call(gateway.socket(), "plugins").path("plugins")) {
                if (plugin.path("jar").asString("").equals(file)
                        && plugin.path("version").asString("").equals(version)
                        && plugin.path("state").asString("").equals("serving")) {
                    return true;
                }
            }
            return false;
        } catch (AdminException e) {
            return false;
        } catch (IOException e) {
            // It has ended, and takes it over when it starts again.
            return true;
        }
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
