package dev.thanosgateway.host.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is packed is read as it was. */
final class PackingTest {
    private static Map<String, @Nullable Object> through(Map<String, ?> members) {
        Packing packing = new Packing();
        members.forEach(packing::put);
        return Packed.read(packing.bytes(), 0, packing.size());
    }

    @Test
    void everyKindOfValueComesBack() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("nothing", null);
        all.put("yes", true);
        all.put("no", false);
        all.put("empty", "");
        all.put("latin", "déjà vu \u00ff\u0000");
        all.put("beyond", "Дa ✓ 😀 and a lone \ud800 is one question".replace("\ud800", "?"));
        all.put("long", "x".repeat(100_000));
        all.put("numbers", List.of(0L, 1L, -1L, 63L, 64L, -64L, -65L, Long.MAX_VALUE, Long.MIN_VALUE));
        all.put("fractions", List.of(0.0, -0.0, 1.5, Double.MIN_VALUE, Double.MAX_VALUE));
        all.put("list", Arrays.asList("a", null, List.of(), Map.of("in", List.of(Map.of()))));
        all.put("map", Map.of());
        assertThat(through(all)).isEqualTo(all);
    }

    @Test
    void timesAreToldAsText() {
        assertThat(through(Map.of("time", Instant.ofEpochMilli(1_234L))))
                .isEqualTo(Map.of("time", "1970-01-01T00:00:01.234Z"));
    }

    @Test
    void moreNamesThanAreKnownByAByteAreSpelt() {
        Map<String, Long> many = new LinkedHashMap<>();
        for (long i = 0; i < 1_000; i++) {
            many.put("score " + i, i);
        }
        assertThat(new LinkedHashMap<String, @Nullable Object>(through(many))).isEqualTo(many);
    }

    @Test
    void whatIsOpenedByHandReadsLikeAMapOfTheSame() {
        Packing packing = new Packing();
        packing.openList("list").openMap().put("a", 1).close().add("b").close();
        packing.openMap("map").put("c", null).close().put("last", true);
        Map<String, @Nullable Object> inner = new LinkedHashMap<>();
        inner.put("c", null);
        assertThat(Packed.read(packing.bytes(), 0, packing.size()))
                .isEqualTo(Map.of("list", List.of(Map.of("a", 1L), "b"), "map", inner, "last", true));
    }

    @Test
    void whatJsonHasNotIsRefused() {
        assertThatThrownBy(() -> new Packing().put("thread", Thread.currentThread()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRingKeepsTheNewestInTurnHoweverLongTheyAre() {
        Random random = new Random(Long.getLong("thanos.seed", 20261122));
        long room = 300_000;
        Ring ring = new Ring(() -> 500, room);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            String text = "x".repeat(random.nextInt(10) == 0 ? random.nextInt(100_000) : random.nextInt(500));
            all.add(text);
            ring.add("r" + i, i + 1, record("r" + i, text));
            if (random.nextInt(50) == 0) {
                List<Decision> kept = new ArrayList<>();
                ring.addNewest(1_000, Reader.OPERATOR, kept);
                assertThat(kept).hasSizeBetween(1, 500);
                long bytes = 0;
                for (int back = 0; back < kept.size(); back++) {
                    Map<String, @Nullable Object> told = kept.get(back).told();
                    assertThat(told).containsEntry("request_id", "r" + (i - back));
                    assertThat(told).containsEntry("message", all.get(i - back));
                    bytes += all.get(i - back).length();
                }
                assertThat(bytes).isLessThan(room);
                assertThat(ring.find("r" + (i - kept.size()), Reader.OPERATOR)).isNull();
                assertThat(ring.find("r" + (i - kept.size() + 1), Reader.OPERATOR))
                        .isNotNull();
            }
        }
    }

    private static Packing record(String id, String message) {
        return new Packing().put("request_id", id).put("caller_known", true).put("message", message);
    }
}
