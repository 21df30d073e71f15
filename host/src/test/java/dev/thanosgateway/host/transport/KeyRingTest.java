package dev.thanosgateway.host.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.config.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose turn it is, and who rests. */
final class KeyRingTest {
    /** Near the end of what fits, since nanoTime may be anywhere. */
    private long nanos = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5);

    private KeyRing ring(String... keys) {
        return new KeyRing(secrets(keys), () -> nanos);
    }

    private static List<Secret> secrets(String... keys) {
        return Stream.of(keys).map(Secret::new).toList();
    }

    private static List<String> turns(KeyRing ring, int count) {
        List<String> turns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            turns.add(String.valueOf(ring.next()));
        }
        return turns;
    }

    private static KeyRing.Key key(KeyRing ring, String name) {
        for (KeyRing.@Nullable Key key = ring.next(); key != null; key = ring.next()) {
            if (key.toString().equals(name)) {
                return key;
            }
        }
        throw new AssertionError("there is no " + name);
    }

    @Test
    void theyTakeTurns() {
        assertThat(turns(ring("a", "b", "c"), 6)).containsExactly("key 1", "key 2", "key 3", "key 1", "key 2", "key 3");
        assertThat(ring().next()).isNull();
    }

    @Test
    void oneThatRestsIsPassedOverAndTheOthersShareItsTurns() {
        KeyRing ring = ring("a", "b", "c");
        assertThat(ring.rest(key(ring, "key 1"), TimeUnit.SECONDS.toNanos(20), "it was refused"))
                .isTrue();
        assertThat(turns(ring, 8))
                .doesNotContain("key 1")
                .filteredOn("key 2"::equals)
                .hasSize(4);
        assertThat(ring.resting()).isEqualTo(Map.of("key 1", "it was refused and is used again in 20 s"));
        nanos += TimeUnit.SECONDS.toNanos(20);
        assertThat(ring.resting()).isEmpty();
        assertThat(turns(ring, 3)).contains("key 1");
    }

    @Test
    void whereAllRestTheOneThatIsBackFirstIsUsed() {
        KeyRing ring = ring("a", "b");
        ring.rest(key(ring, "key 1"), 100, "");
        ring.rest(key(ring, "key 2"), 90, "");
        assertThat(turns(ring, 3)).containsOnly("key 2");
        assertThat(ring.other(Set.of())).isNull();
        assertThat(ring.restNanos()).isEqualTo(90);
    }

    @Test
    void theOnlyOneNeverRests() {
        KeyRing ring = ring("a");
        assertThat(ring.rest(key(ring, "key 1"), 100, "it was refused")).isFalse();
        assertThat(ring.resting()).isEmpty();
        assertThat(turns(ring, 2)).containsExactly("key 1", "key 1");
    }

    @Test
    void aShorterRestDoesNotEndALongerOne() {
        KeyRing ring = ring("a", "b");
        KeyRing.Key one = key(ring, "key 1");
        ring.rest(one, 100, "");
        assertThat(ring.rest(one, 10, "")).isFalse();
        nanos += 50;
        assertThat(turns(ring, 3)).containsOnly("key 2");
    }

    @Test
    void whatStaysInTheConfigurationRestsOnAtItsNewPlace() {
        KeyRing ring = ring("a", "b", "c");
        ring.rest(key(ring, "key 3"), 100, "");
        KeyRing changed = ring.with(secrets("c", "d"));
        assertThat(turns(changed, 3)).containsOnly("key 2");
        assertThat(changed.holds(secrets("c", "d"))).isTrue();
        assertThat(changed.resting()).containsOnlyKeys("key 1");
    }

    @Test
    void noValueShows() {
        KeyRing ring = ring("sk-one", "sk-two");
        ring.rest(key(ring, "key 2"), 100, "it was refused");
        assertThat(ring.resting().toString() + key(ring, "key 1")).doesNotContain("sk-");
    }
}
