package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LearnedEffortsTest {
    private final AtomicLong clock = new AtomicLong(-7);
    private final LearnedEfforts efforts = new LearnedEfforts(clock::get);

    @Test
    void aRefusalIsBelievedForHalfAnHour() {
        assertThat(efforts.refused("a", "x/y", clock.get() - 1)).isTrue();
        assertThat(efforts.refuses("a", "x/y")).isTrue();
        assertThat(efforts.refuses("a", "y")).isFalse();
        assertThat(efforts.refuses("b", "x/y")).isFalse();

        clock.addAndGet(TimeUnit.MINUTES.toNanos(30));
        assertThat(efforts.refuses("a", "x/y")).isTrue();
        clock.addAndGet(1);
        assertThat(efforts.refuses("a", "x/y")).isFalse();
    }

    @Test
    void aNewRefusalBeginsAnew() {
        efforts.refused("a", "m", clock.get() - 1);
        clock.addAndGet(TimeUnit.MINUTES.toNanos(20));
        efforts.refused("a", "m", clock.get() - 1);
        clock.addAndGet(TimeUnit.MINUTES.toNanos(20));
        assertThat(efforts.refuses("a", "m")).isTrue();
    }

    @Test
    void whoWasAskedWithoutAnEffortIsNotWorthAskingAgain() {
        long before = clock.getAndIncrement();
        assertThat(efforts.refused("a", "m", before)).isTrue();
        long meanwhile = before;
        long after = clock.incrementAndGet();
        clock.incrementAndGet();
        assertThat(efforts.refused("a", "m", meanwhile)).isTrue();
        assertThat(efforts.refused("a", "m", after + 1)).isFalse();
    }

    @Test
    void theOldestIsForgottenFirst() {
        for (int i = 0; i <= 512; i++) {
            efforts.refused("a", "m" + i, clock.get() - 1);
        }
        assertThat(efforts.refuses("a", "m0")).isFalse();
        assertThat(efforts.refuses("a", "m1")).isTrue();
        assertThat(efforts.refuses("a", "m512")).isTrue();
    }
}
