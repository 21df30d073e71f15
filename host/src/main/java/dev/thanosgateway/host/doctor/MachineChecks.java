package dev.thanosgateway.host.doctor;

import dev.thanosgateway.host.config.Settings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The machine, the user, and the folders the gateway needs. */
final class MachineChecks {
    private static final int LEAST_JDK = 21;
    private static final Pattern RELEASE = Pattern.compile("(?m)^JAVA_VERSION=\"(?:1\\.)?(\\d+)");
    /** Sockets of caller and upstream. */
    private static final int FILES_PER_STREAM = 2;

    private static final int FILES_BESIDE = 500;

    private MachineChecks() {}

    static List<Finding> jdk(Site site) {
        String home = site.environment().getOrDefault("JAVA_HOME", "");
        if (home.isBlank()) {
            return List.of();
        }
        Path folder = Path.of(home);
        String mend = "Point JAVA_HOME at a JDK " + LEAST_JDK + " or newer (25 is best), or unset it: bin/thanos"
                + " then looks for one.";
        if (!Files.isExecutable(folder.resolve("bin/java"))) {
            return List.of(new Finding("JAVA_HOME is " + home + ", where no JDK is.", mend));
        }
        try {
            Matcher release = RELEASE.matcher(Files.readString(folder.resolve("release")));
            if (release.find() && Integer.parseInt(release.group(1)) < LEAST_JDK) {
                return List.of(
                        new Finding("JAVA_HOME is a JDK " + release.group(1) + " (" + home + "): too old.", mend));
            }
        } catch (IOException | NumberFormatException e) {
            // A JDK that does not say its release may be right.
        }
        return List.of();
    }

    static List<Finding> proxies(Site site) {
        List<String> set = Stream.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
                .flatMap(name -> Stream.of(name, name.toLowerCase(Locale.ROOT)))
                .filter(name -> !site.environment().getOrDefault(name, "").isBlank())
                .toList();
        return set.isEmpty()
                ? List.of()
                : List.of(new Finding(
                        String.join(", ", set) + " is set, but the gateway calls providers directly.",
                        "Unset it for the gateway. Where only a proxy leads out, set endpoint to an address that"
                                + " passes calls on."));
    }

    static List<Finding> openFiles(Settings settings) {
        if (!(ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.UnixOperatingSystemMXBean system)) {
            return List.of();
        }
        return openFiles(settings.server().maxStreams(), system.getMaxFileDescriptorCount());
    }

    static List<Finding> openFiles(long streams, long limit) {
        long needed = streams * FILES_PER_STREAM + FILES_BESIDE;
        return limit >= needed
                ? List.of()
                : List.of(new Finding(
                        "A process may open " + limit + " files, but [server] max_streams = " + streams + " needs "
                                + needed + ".",
                        "Raise the limit (ulimit -Hn " + needed + ", LimitNOFILE= in systemd), or lower max_streams to "
                                + Math.max(1, (limit - FILES_BESIDE) / FILES_PER_STREAM) + "."));
    }

    /** Whether nothing can be kept. */
    static List<Finding> unwritable(Site site) {
        Path instances = site.state().resolve("instances");
        try {
            Files.createDirectories(instances);
            Files.delete(Files.createTempFile(instances, ".probe", ""));
            return List.of();
        } catch (IOException e) {
            return List.of(new Finding(
                    "The state folder " + site.state() + " cannot be written (" + reason(e) + ").",
                    "Make it writable, or set THANOS_STATE to a folder that is."));
        }
    }

    /** What gateways that have died left there. */
    static List<Finding> leftOver(Site site) {
        Path instances = site.state().resolve("instances");
        List<Finding> findings = new ArrayList<>();
        try (Stream<Path> all = Files.list(instances)) {
            for (Path folder : all.filter(Files::isDirectory).sorted().toList()) {
                if (isDead(folder)) {
                    findings.add(new Finding(
                            folder + " with its socket was left by a gateway that has died.",
                            "The next start removes it. If gateways die often, their log and the system's say why."));
                }
            }
        } catch (IOException e) {
            findings.add(new Finding(
                    "The folder " + instances + " cannot be read (" + reason(e) + ").", "Give the right to read it."));
        }
        return findings;
    }

    /** Whether nobody holds the lock that the folder's process holds as long as it lives. */
    private static boolean isDead(Path folder) {
        try (FileChannel alive = FileChannel.open(folder.resolve("alive"), StandardOpenOption.WRITE);
                FileLock lock = alive.tryLock()) {
            return lock != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    static List<Finding> plugins(Site site) {
        Path folder = site.plugins();
        if (!Files.isDirectory(folder)) {
            return List.of(new Finding(
                    "The plugins folder " + folder + (Files.exists(folder) ? " is no folder." : " is not there."),
                    "Unpack the distribution again; its plugins/ holds what serves."));
        }
        List<Finding> findings = new ArrayList<>();
        try {
            Files.delete(Files.createTempFile(folder, ".probe", ""));
        } catch (IOException e) {
            findings.add(new Finding(
                    "The plugins folder " + folder + " cannot be written (" + reason(e) + "): plugins cannot be added.",
                    "Give its owner the right to write, or run thanos as its owner."));
        }
        if (Permissions.of(folder).contains(PosixFilePermission.OTHERS_WRITE)) {
            findings.add(new Finding(
                    "Everybody may write into the plugins folder " + folder
                            + ": what is put there runs as the gateway.",
                    "chmod o-w " + folder));
        }
        return findings;
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException f && f.getReason() == null
                ? f.getClass().getSimpleName().replace("Exception", "")
                : String.valueOf(e.getMessage());
    }
}
