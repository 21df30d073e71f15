package dev.thanosgateway.host.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file as others write it, looked at step by step. */
final class ConfigWatchTest {
    @TempDir
    private Path folder;

    private final ConfigReader reader = new ConfigReader(Map.of(), type -> Optional.empty());
    private final List<String> taken = new ArrayList<>();

    private void take(Settings settings) {
        taken.add(settings.providers().keySet().toString());
    }

    @Test
    void aFileThatIsBeingWrittenIsReadOnceItStands() throws Exception {
        Path file = Files.writeString(folder.resolve("thanos.toml"), "[providers.a]\n");
        try (ConfigWatch watch = new ConfigWatch(file, reader::read, this::take)) {
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
        ConfigWatch.Reading interrupted = at -> {
            Settings read = reader.read(at);
            if (!more.isEmpty()) {
                Files.writeString(at, more.removeFirst());
            }
            return read;
        };
        try (ConfigWatch watch = new ConfigWatch(file, interrupted, this::take)) {
            Files.writeString(file, "[providers.b]\n");
            watch.look();
            watch.look();
            assertThat(taken).isEmpty();
            watch.look();
            watch.look();
            assertThat(taken).containsExactly("[b, c]");
        }
    }
}
