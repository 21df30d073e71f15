package dev.thanosgateway.host.plugins;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which jars may be deployed: those that ship, and those that the file {@code plugins.lock} beside the jars lists by
 * their SHA-256. It counts where there is such a file, and always where others can reach the gateway. Used on the
 * folder's thread.
 */
public final class PluginLock {
    /** Locks nothing out. */
    public static final PluginLock OPEN = new PluginLock(null, TrustedDigests.NONE, false);

    private static final String SAFE = "the gateway was started with --safe, which deploys only the plugins that ship";

    private static final String NAME = "plugins.lock";
    private static final Logger LOG = LoggerFactory.getLogger(PluginLock.class);

    /** What tells one state of the file from another. */
    private record Look(
            FileTime modified, long size, @Nullable Object key) {}

    private final @Nullable Path file;
    private final TrustedDigests shipped;
    private final boolean always;
    private @Nullable Look seen;
    private TrustedDigests listed = TrustedDigests.NONE;

    private PluginLock(@Nullable Path file, TrustedDigests shipped, boolean always) {
        this.file = file;
        this.shipped = shipped;
        this.always = always;
    }

    /**
     * @param plugins the folder of the jars
     * @param shipped always allowed
     * @param always whether it counts without a file, too
     */
    public static PluginLock of(Path plugins, TrustedDigests shipped, boolean always) {
        return new PluginLock(plugins.resolve(NAME), shipped, always);
    }

    /** Allows what ships, whatever the file lists. */
    public static PluginLock safe(TrustedDigests shipped) {
        return new PluginLock(null, shipped, true);
    }

    /** Reads the file if it has changed. @return whether it had */
    boolean refresh() {
        Look now = look();
        if (Objects.equals(now, seen)) {
            return false;
        }
        seen = now;
        listed = TrustedDigests.NONE;
        if (file != null && now != null) {
            try {
                listed = TrustedDigests.read(file);
            } catch (IOException e) {
                LOG.error("Only the jars that ship are allowed until it is mended: {}", e.getMessage());
            }
        }
        return true;
    }

    private @Nullable Look look() {
        if (file == null) {
            return null;
        }
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return new Look(found.lastModifiedTime(), found.size(), found.fileKey());
        } catch (IOException e) {
            return null;
        }
    }

    /** @throws PluginRefusal that names the command which allows it */
    void check(String sha256) throws PluginRefusal {
        boolean counts = always || seen != null;
        if (counts && !shipped.trusts(sha256) && file == null) {
            throw PluginRefusal.of(SAFE);
        }
        if (counts && !shipped.trusts(sha256) && !listed.trusts(sha256)) {
            throw PluginRefusal.of("its SHA-256 " + sha256.substring(0, 12) + "… is not in " + NAME
                    + "; if you trust it, allow it with: thanos plugins lock");
        }
    }

    /**
     * Writes the file anew, with every jar that is in the folder now. Blocking; a gateway that runs takes it over.
     *
     * @return what the file lists: name to digest, sorted
     * @throws IOException when the folder cannot be read or written
     */
    public static Map<String, String> write(Path plugins) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(plugins, "[!.]*.jar")) {
            for (Path jar : jars) {
                digests.put(String.valueOf(jar.getFileName()), JarCopies.digest(jar));
            }
        }
        StringBuilder text = new StringBuilder("# The jars that may be deployed. Written by: thanos plugins lock\n");
        digests.forEach(
                (name, digest) -> text.append(digest).append("  ").append(name).append('\n'));
        replace(plugins, text.toString());
        return digests;
    }

    /**
     * Adds a jar to the file, where the file counts. The lines of other jars stay. Blocking; a gateway that runs takes
     * it over.
     *
     * @param always whether it counts without a file, too: one is made then
     * @param name of the jar's file
     * @throws IOException when the folder cannot be read or written
     */
    public static void allow(Path plugins, boolean always, String name, String sha256) throws IOException {
        Path file = plugins.resolve(NAME);
        boolean there = Files.exists(file);
        if (!there && !always) {
            return;
        }
        String text = there ? Files.readString(file, StandardCharsets.UTF_8) : "# The jars that may be deployed.\n";
        String end = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        if (!text.contains(sha256)) {
            replace(plugins, text + end + sha256 + "  " + name + "\n");
        }
    }

    private static void replace(Path plugins, String text) throws IOException {
        Path next = Files.createTempFile(plugins, "." + NAME, ".next");
        try {
            Files.writeString(next, text, StandardCharsets.UTF_8);
            Files.move(next, plugins.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
