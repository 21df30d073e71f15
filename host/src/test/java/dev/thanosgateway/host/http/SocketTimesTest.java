package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a socket's limits in time are measured from. */
final class SocketTimesTest {
    private static final long PING = 30;
    private final SocketTimes times = new SocketTimes(0);

    @Test
    void aSilentClientIsPingedOnceAndThenGone() {
        assertThat(times.pings(30, PING)).isFalse();
        assertThat(times.gone(500, PING)).as("it was not pinged").isFalse();
        assertThat(times.pings(31, PING)).isTrue();
        // The system takes a ping also for a client that is gone.
        times.taken(31);
        assertThat(times.pings(45, PING)).isFalse();
        assertThat(times.gone(61, PING)).isFalse();
        assertThat(times.gone(62, PING)).isTrue();
        times.heard(46);
        assertThat(times.gone(100, PING)).isFalse();
        assertThat(times.pings(77, PING)).isTrue();
        times.sending(80);
        times.sent(90);
        assertThat(times.gone(110, PING)).as("it took an answer").isFalse();
        assertThat(times.pings(121, PING)).isTrue();
    }

    @Test
    void onlyTakenBytesCountWhileSomethingIsToBeSent() {
        times.heard(100);
        times.sending(100);
        times.heard(150);
        assertThat(times.gone(160, PING)).isFalse();
        assertThat(times.gone(161, PING)).isTrue();
        times.taken(150);
        assertThat(times.gone(210, PING)).isFalse();
        assertThat(times.gone(211, PING)).isTrue();
        times.sending(200);
        times.sent(200);
        assertThat(times.gone(261, PING)).as("one of two is still to be sent").isTrue();
        times.sent(205);
        assertThat(times.gone(400, PING)).as("it was not pinged").isFalse();
    }
}
