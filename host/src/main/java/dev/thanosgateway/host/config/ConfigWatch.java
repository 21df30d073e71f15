package dev.thanosgateway.host.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the configuration file. What changes in it is read whole and, if it is right, handed on; if it is not, what
 * is in force stays and the log says where the mistake is. A file that is gone for a moment, as while an editor saves,
 * changes nothing.
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
    private static final long PERIOD_MILLIS = 400;

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

    /** @param file as it was read just now */
    public ConfigWatch(Path file, Reading reading, Taking taking) {
        this.file = file;
        this.reading = reading;
        this.taking = taking;
        this.seen = Look.at(file);
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

    private void look() {
        Look now = Look.at(file);
        if (now == null || now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            Settings settings = reading.read(file);
            settings.warnings().forEach(LOG::warn);
            taking.take(settings);
            LOG.info("{} was read again and is in force.", file);
        } catch (ConfigException e) {
            LOG.error("The change is refused, what was in force stays:\n{}", e.getMessage());
        } catch (IOException | RuntimeException e) {
            LOG.error("The change is refused, what was in force stays: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
