package dev.thanosgateway.host.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

/** A process that can have no more threads, and tasks that fail, do not stop the changes of plugins for good. */
class TurnTest {
    private final AtomicInteger refusals = new AtomicInteger();
    private final Turn turn = new Turn(thread -> {
        if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        thread.start();
    });

    @AfterEach
    void close() {
        turn.close();
    }

    private static Deployment deployment(Osgi osgi) {
        PluginJar jar =
                new PluginJar("ab", Path.of("x"), "x", Version.emptyVersion, List.of(), List.of(), List.of(), false);
        return new Deployment(1, jar, Path.of("x"), osgi.host().getBundle(), null, Map.of(), Set.of());
    }

    @Test
    void aTaskIsRunOnceThereIsAThreadAgain() {
        refusals.set(2);
        CountDownLatch ran = new CountDownLatch(2);
        turn.execute(ran::countDown);
        turn.execute(ran::countDown);

        assertThat(turn.await(() -> "done")).isEqualTo("done");
        assertThat(ran.getCount()).isZero();
    }

    @Test
    void aTaskThatFailsInAnyWayKeepsTheTurnFromNobody() {
        for (Error error : List.of(new OutOfMemoryError("heap"), new StackOverflowError(), new AssertionError("x"))) {
            turn.execute(() -> {
                throw error;
            });
            assertThat(turn.await(() -> "done")).isEqualTo("done");
        }
    }

    @Test
    void aTaskThatWaitsGetsTheTurnBackAlthoughNoThreadWasLeftForOthers() {
        CountDownLatch others = new CountDownLatch(1);
        String result = turn.await(() -> {
            turn.execute(others::countDown);
            refusals.set(1);
            return turn.without(() -> "waited");
        });

        assertThat(result).isEqualTo("waited");
        assertThat(turn.await(others::getCount)).isZero();
    }

    @Test
    void aPluginsCodeThatGetsNoThreadIsRunLaterAndItsEndToo(@TempDir Path root) throws Exception {
        try (Osgi osgi = new Osgi(root)) {
            Deployment plugin = deployment(osgi);
            CountDownLatch again = new CountDownLatch(1);
            CountDownLatch ended = new CountDownLatch(1);
            Guarded guarded = new Guarded(turn, () -> {}, again::countDown);
            turn.await(() -> {
                refusals.set(1);
                assertThatThrownBy(() -> guarded.call(plugin, "its start", 10_000, () -> true))
                        .isInstanceOfSatisfying(
                                PluginRefusal.class,
                                refusal -> assertThat(refusal.waits()).isTrue());
                refusals.set(1);
                guarded.later(plugin, "its stop", () -> true, ended::countDown);
                return true;
            });

            Plugins.await(again);
            Plugins.await(ended);
        }
    }
}
