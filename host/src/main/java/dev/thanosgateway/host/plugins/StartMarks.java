package dev.thanosgateway.host.plugins;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on the disk which plugin is being started. A mark that is left by a process that has ended is evidence against
 * its jar, which is quarantined by its digest: it ended the process, by {@code System.exit}, by exhausting the heap, or
 * by a crash. A mark is a file that its process keeps locked, so that one of a process that lives is never mistaken. Jars
 * that ship are not marked.
 */
final class StartMarks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StartMarks.class);

    private final Path starting;
    private final Path quarantine;
    private final Set<Mark> open = ConcurrentHashMap.newKeySet();

    /** @param folder kept between runs, shared by all instances of a state folder */
    StartMarks(Path folder) {
        this.starting = folder.resolve("starting");
        this.quarantine = folder.resolve("quarantine");
    }

    /** One start of one jar. */
    final class Mark implements AutoCloseable {
        private final @Nullable Path file;
        private final @Nullable FileChannel channel;

        private Mark(@Nullable Path file, @Nullable FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        /** The start is over, and the process lives. */
        @Override
        public void close() {
            open.remove(this);
            try {
                if (file != null) {
                    Files.deleteIfExists(file);
                }
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                LOG.warn("the mark of a started plugin cannot be deleted: {}", e.toString());
            }
        }
    }

    /** Marks a jar until its start is over. Without a disk to write to, there is no mark. */
    Mark begin(PluginJar jar) {
        if (jar.trusted()) {
            return new Mark(null, null);
        }
        try {
            Files.createDirectories(starting);
            // Locked before it has the name by which others find it.
            Path made = Files.createTempFile(starting, jar.sha256() + "-", ".tmp");
            FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE);
            FileLock held = channel.tryLock();
            if (held == null) {
                channel.close();
                return new Mark(null, null);
            }
            Path file = made.resolveSibling(String.valueOf(made.getFileName()).replace(".tmp", ".mark"));
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            Mark mark = new Mark(file, channel);
            open.add(mark);
            return mark;
        } catch (IOException e) {
            LOG.warn("the start of {} cannot be marked: {}", jar.label(), e.toString());
            return new Mark(null, null);
        }
    }

    /** Quarantines the jars whose marks were left by processes that have ended. */
    void collect() {
        if (Files.notExists(starting)) {
            return;
        }
        try (DirectoryStream<Path> marks = Files.newDirectoryStream(starting, "*.mark")) {
            for (Path mark : marks) {
                if (left(mark)) {
                    Files.createDirectories(quarantine);
                    String digest = String.valueOf(mark.getFileName()).split("-", 2)[0];
                    Files.move(mark, quarantine.resolve(digest), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            LOG.warn("marks of plugins cannot be read: {}", e.toString());
        }
    }

    private static boolean left(Path mark) throws IOException {
        try (FileChannel channel = FileChannel.open(mark, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free != null;
        } catch (OverlappingFileLockException e) {
            return false; // this process is starting it
        }
    }

    /** @throws PluginRefusal when the jar is quarantined */
    void check(PluginJar jar) throws PluginRefusal {
        Path file = quarantine.resolve(jar.sha256());
        if (!Files.exists(file)) {
            return;
        }
        String when;
        try {
            when = Files.getLastModifiedTime(file)
                    .toInstant()
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString();
        } catch (IOException e) {
            when = "unknown";
        }
        throw PluginRefusal.of("it is quarantined, because the process ended while this plugin was starting (" + when
                + "); replace the jar, or try it again with: thanos plugins release " + jar.symbolicName());
    }

    /** Lifts a quarantine. @return whether there was one */
    boolean release(PluginJar jar) throws IOException {
        return Files.deleteIfExists(quarantine.resolve(jar.sha256()));
    }

    /** The process ends in order: what is still starting is not to blame. */
    @Override
    public void close() {
        Set.copyOf(open).forEach(Mark::close);
    }
}
