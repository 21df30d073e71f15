package dev.thanosgateway.host.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** A set of SHA-256 digests of jars. Immutable. */
public final class TrustedDigests {
    public static final TrustedDigests NONE = new TrustedDigests(Set.of());

    private final Set<String> digests;

    private TrustedDigests(Set<String> digests) {
        this.digests = Set.copyOf(digests);
    }

    /** @param digests in hex */
    public static TrustedDigests of(Set<String> digests) {
        Set<String> all = new HashSet<>();
        digests.forEach(d -> all.add(d.toLowerCase(Locale.ROOT)));
        return new TrustedDigests(all);
    }

    /**
     * Reads a lock file: lines of a digest, white space and a file name, as {@code sha256sum} writes them; empty lines
     * and those that begin with {@code #} are skipped. A file that is not there trusts nothing.
     *
     * @throws IOException with the line's number, when a line is not like that
     */
    public static TrustedDigests read(Path lock) throws IOException {
        if (!Files.exists(lock)) {
            return NONE;
        }
        Set<String> digests = new HashSet<>();
        int number = 0;
        for (String line : Files.readAllLines(lock)) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            String digest = text.split("\\s+", 2)[0].toLowerCase(Locale.ROOT);
            if (!digest.matches("[0-9a-f]{64}")) {
                throw new IOException(lock + ": line " + number + " does not begin with a SHA-256 digest");
            }
            digests.add(digest);
        }
        return new TrustedDigests(digests);
    }

    boolean trusts(String sha256) {
        return digests.contains(sha256);
    }
}
