package dev.thanosgateway.host.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The file as others write it, looked at step by step. */
final class ConfigWatchTest {
    @TempDir
    private Path folder;

    private final ConfigReader reader = new ConfigReader(Map.of(), Installed.UNKNOWN);
    private final List<String> taken = new ArrayList<>();

    private void take(Settings settings) {
        taken.add(settings.providers().keySet().toString());
    }

    private ConfigWatch watching(Path file) throws Exception {
        ConfigWatch watch = new ConfigWatch(file, reader::parse);
        watch.first();
        watch.taking(this::take);
        return watch;
    }

    @Test
    void aFileThatIsBeingWrittenIsReadOnceItStands() throws Exception {
        Path file = Files.writeString(folder.resolve("thanos.toml"), "[providers.a]\n");
        try (ConfigWatch watch = watching(file)) {
            watch.look();
            watch.look();
            assertThat(taken).isEmpty();
            // Cut short to nothing, as at the beginning of a save: by itself that would be the defaults.
            Files.writeString(file, "");
            watch.look();
            Files.writeString(file, "[providers.b]\n");
            watch.look();
            Files.writeString(file, "[providers.b]\n[providers.c]\n");
            watch.look();
            assertThat(taken).isEmpty();
            watch.look();
            watch.look();
            assertThat(taken).containsExactly("[b, c]");

            Files.delete(file);
            watch.look();
            watch.look();
            Files.writeString(file, "[providers.b]\n[providers.sever\n");
            watch.look();
            watch.look();
            assertThat(taken).hasSize(1);
        }
    }

    @Test
    void whatIsWrittenWhileItIsReadIsReadAgain() throws Exception {
        Path file = Files.writeString(folder.resolve("thanos.toml"), "[providers.a]\n");
        List<String> more = new ArrayList<>(List.of("[providers.b]\n[providers.c]\n"));
        ConfigWatch.Reading interrupted = (text, at) -> {
            if (text.contains("[providers.b]") && !more.isEmpty()) {
                overwrite(at, more.removeFirst());
            }
            return reader.parse(text, at);
        };
        try (ConfigWatch watch = new ConfigWatch(file, interrupted)) {
            watch.first();
            watch.taking(this::take);
            Files.writeString(file, "[providers.b]\n");
            watch.look();
            watch.look();
            assertThat(taken).isEmpty();
            watch.look();
            watch.look();
            assertThat(taken).containsExactly("[b, c]");
        }
    }

    private static void overwrite(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aChangeDuringTheStartIsNoticed() throws Exception {
        Path file = Files.writeString(folder.resolve("thanos.toml"), "[providers.a]\n");
        try (ConfigWatch watch = watching(file)) {
            Files.writeString(file, "[providers.a]\n[providers.b]\n");
            twice(watch);
            assertThat(taken).containsExactly("[a, b]");
        }
    }

    private static void twice(ConfigWatch watch) {
        watch.look();
        watch.look();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\t\n", "# [providers.a]\n\n  # only a comment", "\ufeff"})
    void aFileThatBecomesEmptyIsRefused(String empty) throws Exception {
        Path file = Files.writeString(folder.resolve("thanos.toml"), "[providers.a]\n");
        try (ConfigWatch watch = watching(file)) {
            Files.writeString(file, empty);
            twice(watch);
            assertThat(taken).isEmpty();
            assertThatThrownBy(watch::reload).hasMessageContaining("has become empty");

            Files.writeString(file, "[providers.b]\n");
            twice(watch);
            assertThat(taken).containsExactly("[b]");
        }
    }

    @Test
    void aSaveMayTakeAWhileBetweenCuttingTheFileAndWritingIt() throws Exception {
        Path file = Files.writeString(folder.resolve("thanos.toml"), "[providers.a]\n");
        Logger logger = (Logger) LoggerFactory.getLogger(ConfigWatch.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try (ConfigWatch watch = watching(file)) {
            Files.writeString(file, "");
            for (int i = 0; i < 10; i++) {
                watch.look();
            }
            assertThat(log.list).isEmpty();
            watch.look();
            assertThat(log.list)
                    .singleElement()
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .asString()
                    .contains("has become empty");
            twice(watch);
            assertThat(log.list).hasSize(1);
            assertThat(taken).isEmpty();
        } finally {
            logger.detachAppender(log);
        }
    }

    @Test
    void aFileThatWasEmptyAtTheStartMayStaySo() throws Exception {
        Path file = Files.writeString(folder.resolve("thanos.toml"), "# nothing yet\n");
        try (ConfigWatch watch = watching(file)) {
            Files.writeString(file, "# still nothing\n");
            twice(watch);
            assertThat(taken).containsExactly("[echo]");
        }
    }

    /** What takes the file's place, and what is said of it. */
    enum Odd {
        PIPE("is a pipe") {
            @Override
            void put(Path at) throws Exception {
                assertThat(new ProcessBuilder("mkfifo", at.toString()).start().waitFor())
                        .isZero();
            }
        },
        DIRECTORY("is a directory") {
            @Override
            void put(Path at) throws Exception {
                Files.createDirectory(at);
            }
        },
        DEVICE("is a pipe, a socket or a device") {
            @Override
            void put(Path at) throws Exception {
                Files.createSymbolicLink(at, Path.of("/dev/zero"));
            }
        },
        HUGE("larger than 4 MiB") {
            @Override
            void put(Path at) throws Exception {
                try (RandomAccessFile sparse = new RandomAccessFile(at.toFile(), "rw")) {
                    sparse.setLength(1L << 40);
                }
            }
        },
        DANGLING("does not exist") {
            @Override
            void put(Path at) throws Exception {
                Files.createSymbolicLink(at, Path.of("/nowhere/at/all"));
            }
        };

        final String said;

        Odd(String said) {
            this.said = said;
        }

        abstract void put(Path at) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(20)
    void whatIsNoRegularFileIsRefusedAndTheNextGoodOneCounts(Odd odd) throws Exception {
        Path file = Files.writeString(folder.resolve("thanos.toml"), "[providers.a]\n");
        try (ConfigWatch watch = watching(file)) {
            Files.delete(file);
            odd.put(file);
            twice(watch);
            assertThat(taken).isEmpty();
            assertThatThrownBy(watch::reload).hasMessageContaining(odd.said);

            Files.delete(file);
            Files.writeString(file, "[providers.b]\n");
            twice(watch);
            assertThat(taken).containsExactly("[b]");
        }
    }
}
