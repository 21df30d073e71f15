package dev.thanosgateway.host.plugins;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on the disk which plugins are being started or are on trial. A jar is on trial for {@link #TRIAL_MILLIS} after
 * its start, until it has served so long once. A mark that is left by a process that has ended is evidence against its
 * jar, which is quarantined by its digest: it ended the process, by {@code System.exit}, by exhausting the heap, or by a
 * crash. A mark is a file that its process keeps locked, so that one of a process that lives is never mistaken. Jars that
 * ship are not marked.
 */
final class StartMarks implements AutoCloseable {
    static final long TRIAL_MILLIS = 10_000;
    private static final String STARTING = ".mark";
    private static final String TRIAL = ".trial";
    private static final Logger LOG = LoggerFactory.getLogger(StartMarks.class);

    private final Path starting;
    private final Path quarantine;
    private final Turn turn;
    private final ServedJars served;
    private final Set<Mark> open = ConcurrentHashMap.newKeySet();

    /** @param folder kept between runs, shared by all instances of a state folder */
    StartMarks(Path folder, Turn turn) {
        this.starting = folder.resolve("starting");
        this.quarantine = folder.resolve("quarantine");
        this.served = new ServedJars(folder.resolve("served"));
        this.turn = turn;
    }

    /** One start of one jar, until its code has returned, and the trial after it. */
    final class Mark {
        private final String sha256;
        private final @Nullable FileChannel channel;
        private @Nullable Path file;
        /** Pieces of its code that have not returned, and the start itself. */
        private int running = 1;

        private boolean serves;

        private Mark(String sha256, @Nullable Path file, @Nullable FileChannel channel) {
            this.sha256 = sha256;
            this.file = file;
            this.channel = channel;
        }

        /** The same code, for whose time the mark stays, however long that is. */
        <T> Callable<T> during(Callable<T> code) {
            return () -> {
                boolean counts = enter();
                try {
                    return code.call();
                } finally {
                    if (counts) {
                        leave();
                    }
                }
            };
        }

        /**
         * The start is over.
         *
         * @param well whether the jar is ready to serve
         */
        synchronized void over(boolean well) {
            serves = well;
            leave();
        }

        private synchronized boolean enter() {
            running += running > 0 ? 1 : 0;
            return running > 0;
        }

        private synchronized void leave() {
            running--;
            if (running > 0 || file == null) {
                return;
            }
            if (served.has(sha256)) {
                end();
                return;
            }
            try {
                Path trial =
                        file.resolveSibling(String.valueOf(file.getFileName()).replace(STARTING, TRIAL));
                file = Files.move(file, trial, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                LOG.warn("the trial of a started plugin cannot be marked: {}", e.toString());
            }
            var unused = turn.schedule(this::passed, TRIAL_MILLIS);
        }

        private synchronized void passed() {
            if (serves && file != null) {
                served.add(sha256);
            }
            end();
        }

        private synchronized void end() {
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
            file = null;
        }
    }

    /** Marks a jar from now on. Without a disk to write to, there is no mark. */
    Mark begin(PluginJar jar) {
        Mark none = new Mark(jar.sha256(), null, null);
        if (jar.trusted()) {
            return none;
        }
        try {
            Files.createDirectories(starting);
            // Locked before it has the name by which others find it.
            Path made = Files.createTempFile(
                    starting, jar.sha256() + "-" + ProcessHandle.current().pid() + "-", ".tmp");
            FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE);
            FileLock held = channel.tryLock();
            if (held == null) {
                channel.close();
                return none;
            }
            channel.write(ByteBuffer.wrap(jar.label().getBytes(StandardCharsets.UTF_8)));
            Path file = made.resolveSibling(String.valueOf(made.getFileName()).replace(".tmp", STARTING));
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            Mark mark = new Mark(jar.sha256(), file, channel);
            open.add(mark);
            return mark;
        } catch (IOException e) {
            LOG.warn("the start of {} cannot be marked: {}", jar.label(), e.toString());
            return none;
        }
    }

    /** Quarantines the jars whose marks were left by processes that have ended. */
    void collect() {
        if (Files.notExists(starting)) {
            return;
        }
        Path gate = starting.resolveSibling("starting.lock");
        try (FileChannel channel = FileChannel.open(gate, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            Map<String, List<Path>> byProcess = new TreeMap<>();
            try (DirectoryStream<Path> marks =
                    Files.newDirectoryStream(starting, "*{" + STARTING + "," + TRIAL + "}")) {
                for (Path mark : marks) {
                    if (held.isValid() && left(mark)) {
                        String process = String.valueOf(mark.getFileName()).split("-", 3)[1];
                        byProcess
                                .computeIfAbsent(process, p -> new ArrayList<>())
                                .add(mark);
                    }
                }
            }
            for (List<Path> marks : byProcess.values()) {
                blame(marks);
            }
        } catch (IOException | OverlappingFileLockException e) {
            LOG.warn("marks of plugins cannot be read: {}", e.toString());
        }
    }

    /** What one process left: a plugin that was starting is to blame rather than one whose start was over. */
    private void blame(List<Path> marks) throws IOException {
        Map<Path, String> labels = new TreeMap<>();
        boolean inStart = marks.stream().anyMatch(mark -> mark.toString().endsWith(STARTING));
        for (Path mark : marks) {
            if (!inStart || mark.toString().endsWith(STARTING)) {
                labels.put(mark, Files.readString(mark));
            }
        }
        String when = inStart
                ? "the process ended while this plugin was starting"
                : "the process ended within " + TRIAL_MILLIS / 1_000 + " s of the first start of this plugin";
        for (Path mark : marks) {
            if (labels.containsKey(mark)) {
                List<String> others = labels.entrySet().stream()
                        .filter(one -> !one.getKey().equals(mark))
                        .map(Map.Entry::getValue)
                        .toList();
                String suspects = others.isEmpty()
                        ? ""
                        : ", as it did for " + String.join(", ", others)
                                + ": one of them is to blame, release them one by one";
                Files.createDirectories(quarantine);
                String digest = String.valueOf(mark.getFileName()).split("-", 2)[0];
                Files.writeString(quarantine.resolve(digest), when + suspects);
            }
        }
        for (Path mark : marks) {
            Files.deleteIfExists(mark);
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
        String why = "";
        String when = "unknown";
        try {
            why = Files.readString(file);
            when = Files.getLastModifiedTime(file)
                    .toInstant()
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString();
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", file, e.toString());
        }
        throw PluginRefusal.of("it is quarantined, because "
                + (why.isEmpty() ? "the process ended while this plugin was starting" : why) + " (" + when
                + "); replace the jar, or try it again with: thanos plugins release " + jar.symbolicName());
    }

    /** Lifts a quarantine. @return whether there was one */
    boolean release(PluginJar jar) throws IOException {
        return Files.deleteIfExists(quarantine.resolve(jar.sha256()));
    }

    /** The process ends in order: what is still starting or on trial is not to blame. */
    @Override
    public void close() {
        Set.copyOf(open).forEach(Mark::end);
    }
}
