package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thanosgateway.api.chat.Usage;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CostTest {
    private static final Map<String, Double> PRICES =
            Map.of("input", 3.0, "output", 15.0, "cache_read", 0.3, "cache_write", 3.75);

    @Test
    void eachKindOfTokenHasItsPrice() {
        Usage usage = Usage.of(1_000_000, 200_000).withCachedInput(400_000).withCacheWrite(100_000);

        assertThat(Cost.dollars(usage, PRICES)).isCloseTo(1.5 + 0.12 + 0.375 + 3, within(1e-9));
    }

    @Test
    void cachedTokensWithoutAPriceOfTheirOwnCostWhatOthersDo() {
        Usage usage = Usage.of(1_000_000, 0).withCachedInput(400_000);

        assertThat(Cost.dollars(usage, Map.of("input", 3.0))).isCloseTo(3, within(1e-9));
    }

    @Test
    void whatIsNotKnownIsNotGuessed() {
        assertThat(Cost.dollars(Usage.of(5, 5), Map.of())).isZero();
        assertThat(Cost.dollars(Usage.of(5, 5), Map.of("input", 3.0))).isZero();
        assertThat(Cost.dollars(Usage.of(-1, -1), PRICES)).isZero();
    }
}
