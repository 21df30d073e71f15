package dev.thanosgateway.host.plugins;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the plugins folder and says what is in it. A jar counts when its size and time are the same in two looks
 * 50 ms apart and it opens as a zip, whose directory is at the end: a half-copied one is waited for. Each good jar is
 * copied to a place of the gateway's own, named by its digest. Looks when the file system says so, and every 500 ms.
 */
final class PluginFolder implements AutoCloseable {
    static final int MAX_JARS = 1_000;
    static final long MAX_JAR_BYTES = 512L << 20;
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long SCAN_MILLIS = 500;
    /** A file that is deleted and written anew is one that is replaced. */
    private static final long GONE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Logger LOG = LoggerFactory.getLogger(PluginFolder.class);

    private final Path folder;
    private final JarCopies copies;
    private final Consumer<List<Seen>> changed;
    private final Map<Path, Watched> watched = new TreeMap<>();
    private final WatchService events;
    private List<Seen> told = List.of();
    private boolean unreadable;
    private boolean full;
    private @Nullable WatchKey key;
    private volatile boolean open = true;
    private @Nullable Thread thread;

    /**
     * One jar file. Exactly one of the last three is set.
     *
     * @param jar sound, and copied
     * @param waiting why it is not looked at yet
     * @param refused why it never will be, unless it changes
     */
    record Seen(
            Path path,
            @Nullable PluginJar jar,
            @Nullable String waiting,
            @Nullable String refused) {}

    /** A file as it was at the last look. */
    private static final class Watched {
        private long size = -1;
        private @Nullable FileTime modified;
        private @Nullable Object fileKey;
        private long since;
        private long retryAt;
        private @Nullable Seen result;
        private boolean definite;
        private boolean missing;
        private long missingSince;
    }

