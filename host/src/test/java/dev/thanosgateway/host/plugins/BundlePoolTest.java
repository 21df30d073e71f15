package dev.thanosgateway.host.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BundlePoolTest {
    private final PoolWatch watch = new PoolWatch();
    private final BundlePool pool = new BundlePool("test.bundle 1.0.0", 300, watch);
    private final AtomicBoolean loops = new AtomicBoolean(true);

    @AfterEach
    void stop() {
        loops.set(false);
        pool.close();
        watch.close();
    }

    private void loop() {
        while (loops.get()) {
            Thread.onSpinWait();
        }
    }

    private static void unexpected(GatewayException e) {
        throw new IllegalStateException(e);
    }

    @Test
    void tasksOfALaneRunOneAtATimeInOrderAndLanesRunSideBySide() throws Exception {
        List<Integer> seen = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        Lane lane = pool.open(BundlePoolTest::unexpected);
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            lane.execute(() -> seen.add(number));
        }
        lane.execute(done::countDown);
        Plugins.await(done);
        assertThat(seen).hasSize(1_000).isSorted();

        CountDownLatch both = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            pool.open(BundlePoolTest::unexpected).execute(() -> {
                both.countDown();
                try {
                    Plugins.await(both);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        Plugins.await(both);
    }

    @Test
    void aTaskIsInterruptedOnlyWhenItsVerdictHasBeenHeard() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        BlockingQueue<Boolean> cameFirst = new ArrayBlockingQueue<>(1);
        Lane lane = pool.open(verdict -> {
            try {
                cameFirst.add(interrupted.await(200, TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        lane.execute(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        assertThat(cameFirst.poll(20, TimeUnit.SECONDS)).isFalse();
        Plugins.await(interrupted);
    }

    @Test
    void aTaskThatLoopsFailsItsOwnLaneOnceAndNoOther() throws Exception {
        BlockingQueue<GatewayException> verdicts = new ArrayBlockingQueue<>(10);
        AtomicInteger late = new AtomicInteger();
        Lane bad = pool.open(verdicts::add);
        bad.execute(this::loop);
        bad.execute(late::incrementAndGet);
        GatewayException verdict = verdicts.poll(20, TimeUnit.SECONDS);
        assertThat(verdict).isNotNull();
        assertThat(verdict.kind()).isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        assertThat(verdict.message()).contains("plugin test.bundle 1.0.0 did not return");
        bad.execute(late::incrementAndGet);

        CountDownLatch good = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            pool.open(BundlePoolTest::unexpected).execute(good::countDown);
        }
        Plugins.await(good);
        assertThat(late.get()).isZero();
        assertThat(verdicts).isEmpty();
        assertThat(pool.stuck()).isEqualTo(1);
    }

    @Test
    void aTaskThatBlocksIsInterruptedAndItsThreadServesAgain() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        pool.open(e -> {}).execute(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        Plugins.await(interrupted);
        CountDownLatch next = new CountDownLatch(1);
        pool.open(BundlePoolTest::unexpected).execute(next::countDown);
        Plugins.await(next);
        assertThat(pool.stuck()).isZero();
    }

    @Test
    void withAllThreadsStuckCallsFailAtOnceNamingTheBundle() throws Exception {
        CountDownLatch failed = new CountDownLatch(BundlePool.MAX_THREADS);
        for (int i = 0; i < BundlePool.MAX_THREADS; i++) {
            pool.open(e -> failed.countDown()).execute(this::loop);
        }
        BlockingQueue<GatewayException> queued = new ArrayBlockingQueue<>(1);
        pool.open(queued::add).execute(() -> {});
        Plugins.await(failed);
        GatewayException waiting = queued.poll(20, TimeUnit.SECONDS);
        assertThat(waiting).isNotNull();
        assertThat(waiting.kind()).isEqualTo(ErrorKind.OVERLOADED);

        BlockingQueue<GatewayException> verdicts = new ArrayBlockingQueue<>(1);
        pool.open(verdicts::add);
        GatewayException verdict = verdicts.poll(20, TimeUnit.SECONDS);
        assertThat(verdict).isNotNull();
        assertThat(verdict.kind()).isEqualTo(ErrorKind.OVERLOADED);
        assertThat(verdict.message()).contains("test.bundle 1.0.0", "stuck");
    }

    @Test
    void aTaskThatThrowsAnErrorKillsNeitherItsLaneNorItsThread() throws Exception {
        Lane lane = pool.open(BundlePoolTest::unexpected);
        CountDownLatch after = new CountDownLatch(1);
        lane.execute(() -> {
            throw new StackOverflowError();
        });
        lane.execute(after::countDown);
        Plugins.await(after);
    }

    @Test
    void aFullQueueFailsTheLaneThatWouldOverflowIt() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        BlockingQueue<GatewayException> verdicts = new ArrayBlockingQueue<>(10);
        PoolWatch none = new PoolWatch();
        try (BundlePool patient = new BundlePool("patient 1.0.0", 60_000, none)) {
            Lane lane = patient.open(verdicts::add);
            lane.execute(() -> {
                running.countDown();
                loop();
            });
            Plugins.await(running);
            for (int i = 0; i <= BundlePool.MAX_QUEUED; i++) {
                lane.execute(() -> {});
            }
            GatewayException verdict = verdicts.poll(20, TimeUnit.SECONDS);
            assertThat(verdict).isNotNull();
            assertThat(verdict.kind()).isEqualTo(ErrorKind.OVERLOADED);
        } finally {
            none.close();
        }
    }
}
