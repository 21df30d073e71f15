package dev.thanosgateway.host.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's own copies of the jars, named by their digests: what is looked at is what is installed, whatever
 * happens to the file. Used on the folder's thread.
 */
final class JarCopies {
    private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final Logger LOG = LoggerFactory.getLogger(JarCopies.class);

    private final Path copies;
    private final JarInspector inspector;
    private final PluginLock lock;
    private final Supplier<Set<String>> inUse;
    private final Map<String, Long> lastUsed = new HashMap<>();

    /** Says whether the file is still the one that was looked at. */
    interface Unchanged {
        boolean still() throws IOException;
    }

    /**
     * @param copies an empty folder of this process alone
     * @param inUse digests of the copies that must stay; asked on the folder's thread
     */
    JarCopies(Path copies, JarInspector inspector, PluginLock lock, Supplier<Set<String>> inUse) {
        this.copies = copies;
        this.inspector = inspector;
        this.lock = lock;
        this.inUse = inUse;
    }

    /**
     * Copies and inspects.
     *
     * @return null = the file changed meanwhile
     */
    @Nullable
    PluginJar take(Path file, Unchanged unchanged) throws PluginRefusal, IOException {
        Path copy = Files.createTempFile(copies, "new", ".tmp");
        try {
            String digest = copy(file, copy);
            if (!unchanged.still()) {
                return null;
            }
            lock.check(digest);
            Path kept = copies.resolve(digest + ".jar");
            Files.move(copy, kept, StandardCopyOption.REPLACE_EXISTING);
            lastUsed.put(digest, System.nanoTime());
            return inspector.inspect(kept, digest);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /** Whether what is allowed has changed, so that every jar is to be looked at again. */
    boolean allowedHasChanged() {
        return lock.refresh();
    }

    /** SHA-256 of a file, in hex. */
    static String digest(Path file) throws IOException {
        return copy(file, OutputStream.nullOutputStream());
    }

    private static String copy(Path from, Path to) throws IOException {
        try (OutputStream out = Files.newOutputStream(to)) {
            return copy(from, out);
        }
    }

    private static String copy(Path from, OutputStream to) throws IOException {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            try (InputStream in = Files.newInputStream(from);
                    OutputStream out = new DigestOutputStream(to, sha256)) {
                in.transferTo(out);
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Deletes copies nobody has needed for a while. */
    void keep(List<PluginFolder.Seen> seen) {
        long now = System.nanoTime();
        inUse.get().forEach(digest -> lastUsed.put(digest, now));
        for (PluginFolder.Seen file : seen) {
            if (file.jar() != null) {
                lastUsed.put(file.jar().sha256(), now);
            }
        }
        lastUsed.entrySet().removeIf(e -> now - e.getValue() > KEEP_NANOS && deleted(e.getKey()));
    }

    private boolean deleted(String digest) {
        try {
            Files.deleteIfExists(copies.resolve(digest + ".jar"));
        } catch (IOException e) {
            LOG.warn("an unused copy of a plugin cannot be deleted: {}", e.toString());
        }
        return true;
    }
}
