package dev.thanosgateway.wire.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.provider.Headers;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static @Nullable String at(int status, String... namesAndValues) {
        List<String> fields = Arrays.asList(namesAndValues);
        return RetryAfter.of(status, new Headers() {
            @Override
            public @Nullable String first(String name) {
                int at = fields.indexOf(name);
                return at < 0 ? null : fields.get(at + 1);
            }

            @Override
            public List<String> all(String name) {
                throw new IllegalStateException("One is enough.");
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "retry-after,7,7",
        "retry-after,'Wed, 21 Oct 2026 07:28:00 GMT','Wed, 21 Oct 2026 07:28:00 GMT'",
        "retry-after,1.5,1.5",
        "retry-after-ms,1200,2",
        "retry-after-ms,1000.0,1",
        "retry-after-ms,soon,",
        "x,7,",
    })
    void itIsKeptInEveryForm(String name, String value, String expected) {
        assertThat(at(503, name, value)).isEqualTo(expected);
    }

    @Test
    void secondsComeBeforeMillisecondsAndTheseBeforeLimits() {
        assertThat(at(429, "retry-after-ms", "6500", "retry-after", "7")).isEqualTo("7");
        assertThat(at(429, "x-ratelimit-reset", "9", "x-ratelimit-remaining", "0", "retry-after-ms", "1"))
                .isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({
        "1s,1",
        "12ms,1",
        "6m0s,360",
        "2m59.56s,180",
        "1h2m3s,3723",
        "1d,86400",
        "30,30",
        "0,0",
        "1741305600,'Fri, 07 Mar 2025 00:00:00 GMT'",
        "1741305600000,'Fri, 07 Mar 2025 00:00:00 GMT'",
        "2026-10-01T07:28:00Z,'Thu, 01 Oct 2026 07:28:00 GMT'",
        "2026-10-01T09:28:00+02:00,'Thu, 01 Oct 2026 07:28:00 GMT'",
        "soon,",
        "-1,",
    })
    void aLimitThatIsUsedUpSaysWhenItIsBack(String reset, String expected) {
        assertThat(at(429, "x-ratelimit-reset-requests", reset, "x-ratelimit-remaining-requests", "0"))
                .isEqualTo(expected);
        assertThat(at(429, "anthropic-ratelimit-tokens-reset", reset, "anthropic-ratelimit-tokens-remaining", "0"))
                .isEqualTo(expected);
    }

    @Test
    void ofSeveralTheOneThatIsBackLastCounts() {
        String[] both = {
            "x-ratelimit-reset-requests", "1s", "x-ratelimit-remaining-requests", "0",
            "x-ratelimit-reset-tokens", "6m0s", "x-ratelimit-remaining-tokens", "0"
        };

        assertThat(at(429, both)).isEqualTo("360");
        both[7] = "5";
        assertThat(at(429, both)).isEqualTo("1");
    }

    @Test
    void aLimitThatIsNotUsedUpOrNotTheReasonSaysNothing() {
        assertThat(at(429, "x-ratelimit-reset", "9", "x-ratelimit-remaining", "3"))
                .isNull();
        assertThat(at(429, "x-ratelimit-reset", "9")).isNull();
        assertThat(at(500, "x-ratelimit-reset", "9", "x-ratelimit-remaining", "0"))
                .isNull();
    }
}
