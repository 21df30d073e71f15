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
        efforts.learn("a", "x/y");
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
        efforts.learn("a", "m");
        clock.addAndGet(TimeUnit.MINUTES.toNanos(20));
        efforts.learn("a", "m");
        clock.addAndGet(TimeUnit.MINUTES.toNanos(20));
        assertThat(efforts.refuses("a", "m")).isTrue();
    }

    @Test
    void theOldestIsForgottenFirst() {
        for (int i = 0; i <= 512; i++) {
            efforts.learn("a", "m" + i);
        }
        assertThat(efforts.refuses("a", "m0")).isFalse();
        assertThat(efforts.refuses("a", "m1")).isTrue();
        assertThat(efforts.refuses("a", "m512")).isTrue();
    }
}
