package dev.thanosgateway.host.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigFileTest {
    private static final ConfigReader READER = new ConfigReader(Map.of(), Installed.UNKNOWN);

    @TempDir
    Path folder;

    private Path working;
    private Path home;

    @BeforeEach
    void makeFolders() throws Exception {
        working = Files.createDirectory(folder.resolve("working"));
        home = Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(home.resolve(".config/thanos"));
    }

    private Map<String, String> inHome(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.putIfAbsent("HOME", home.toString());
        return all;
    }

    private Optional<Path> find(Map<String, String> environment) {
        return ConfigFile.find(null, inHome(environment), working);
    }

    @Test
    void theFirstFileThereIsCounts() throws Exception {
        // What stands in /etc is the machine's.
        assertThat(find(Map.of()).filter(path -> path.startsWith(folder))).isEmpty();
        Path ofHome = Files.createFile(home.resolve(".config/thanos/config.toml"));
        assertThat(find(Map.of())).contains(ofHome);
        Path thanos = Files.createFile(working.resolve("thanos.toml"));
        assertThat(find(Map.of())).contains(thanos);
        Path config = Files.createFile(working.resolve("config.toml"));
        assertThat(find(Map.of())).contains(config);
        assertThat(find(Map.of("THANOS_CONFIG", ""))).contains(config);
        assertThat(find(Map.of("THANOS_CONFIG", "named.toml"))).contains(working.resolve("named.toml"));
        assertThat(ConfigFile.find(Path.of("/given"), Map.of("THANOS_CONFIG", "named.toml"), working))
                .contains(Path.of("/given"));
    }

    @Test
    void theEnvironmentSaysWhereTheUsersFoldersAre() {
        assertThat(UserFolders.config(Map.of("HOME", "/h"))).isEqualTo(Path.of("/h/.config"));
        assertThat(UserFolders.config(Map.of("HOME", "/h", "XDG_CONFIG_HOME", "/c")))
                .isEqualTo(Path.of("/c"));
        assertThat(UserFolders.config(Map.of("HOME", "/h", "XDG_CONFIG_HOME", "not-absolute")))
                .isEqualTo(Path.of("/h/.config"));
        assertThat(UserFolders.state(Map.of("HOME", "/h"))).isEqualTo(Path.of("/h/.local/state"));
        assertThat(UserFolders.state(Map.of("XDG_STATE_HOME", "/s"))).isEqualTo(Path.of("/s"));
        assertThat(UserFolders.state(Map.of())).isEqualTo(Path.of(System.getProperty("user.home"), ".local/state"));
    }

    @Test
    void aLinkThatLeadsNowhereIsRefusedAndNotPassedOver() throws Exception {
        Files.createSymbolicLink(working.resolve("config.toml"), working.resolve("gone"));

        assertThat(find(Map.of())).contains(working.resolve("config.toml"));
        assertThatThrownBy(() -> READER.read(find(Map.of()).orElseThrow())).hasMessageContaining("does not exist");
    }

    @Test
    void whatCannotBeReadIsRefusedWithTheReason() throws Exception {
        assertThatThrownBy(() -> READER.read(working))
                .isInstanceOf(ConfigException.class)
                .hasMessage(working + ": The file is a directory. Name the file in it.");
        Path large = Files.write(
                working.resolve("large"), "#\n".repeat(ConfigFile.MOST_BYTES).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> READER.read(large)).hasMessageContaining("larger than 4 MiB");
        Path latin = Files.write(working.resolve("latin"), "[server]\n# é".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> READER.read(latin)).hasMessageContaining("latin:2:3: This is not UTF-8");
    }

    @Test
    void aPipeMayBeTheFileAtTheStartIfSomethingWritesToIt() throws Exception {
        Path pipe = working.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                Files.writeString(pipe, "[server]\nmax_streams = 3\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        assertThat(READER.read(pipe).server().maxStreams()).isEqualTo(3);
        assertThatThrownBy(() -> READER.read(pipe)).hasMessageContaining("gives no content");
    }

    @Test
    void aFileMayBeginWithAByteOrderMarkAndHaveWindowsLineEnds() throws Exception {
        Path file = Files.writeString(working.resolve("w.toml"), "\ufeff[server]\r\nmax_streams = 3\r\n");

        assertThat(READER.read(file).server().maxStreams()).isEqualTo(3);
    }
}
