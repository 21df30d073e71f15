package dev.thanosgateway.launcher;

import dev.thanosgateway.host.config.UserFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is kept outside the installation: a folder all instances share, and in it one of this process alone, which a
 * file lock keeps and the next start removes when its process has died.
 */
final class StateFolder implements AutoCloseable {
    private static final int MEBIBYTE = 1 << 20;

    private final Path shared;
    private final Path instance;
    private final FileChannel alive;

    private StateFolder(Path shared, Path instance, FileChannel alive) {
        this.shared = shared;
        this.instance = instance;
        this.alive = alive;
    }

    /** {@code $THANOS_STATE}, else {@code thanos} in {@link UserFolders#state}. */
    static Path path(Map<String, String> environment) {
        String own = environment.get("THANOS_STATE");
        if (own != null && !own.isEmpty()) {
            return Path.of(own).toAbsolutePath();
        }
        return UserFolders.state(environment).resolve("thanos");
    }

    /**
     * Makes what is missing of it, and this process's own folder in it.
     *
     * @param room what this process will write there, in bytes
     * @throws StartException when the folder cannot be made or written, or its disk has not that much room
     */
    static StateFolder open(Path shared, long room) throws StartException {
        try {
            Path instances = shared.resolve("instances");
            Files.createDirectories(instances);
            // Held by every process that starts, for a moment, so that none clears away another's folder while it is
            // being made.
            try (FileChannel gate = channel(instances.resolve("lock"));
                    FileLock held = gate.lock()) {
                removeDead(instances, held);
                Path instance = Files.createTempDirectory(
                        instances, ProcessHandle.current().pid() + "-");
                try {
                    reserve(instance.resolve("room"), room);
                    FileChannel alive = channel(instance.resolve("alive"));
                    if (alive.tryLock() == null) {
                        throw new IOException("the lock of a new file is taken");
                    }
                    return new StateFolder(shared, instance, alive);
                } catch (IOException e) {
                    delete(instance);
                    throw e;
                }
            }
        } catch (IOException e) {
            String why = e instanceof FileSystemException f && f.getReason() == null
                    ? f.getClass().getSimpleName().replace("Exception", "")
                    : String.valueOf(e.getMessage());
            throw new StartException("Cannot write the state folder " + shared + " (" + why
                    + "): make it writable, with " + (room / MEBIBYTE + 1)
                    + " MiB free on its disk, or set THANOS_STATE to one that is.");
        }
    }

    /** Writes a file of {@code room} bytes and deletes it: only a write knows of quotas, too. */
    private static void reserve(Path file, long room) throws IOException {
        try (FileChannel probe = channel(file)) {
            ByteBuffer zeros = ByteBuffer.allocate(MEBIBYTE);
            for (long left = room; left > 0; left -= zeros.limit()) {
                zeros.clear().limit((int) Math.min(MEBIBYTE, left));
                while (zeros.hasRemaining()) {
                    probe.write(zeros);
                }
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    Path shared() {
        return shared;
    }

    Path instance() {
        return instance;
    }

    @Override
    public void close() throws IOException {
        alive.close();
        delete(instance);
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** @param gate held, so that nobody else looks at the same folders */
    private static void removeDead(Path instances, FileLock gate) throws IOException {
        if (!gate.isValid()) {
            return;
        }
        List<Path> folders;
        try (Stream<Path> all = Files.list(instances)) {
            folders = all.filter(Files::isDirectory).toList();
        }
        for (Path folder : folders) {
            if (!isAlive(folder)) {
                delete(folder);
            }
        }
    }

    private static boolean isAlive(Path folder) {
        try (FileChannel alive = channel(folder.resolve("alive"))) {
            FileLock lock = alive.tryLock();
            return lock == null;
        } catch (IOException | OverlappingFileLockException e) {
            // Another user's, this process's own, or gone in between: not ours to remove.
            return true;
        }
    }

    /** Deletes what can be deleted; what cannot stays for the next start. */
    private static void delete(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        List<Path> all = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.sorted(Comparator.reverseOrder()).forEach(all::add);
            for (Path path : all) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // The next start tries again.
        }
    }
}