    /** @param changed told the whole content after every change, on the folder's thread */
    PluginFolder(Path folder, JarCopies copies, Consumer<List<Seen>> changed) throws IOException {
        this.folder = folder;
        this.copies = copies;
        this.changed = changed;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IOException(
                    "The plugins folder " + folder
                            + (Files.exists(folder)
                                    ? " is no folder; take away what is there."
                                    : " cannot be made; make it, or give the right to."),
                    e);
        }
        this.events = folder.getFileSystem().newWatchService();
    }

    /** Looks until every file has been seen twice, tells, and goes on looking on a thread of its own. */
    void start() {
        register();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (look() && System.nanoTime() < end) {
            LockSupport.parkNanos(SETTLE_NANOS / 4);
        }
        tell();
        thread = Thread.ofPlatform().daemon().name("plugins-folder").start(this::watch);
    }

    @Override
    public void close() throws IOException {
        open = false;
        events.close();
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    private void watch() {
        boolean unsettled = false;
        while (open) {
            try {
                WatchKey event = events.poll(unsettled ? 20 : SCAN_MILLIS, TimeUnit.MILLISECONDS);
                if (event != null) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5)); // a copy makes many events
                    event.pollEvents();
                    if (!event.reset()) {
                        key = null;
                    }
                }
                unsettled = round();
            } catch (InterruptedException | ClosedWatchServiceException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("looking at the plugins folder failed; it is tried again", e);
            }
        }
    }

    /** Looks once on whichever thread asks. @return whether a file has to be looked at again soon */
    private synchronized boolean round() {
        register();
        boolean unsettled = look();
        tell();
        copies.keep(told);
        return unsettled;
    }

    /** Looks now, not when its time comes, until every file has been seen twice; two seconds at most. */
    void lookNow() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (round() && System.nanoTime() < end) {
            LockSupport.parkNanos(SETTLE_NANOS / 4);
        }
    }

    private void register() {
        if (key != null && key.isValid()) {
            return;
        }
        try {
            key = folder.register(
                    events,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException e) {
            key = null; // the scan is enough
        }
    }

    /** @return whether a file has to be looked at again soon */
    private boolean look() {
        boolean unsettled = false;
        if (copies.allowedHasChanged()) {
            watched.values().forEach(file -> file.definite = false);
        }
        List<Path> present = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PluginFolder::counts)) {
            files.forEach(present::add);
            unreadable = false;
        } catch (IOException | RuntimeException e) {
            if (!unreadable) {
                LOG.warn("the plugins folder {} cannot be read ({}); what serves goes on", folder, e.toString());
            }
            unreadable = true;
            return false;
        }
        present.sort(null);
        unsettled |= missing(present);
        for (Path path : present) {
            try {
                unsettled |= look(path);
            } catch (NoSuchFileException e) {
                unsettled = true; // the next look finds it missing
            } catch (IOException e) {
                watched.computeIfAbsent(path, p -> new Watched()).result = new Seen(
                        path, null, null, "it cannot be read: " + e.getClass().getSimpleName());
            }
        }
        return unsettled;
    }

    /** @return whether a file is missing that may come back at once */
    private boolean missing(List<Path> present) {
        long now = System.nanoTime();
        boolean soon = false;
        Set<Path> there = Set.copyOf(present);
        for (Path path : List.copyOf(watched.keySet())) {
            Watched file = watched.get(path);
            if (file == null || there.contains(path)) {
                continue;
            }
            if (!file.missing) {
                file.missing = true;
                file.missingSince = now;
            }
            if (now - file.missingSince >= GONE_NANOS) {
                watched.remove(path);
            } else {
                soon = true;
            }
        }
        return soon;
    }

    private static boolean counts(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.endsWith(".jar") && !name.startsWith(".");
    }

    private boolean look(Path path) throws IOException {
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        if (!now.isRegularFile()) {
            watched.remove(path);
            return false;
        }
        Watched file = watched.get(path);
        if (file == null && watched.size() >= MAX_JARS) {
            if (!full) {
                LOG.warn("the plugins folder holds more than {} jars; {} and others are left out", MAX_JARS, path);
                full = true;
            }
            return false;
        }
        if (file == null) {
            file = new Watched();
            watched.put(path, file);
        }
        file.missing = false;
        long time = System.nanoTime();
        if (!same(file, now)) {
            file.size = now.size();
            file.modified = now.lastModifiedTime();
            file.fileKey = now.fileKey();
            file.since = time;
            file.retryAt = time + SETTLE_NANOS;
            file.definite = false;
            file.result = new Seen(path, null, "it is still being written", null);
            return true;
        }
        if (file.definite || time - file.retryAt < 0) {
            return !file.definite && time - file.since < SETTLE_NANOS;
        }
        return settle(path, file, time);
    }

    private static boolean same(Watched file, BasicFileAttributes now) {
        return file.size == now.size()
                && now.lastModifiedTime().equals(file.modified)
                && Objects.equals(file.fileKey, now.fileKey());
    }

    /** Two looks were the same: takes the file in, if it can be. */
    private boolean settle(Path path, Watched file, long time) throws IOException {
        if (file.size > MAX_JAR_BYTES) {
            file.definite = true;
            file.result = new Seen(path, null, null, "it is larger than " + (MAX_JAR_BYTES >> 20) + " MiB");
            return false;
        }
        file.retryAt = time + RETRY_NANOS;
        try {
            new ZipFile(path.toFile()).close();
            PluginJar jar = copies.take(path, () -> same(file, Files.readAttributes(path, BasicFileAttributes.class)));
            if (jar == null) {
                file.size = -1;
                return true;
            }
            file.definite = true;
            file.result = new Seen(path, jar, null, null);
        } catch (PluginRefusal e) {
            file.definite = true;
            file.result = new Seen(path, null, null, e.reason());
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            String why = e instanceof ZipException
                    ? "it is not a zip: the directory at its end is missing or damaged"
                    : "it cannot be read: " + e.getClass().getSimpleName();
            file.result = time - file.since >= GIVE_UP_NANOS
                    ? new Seen(path, null, null, why)
                    : new Seen(path, null, "it is not whole yet", null);
        }
        return false;
    }

    private void tell() {
        List<Seen> now = new ArrayList<>();
        for (Watched file : watched.values()) {
            if (file.result != null) {
                now.add(file.result);
            }
        }
        if (!now.equals(told)) {
            told = List.copyOf(now);
            changed.accept(told);
        }
    }
}
