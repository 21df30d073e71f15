package dev.thanosgateway.host.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.config.RateLimits;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one caller may ask, on a clock that goes when told. */
final class CallerLimitsTest {
    private static final Caller ONE = caller("one");
    private static final Caller TWO = caller("two");

    private final Clock clock = new Clock();
    private volatile RateLimits limits = new RateLimits(4, 0, Map.of());
    private final CallerLimits admission = new CallerLimits(() -> limits, clock, 3_000);

    private static final class Clock implements TimeMeter {
        private volatile long nanos = 1;
        private volatile long pauseNanos;

        void passes(Duration time) {
            nanos += time.toNanos();
        }

        @Override
        public long currentTimeNanos() {
            LockSupport.parkNanos(pauseNanos);
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    private static Caller caller(String key) {
        return Caller.of(key, null);
    }

    private int admitted(Caller caller, int requests) {
        int admitted = 0;
        for (int i = 0; i < requests; i++) {
            admitted += admission.admit(caller).refusal() == null ? 1 : 0;
        }
        return admitted;
    }

    private @Nullable String header(Verdict verdict, String name) {
        return verdict.headers().stream()
                .filter(h -> h.getKey().equals("x-ratelimit-" + name + "-requests"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    @Test
    void aCallerMayAskSoOftenAtOnceAndThenAsTimePasses() {
        assertThat(admitted(ONE, 9)).isEqualTo(4);
        clock.passes(Duration.ofSeconds(14));
        assertThat(admitted(ONE, 9)).isZero();
        clock.passes(Duration.ofSeconds(1));
        assertThat(admitted(ONE, 9)).isEqualTo(1);
        clock.passes(Duration.ofHours(9));
        assertThat(admitted(ONE, 9)).isEqualTo(4);
    }

    @Test
    void callersDoNotTakeFromEachOther() {
        assertThat(admitted(ONE, 9)).isEqualTo(4);
        assertThat(admitted(TWO, 9)).isEqualTo(4);
    }

    @Test
    void anAnswerSaysWhatIsLeftAndARefusalWhenToComeBack() {
        Verdict first = admission.admit(ONE);
        assertThat(header(first, "limit")).isEqualTo("4");
        assertThat(header(first, "remaining")).isEqualTo("3");
        assertThat(header(first, "reset")).isEqualTo("15s");

        admitted(ONE, 3);
        clock.passes(Duration.ofMillis(2_100));
        Verdict refused = admission.admit(ONE);
        assertThat(refused.refusal()).isNotNull();
        assertThat(refused.refusal().kind()).isEqualTo(ErrorKind.RATE_LIMITED);
        assertThat(refused.refusal().retryAfter()).isEqualTo("13");
        assertThat(refused.refusal().message()).contains("4 requests per minute", "in 13 s");
        assertThat(header(refused, "remaining")).isEqualTo("0");
        assertThat(header(refused, "reset")).isEqualTo("1m0s");
        clock.passes(Duration.ofSeconds(13));
        assertThat(admitted(ONE, 1)).isEqualTo(1);
    }

    @Test
    void theHourCountsBesideTheMinuteAndIsToldWhenItHasLessLeft() {
        limits = new RateLimits(4, 6, Map.of());
        assertThat(admitted(ONE, 9)).isEqualTo(4);
        clock.passes(Duration.ofMinutes(1));
        // Two were left of the hour, and 6 / 60 came back.
        assertThat(admitted(ONE, 9)).isEqualTo(2);
        Verdict refused = admission.admit(ONE);
        assertThat(header(refused, "limit")).isEqualTo("6");
        assertThat(header(refused, "reset")).isEqualTo("1h0m0s");
        GatewayException refusal = refused.refusal();
        assertThat(refusal).isNotNull();
        assertThat(refusal.message()).contains("6 requests per hour");
        assertThat(refusal.retryAfter()).isEqualTo("540");
    }

    @Test
    void aChangedLimitIsInForceAtOnceAndForgetsNothing() {
        admitted(ONE, 4);
        limits = new RateLimits(10, 0, Map.of());
        assertThat(admitted(ONE, 20)).isEqualTo(6);
        limits = new RateLimits(2, 0, Map.of());
        assertThat(admitted(ONE, 20)).isZero();
        limits = RateLimits.NONE;
        assertThat(admitted(ONE, 20)).isEqualTo(20);
        assertThat(admission.admit(ONE)).isEqualTo(Verdict.OPEN);
        limits = new RateLimits(2, 0, Map.of());
        assertThat(admitted(ONE, 20)).isZero();
        clock.passes(Duration.ofSeconds(30));
        assertThat(admitted(ONE, 20)).isEqualTo(1);
    }

    @Test
    void whatIsKeptIsBoundedAndNobodyGainsByBeingForgotten() {
        assertThat(admitted(ONE, 4)).isEqualTo(4);
        for (int i = 0; i < 20_000; i++) {
            admission.admit(caller("other " + i));
        }
        assertThat(admission.remembered()).isLessThanOrEqualTo(3_000);
        assertThat(admitted(ONE, 4)).isZero();
        // Those without a place share one allowance.
        assertThat(admitted(caller("late"), 4)).isZero();

        clock.passes(Duration.ofMinutes(1));
        assertThat(admitted(caller("later"), 9)).isEqualTo(4);
        assertThat(admission.remembered()).isEqualTo(1);
        assertThat(admitted(ONE, 9)).isEqualTo(4);
    }

    @Test
    void threadsThatMeetAtANewCallerGetExactlySoManyTogether() throws Exception {
        int threads = 4;
        // Threads meet where time is asked for: within every step that must not be divided.
        clock.pauseNanos = 200_000;
        CyclicBarrier together = new CyclicBarrier(threads);
        AtomicInteger[] admitted = Stream.generate(AtomicInteger::new).limit(50).toArray(AtomicInteger[]::new);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                all.add(pool.submit(() -> {
                    for (int round = 0; round < admitted.length; round++) {
                        together.await();
                        admitted[round].addAndGet(admitted(caller("round " + round), 3));
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
        assertThat(admitted).extracting(AtomicInteger::get).containsOnly(4);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1, true",
        "10.0.0.1, 10.0.0.2, false",
        "::ffff:10.0.0.1, 10.0.0.1, true",
        "2001:db8:0:1::1, 2001:db8:0:1:ffff::2, true",
        "2001:db8:0:1::1, 2001:db8:0:2::1, false",
        "::1, ::2, false",
    })
    void withoutAKeyTheAddressIsTheCallerAndANetworkOfIpv6(String a, String b, boolean same) throws Exception {
        Caller one = Caller.of(null, new InetSocketAddress(InetAddress.getByName(a), 1));
        Caller other = Caller.of(null, new InetSocketAddress(InetAddress.getByName(b), 2));
        assertThat(one.id().equals(other.id())).isEqualTo(same);
    }

    @Test
    void aKeyIsTheCallerAndIsNotKept() {
        assertThat(caller("sk-secret").id())
                .isEqualTo(Caller.of("sk-secret", new InetSocketAddress("127.0.0.1", 1))
                        .id())
                .isNotEqualTo(caller("x").id())
                .doesNotContain("sk-secret");
        assertThat(caller("sk-secret").toString()).doesNotContain("sk-secret");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "1, 1s",
        "1000, 1s",
        "1001, 2s",
        "59001, 1m0s",
        "360000, 6m0s",
        "3600000, 1h0m0s",
        "5430000, 1h30m30s"
    })
    void timesAreWrittenAsOpenAiDoes(long millis, String written) {
        assertThat(Waits.written(Duration.ofMillis(millis).toNanos())).isEqualTo(written);
    }
}
