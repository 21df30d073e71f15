package dev.thanosgateway.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    @TempDir
    private Path shared;

    @Test
    void theEnvironmentSaysWhere() {
        assertThat(StateFolder.path(Map.of("THANOS_STATE", "/a", "XDG_STATE_HOME", "/b")))
                .isEqualTo(Path.of("/a"));
        assertThat(StateFolder.path(Map.of("THANOS_STATE", "", "XDG_STATE_HOME", "/b")))
                .isEqualTo(Path.of("/b/thanos"));
        assertThat(StateFolder.path(Map.of("HOME", "/h"))).isEqualTo(Path.of("/h/.local/state/thanos"));
    }

    @Test
    void twoInstancesHaveFoldersOfTheirOwnAndEachRemovesItsOwn() throws Exception {
        StateFolder one = StateFolder.open(shared, 1);
        StateFolder two = StateFolder.open(shared, 1);
        assertThat(one.instance()).isNotEqualTo(two.instance()).isDirectory();

        Files.writeString(
                Files.createDirectories(one.instance().resolve("deep/down")).resolve("file"), "x");
        one.close();
        assertThat(one.instance()).doesNotExist();
        assertThat(two.instance()).isDirectory();
        two.close();
    }

    @Test
    void whatADeadProcessLeftIsRemovedAndWhatALivingOneUsesIsNot() throws Exception {
        StateFolder living = StateFolder.open(shared, 1);
        Path dead = Files.createDirectories(shared.resolve("instances/999999-1/bundles"));
        Files.writeString(dead.resolveSibling("alive"), "");

        try (StateFolder next = StateFolder.open(shared, 1)) {
            assertThat(next.shared()).isEqualTo(shared);
            assertThat(dead.getParent()).doesNotExist();
            assertThat(living.instance()).isDirectory();
        }
        living.close();
    }

    @Test
    void aFolderThatCannotBeMadeIsSaid() throws Exception {
        Path file = Files.writeString(shared.resolve("file"), "");
        assertThatThrownBy(() -> StateFolder.open(file.resolve("state"), 1))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("THANOS_STATE");
    }
}
