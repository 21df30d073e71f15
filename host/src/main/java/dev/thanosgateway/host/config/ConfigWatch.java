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
 * is in force stays and the log says where the mistake is. A file that is gone for a moment, as while an editor saves,
 * changes nothing; one that is being written is waited for.
 */
public final class ConfigWatch implements AutoCloseable {
    /** Reads the file; the same reader as at the start. */
    @FunctionalInterface
    public interface Reading {
        Settings read(Path file) throws IOException, ConfigException;
    }

    /** Takes over what was read. */
    @FunctionalInterface
    public interface Taking {
        void take(Settings settings) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);
    private static final long PERIOD_MILLIS = 100;

    /** What tells one state of the file from another; an editor that writes a new file changes the key. */
    private record Look(
            long modifiedNanos, long size, @Nullable Object key) {
        static @Nullable Look at(Path file) {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                return new Look(found.lastModifiedTime().to(TimeUnit.NANOSECONDS), found.size(), found.fileKey());
            } catch (IOException e) {
                return null;
            }
        }
    }

    private final Path file;
    private final Reading reading;
    private final Taking taking;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private @Nullable Look seen;
    private @Nullable Look last;

    /** @param file as it was read just now */
    public ConfigWatch(Path file, Reading reading, Taking taking) {
        this.file = file;
        this.reading = reading;
        this.taking = taking;
        this.seen = Look.at(file);
        this.last = seen;
        this.thread = Thread.ofPlatform().daemon().name("config").unstarted(this::run);
    }

    public void start() {
        thread.start();
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
        return take(reading.read(file));
    }

    private Settings take(Settings settings) throws IOException {
        settings.warnings().forEach(LOG::warn);
        taking.take(settings);
        LOG.info("{} was read again and is in force.", file);
        return settings;
    }

    /** One look at the file, every so often. */
    synchronized void look() {
        Look now = Look.at(file);
        boolean settled = Objects.equals(now, last);
        last = now;
        // Between two writes of one save the file is anything: empty, which would mean the defaults, or half.
        if (now == null || !settled || now.equals(seen)) {
            return;
        }
        try {
            Settings settings = reading.read(file);
            if (isStill(now)) {
                take(settings);
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
