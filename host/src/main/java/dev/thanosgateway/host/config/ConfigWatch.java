package dev.thanosgateway.host.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the configuration file. What changes in it is read whole and, if it is right, handed on; if it is not, what
 * is in force stays and the log says where the mistake is. A file that is gone changes nothing; the log names it if it
 * does not come back at once, as it does while an editor saves. A file that is being written is waited for. One that
 * becomes empty is refused: an accident, not the wish for the defaults.
 */
public final class ConfigWatch implements AutoCloseable {
    /** Reads what the file holds; the same reader as at the start. */
    @FunctionalInterface
    public interface Reading {
        Settings read(String text, Path file) throws ConfigException;
    }

    /** Takes over what was read. */
    @FunctionalInterface
    public interface Taking {
        void take(Settings settings) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);
    private static final long PERIOD_MILLIS = 100;
    /** Editors and deployment tools have put the new file in place by then, and written it. */
    private static final int SAVED_LOOKS = 10;

    /** What tells one state of the file from another; an editor that writes a new file changes the key. */
    private record Look(
            long modifiedNanos, long size, @Nullable Object key, boolean readable) {
        static @Nullable Look at(Path file) {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                return new Look(
                        found.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                        found.size(),
                        found.fileKey(),
                        Files.isReadable(file));
            } catch (IOException e) {
                return null;
            }
        }
    }

    private final Path file;
    private final Reading reading;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Taking taking = settings -> {};
    private @Nullable Look seen;
    private @Nullable Look last;
    /** Whether what is in force came from a file that sets nothing. */
    private boolean blank;
    /** Looks in a row at which there was no file. */
    private int gone;
    /** Looks in a row at which the file was the same, after the first one. */
    private int same;

    /** Call {@link #first}, then {@link #start}. */
    public ConfigWatch(Path file, Reading reading) {
        this.file = file;
        this.reading = reading;
    }

    /**
     * Reads the file for the start; it may be empty or a pipe. Every change from now on is noticed, also one that is made
     * before {@link #start}. Blocking.
     *
     * @throws ConfigException with everything that is wrong with it
     */
    public synchronized Settings first() throws ConfigException {
        seen = Look.at(file);
        last = seen;
        String text = ConfigFile.text(file);
        blank = ConfigFile.blank(text);
        return reading.read(text, file);
    }

    /** @param then takes over each change, on a thread of the watch's own */
    public void start(Taking then) {
        taking(then);
        Thread.ofPlatform().daemon().name("config").start(this::run);
    }

    void taking(Taking then) {
        taking = then;
    }

    private void run() {
        try {
            while (!stopped.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Reads the file now, whether it has changed or not, and blocks until what it says is in force.
     *
     * @return what was read
     * @throws ConfigException when it is refused and what was in force stays
     * @throws IOException when it cannot be taken over; what was in force stays
     */
    public synchronized Settings reload() throws IOException, ConfigException {
        seen = Look.at(file);
        String text = ConfigFile.watchedText(file);
        return take(read(text), text);
    }

    private Settings read(String text) throws ConfigException {
        if (ConfigFile.blank(text) && !blank) {
            throw ConfigFile.refused(
                    file, "has become empty. Put its settings back; for the built-in defaults remove it and restart.");
        }
        return reading.read(text, file);
    }

    private Settings take(Settings settings, String text) throws IOException {
        settings.warnings().forEach(LOG::warn);
        taking.take(settings);
        blank = ConfigFile.blank(text);
        LOG.info("{} was read again and is in force.", file);
        return settings;
    }

    /** One look at the file, every so often. */
    synchronized void look() {
        Look now = Look.at(file);
        same = Objects.equals(now, last) ? same + 1 : 0;
        last = now;
        gone = now == null ? gone + 1 : 0;
        if (gone == SAVED_LOOKS) {
            LOG.warn("{} is gone, or a link that leads nowhere; what was in force stays.", file);
        }
        // Between two writes of one save the file is anything: half, or empty, which a busy machine makes longer.
        if (now == null || now.equals(seen) || same < (now.size() == 0 ? SAVED_LOOKS : 1)) {
            return;
        }
        try {
            String text = ConfigFile.watchedText(file);
            Settings settings = read(text);
            if (isStill(now)) {
                take(settings, text);
            }
        } catch (ConfigException e) {
            if (isStill(now)) {
                LOG.error("The change is refused, what was in force stays:\n{}", e.getMessage());
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("The change is refused, what was in force stays: {}", e.getMessage());
            seen = now;
        }
    }

    /** Whether what was read is what was looked at; else somebody went on writing, and it will be read once more. */
    private boolean isStill(Look then) {
        if (then.equals(Look.at(file))) {
            seen = then;
            return true;
        }
        return false;
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
