package dev.thanosgateway.host.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

/** How long the mark of a jar stays on the disk. */
class StartMarksTest {
    @TempDir
    Path folder;

    private final Turn turn = new Turn();

    @AfterEach
    void close() {
        turn.close();
    }

    private static PluginJar jar(boolean trusted) {
        return new PluginJar("ab12", Path.of("x"), "x", Version.emptyVersion, List.of(), List.of(), List.of(), trusted);
    }

    /** The kinds of the marks that there are. */
    private List<String> marks() throws Exception {
        if (Files.notExists(folder.resolve("starting"))) {
            return List.of();
        }
        try (var files = Files.list(folder.resolve("starting"))) {
            return files.map(file -> file.toString().replaceFirst(".*\\.", "")).toList();
        }
    }

    @Test
    void itStaysUntilTheCodeReturnsAlthoughTheStartWasGivenUp() throws Exception {
        StartMarks marks = new StartMarks(folder, turn);
        StartMarks.Mark mark = marks.begin(jar(false));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Boolean> code = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                code.complete(mark.during(() -> {
                            begun.countDown();
                            end.await();
                            return true;
                        })
                        .call());
            } catch (Exception e) {
                code.completeExceptionally(e);
            }
        });
        Plugins.await(begun);
        mark.over(false);
        assertThat(marks()).containsExactly("mark");

        end.countDown();
        assertThat(code.get()).isTrue();
        assertThat(marks()).containsExactly("trial");

        marks.close();
        assertThat(marks()).isEmpty();
        assertThat(folder.resolve("served")).doesNotExist();
    }

    @Test
    void aJarThatHasServedIsNotOnTrialAndOneThatShipsIsNotMarked() throws Exception {
        new ServedJars(folder.resolve("served")).add("ab12");
        StartMarks marks = new StartMarks(folder, turn);
        StartMarks.Mark mark = marks.begin(jar(false));
        assertThat(marks()).containsExactly("mark");
        mark.over(true);
        assertThat(marks()).isEmpty();

        marks.begin(jar(true)).over(true);
        assertThat(marks()).isEmpty();
    }
}
