package dev.thanosgateway.host.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files nobody else may read, written whole or not at all, one process at a time. Blocking. */
final class PrivateFiles {
    private final Path directory;
    private final boolean posix;

    /** @param directory made when it is not there */
    PrivateFiles(Path directory) throws IOException {
        this.directory = directory;
        this.posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, mode("rwx------"));
        }
    }

    /** What to do while no other thread or process does anything here. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** Runs {@code work} while holding the directory's lock; waits for it. */
    <T> T locked(Work<T> work) throws IOException {
        // The file system's lock is the process's own: threads must be kept apart as well.
        synchronized (PrivateFiles.class) {
            try (FileChannel file = FileChannel.open(
                    directory.resolve("keys.lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    mode("rw-------"))) {
                file.lock();
                return work.run();
            }
        }
    }

    boolean has(String name) {
        return Files.exists(directory.resolve(name));
    }

    String read(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }

    /** Puts a file in place at once: a crash leaves the old one or the new one. */
    void write(String name, String text) throws IOException {
        Path next = directory.resolve(name + ".next");
        // One left by a crash may have any mode.
        Files.deleteIfExists(next);
        try (FileChannel file = FileChannel.open(
                next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode("rw-------"))) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(next, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private FileAttribute<?>[] mode(String permissions) {
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
