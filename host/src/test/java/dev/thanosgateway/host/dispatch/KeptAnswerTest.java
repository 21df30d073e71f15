package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import org.junit.jupiter.api.Test;

/** What a stream's writer keeps is counted while it is kept. */
final class KeptAnswerTest {
    private static final int MEBIBYTE = 1 << 20;
    private final HeldBytes held = new HeldBytes(
            new ByteBudget(() -> 64 * MEBIBYTE),
            new ByteBudget(() -> 64 * MEBIBYTE),
            new ByteBudget(() -> 16 * MEBIBYTE));

    @Test
    void whatIsKeptCountsAndComesBack() throws Exception {
        KeptAnswer answer = held.keptAnswer();
        answer.keeps(60_000);
        assertThat(held.memory().used()).isZero();
        answer.keeps(3 * MEBIBYTE + 1);
        assertThat(held.memory().used()).isEqualTo(3 * MEBIBYTE + MEBIBYTE / 4);
        answer.keeps(MEBIBYTE);
        assertThat(held.memory().used()).isEqualTo(MEBIBYTE);
        answer.close();
        answer.keeps(MEBIBYTE);
        assertThat(held.memory().used()).isZero();
    }

    @Test
    void anAnswerThatThereIsNoRoomForIsRefusedInWords() throws Exception {
        KeptAnswer first = held.keptAnswer();
        KeptAnswer second = held.keptAnswer();
        first.keeps(10 * MEBIBYTE);
        assertThatThrownBy(() -> second.keeps(7 * MEBIBYTE))
                .isInstanceOfSatisfying(GatewayException.class, e -> {
                    assertThat(e.kind()).isEqualTo(ErrorKind.OVERLOADED);
                    assertThat(e.retryAfter()).isEqualTo("1");
                })
                .hasMessageContaining("about 7 MiB of memory")
                .hasMessageContaining("-Xmx in THANOS_JAVA_OPTS");
        second.keeps(5 * MEBIBYTE);
        first.close();
        second.close();
        assertThat(held.memory().used()).isZero();
    }
}
