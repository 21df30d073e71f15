package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.host.config.BreakerSettings;
import dev.thanosgateway.host.config.ConfigReader;
import dev.thanosgateway.host.config.Installed;
import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.RetrySettings;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Toy;
import dev.thanosgateway.host.plugins.Lane;
import dev.thanosgateway.host.plugins.LiveProvider;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of a provider goes with it, and stays where it is the same. */
final class TargetBoardTest {
    private static final String TABLE = """
            type = "toy"
            endpoint = "http://127.0.0.1:1"
            api_key = "key-of-a"
            model = "m"
            """;

    private long nanos;
    private final TargetBoard board = new TargetBoard(
            () -> new BreakerSettings(true, 1, 30, 1), () -> RetrySettings.DEFAULT, new Rig.Counted(), () -> nanos);

    private record Live(ProviderSettings settings, String bundle) implements LiveProvider {
        @Override
        public String profile() {
            return type();
        }

        @Override
        public @Nullable String autoBy() {
            return null;
        }

        @Override
        public String id() {
            return settings.id();
        }

        @Override
        public String type() {
            return settings.type();
        }

        @Override
        public Provider service() {
            return new Toy.Provider(Auth.BEARER);
        }

        @Override
        public @Nullable URI endpoint() {
            return settings.endpoint();
        }

        @Override
        public boolean vendor() {
            return true;
        }

        @Override
        public boolean official() {
            return true;
        }

        @Override
        public boolean needsKey() {
            return true;
        }

        @Override
        public Lane.Factory lanes() {
            return Lane.Factory.INLINE;
        }

        @Override
        public boolean acquire() {
            return true;
        }

        @Override
        public void release() {
            // Nobody counts.
        }

        @Override
        public int inFlight() {
            return 0;
        }
    }

    private static Live live(String table, String bundle) throws Exception {
        return new Live(
                new ConfigReader(Map.of(), Installed.UNKNOWN)
                        .parse("[providers.a]\n" + table, null)
                        .providers()
                        .get("a"),
                bundle);
    }

    private void fails(LiveProvider live, String model) {
        if (board.admit(live, model, true, false) instanceof Pass pass) {
            pass.ended(new GatewayException(ErrorKind.UPSTREAM_UNAVAILABLE, "It is broken."));
        }
    }

    private boolean aside(LiveProvider live, String model) {
        Candidate described = board.describe(Candidate.of("a", "toy").withModel(model), live, true);
        return described.unavailable() != null;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "another model   | m\"    | n\"    | true",
                "a timeout       | \"m\"  | \"m\"\\ntimeouts = { idle_ms = 7 } | true",
                "another address | :1     | :2     | false",
                "another key     | of-a   | of-b   | false",
                "a header        | \"m\"  | \"m\"\\nheaders = { X = \"y\" } | false",
                "another jar     | 1.0.0  | 1.0.1  | false",
            })
    void whatMakesItAnotherOneMakesItFresh(String edit, String from, String to, boolean kept) throws Exception {
        fails(live(TABLE, "toy 1.0.0"), "m");
        String edited = TABLE.replace(from, to.replace("\\n", "\n"));
        assertThat(aside(live(edited, "toy 1.0.0".replace(from, to)), "m")).isEqualTo(kept);
    }

    @Test
    void eachModelIsSetAsideByItselfAndTheProviderIsAsBadAsTheWorst() throws Exception {
        Live a = live(TABLE, "toy 1.0.0");
        fails(a, "m");
        assertThat(board.admit(a, "n", true, false)).isInstanceOf(Pass.class);
        assertThat(aside(a, "n")).isFalse();
        assertThat(board.of("a").breaker()).isEqualTo(Breaker.State.OPEN);
        assertThat(board.of("a").aside()).containsOnlyKeys("m");
        assertThat(board.of("a").serving()).isTrue();
        fails(a, "n");
        assertThat(board.of("a").serving()).isFalse();
        assertThat(board.of("b").serving()).isTrue();
        board.keep(id -> !id.equals("a"));
        assertThat(board.of("a").breaker()).isEqualTo(Breaker.State.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "UPSTREAM_LIMITED", "UPSTREAM_UNAVAILABLE"})
    void namesThatCallersMakeUpDoNotFillTheMemoryHoweverTheyEnd(String end) throws Exception {
        Live a = live(TABLE, "toy 1.0.0");
        GatewayException failure =
                end.isEmpty() ? null : new GatewayException(ErrorKind.valueOf(end), "No.").withRetryAfter("5");
        for (int i = 0; i < 2_000; i++) {
            if (board.admit(a, "made-up-" + i, true, false) instanceof Pass pass) {
                pass.ended(failure);
            }
        }
        fails(a, "m");
        assertThat(aside(a, "m")).as("there is no room").isFalse();
        nanos += 61_000_000_000L;
        fails(a, "m");
        assertThat(aside(a, "m")).isTrue();
    }
}
