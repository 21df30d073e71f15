package dev.thanosgateway.host.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jars that have served without a crash, by digest: the last thousand, in a file that all instances of a state folder
 * share. One that another instance overwrites is forgotten, which costs no more than another trial. Used on any thread.
 */
final class ServedJars {
    private static final int LIMIT = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(ServedJars.class);

    private final Path file;

    /** @param file made when the first jar has served */
    ServedJars(Path file) {
        this.file = file;
    }

    synchronized boolean has(String sha256) {
        return read().contains(sha256);
    }

    synchronized void add(String sha256) {
        List<String> all = new ArrayList<>(read());
        if (all.contains(sha256)) {
            return;
        }
        all.add(sha256);
        try {
            Path next = Files.createTempFile(file.toAbsolutePath().getParent(), ".served", ".next");
            Files.write(next, all.subList(Math.max(0, all.size() - LIMIT), all.size()));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("{} cannot be written: {}", file, e.toString());
        }
    }

    private List<String> read() {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", file, e.toString());
            return List.of();
        }
    }
}
