package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How many threads a bundle that is not known may have. */
final class LocalThreadsTest {
    private static final String BUNDLE = "some.bundle 1.0.0";

    private final AtomicLong nanos = new AtomicLong();
    private final LocalThreads threads = new LocalThreads(nanos::get);

    @Test
    void thousandsMayAnswerAtOnce() {
        for (int i = 0; i < 4_096; i++) {
            assertThat(threads.take(BUNDLE)).isNull();
        }
        assertThat(threads.take(BUNDLE)).contains("4096 threads busy");
        assertThat(threads.take("another.bundle 1.0.0")).isNull();
        threads.give(BUNDLE, 1);
        assertThat(threads.take(BUNDLE)).isNull();
    }

    @Test
    void sixteenThatDoNotEndKeepFurtherOnesOutUntilOneEnds() {
        for (int i = 0; i < 16; i++) {
            threads.take(BUNDLE);
            threads.givenUp(BUNDLE, i);
        }
        assertThat(threads.take(BUNDLE)).as("they may still be ending").isNull();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(3));
        assertThat(threads.take(BUNDLE)).contains("do not end");
        threads.give(BUNDLE, 3);
        assertThat(threads.take(BUNDLE)).isNull();
    }
}
