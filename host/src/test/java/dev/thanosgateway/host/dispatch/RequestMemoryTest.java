package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A request holds what it costs, and gives it back once. */
final class RequestMemoryTest {
    private static final int MEBIBYTE = 1 << 20;
    private final HeldBytes held = new HeldBytes(
            new ByteBudget(() -> 64 * MEBIBYTE),
            new ByteBudget(() -> 64 * MEBIBYTE),
            new ByteBudget(() -> 16 * MEBIBYTE));

    private static ByteBuffer text(int bytes) {
        return ByteBuffer.wrap(("[\"" + "x".repeat(bytes - 4) + "\"]").getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(ErrorKind kind, String words, Step step) {
        assertThatThrownBy(step::run)
                .isInstanceOfSatisfying(
                        GatewayException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(words);
    }

    private interface Step {
        void run() throws GatewayException;
    }

    @Test
    void whatCanNeverBeServedIsRefusedByItsLengthAlone() throws Exception {
        RequestMemory memory = held.request();
        memory.announced(5 * MEBIBYTE);
        assertRefused(ErrorKind.TOO_LARGE, "-Xmx in THANOS_JAVA_OPTS", () -> memory.announced(6 * MEBIBYTE));
        assertThat(held.memory().used()).isZero();
    }

    @Test
    void aBodyThatIsDenserThanItIsLongIsTooLarge() throws Exception {
        RequestMemory memory = held.request();
        ByteBuffer dense = ByteBuffer.wrap(("[" + "[],".repeat(150_000) + "1]").getBytes(StandardCharsets.UTF_8));
        memory.announced(dense.remaining());
        memory.grow(dense.remaining());
        assertRefused(
                ErrorKind.TOO_LARGE,
                "needs about 25 MiB of memory, and the gateway has 16 MiB",
                () -> memory.whole(dense));
        memory.close();
        assertThat(held.memory().used()).isZero();
    }

    @Test
    void aSecondTranslationWaitsForNothingAndIsRefusedAsOverload() throws Exception {
        RequestMemory first = held.request();
        RequestMemory second = held.request();
        first.grow(2 * MEBIBYTE);
        first.whole(text(2 * MEBIBYTE));
        assertThat(held.memory().used()).isBetween(14L * MEBIBYTE, 15L * MEBIBYTE);
        assertRefused(ErrorKind.OVERLOADED, "hold all the memory", () -> second.grow(MEBIBYTE));
        // Written for its target, it needs less: there is room for another.
        first.translated(2 * MEBIBYTE);
        assertThat(held.memory().used()).isBetween(8L * MEBIBYTE, 9L * MEBIBYTE);
        second.grow(MEBIBYTE / 2);
        second.whole(text(MEBIBYTE / 2));
        // A further attempt has to be written once more.
        assertRefused(ErrorKind.OVERLOADED, "hold all the memory", first::translate);
        second.close();
        first.translate();
        first.close();
        first.close();
        assertThat(held.memory().used()).isZero();
        assertThat(held.requests().used()).isZero();
    }

    @Test
    void aMessageOfASocketReservesItsCopiesAndThenWhatItsReaderKeeps() throws Exception {
        RequestMemory memory = held.request();
        memory.grow(MEBIBYTE);
        memory.message(text(MEBIBYTE / 2), text(MEBIBYTE / 2));
        assertThat(held.memory().used()).isBetween(10L * MEBIBYTE, 10L * MEBIBYTE + 4096);
        memory.messageRead(MEBIBYTE);
        memory.translated(MEBIBYTE);
        // Two copies, the text, what the reader keeps, and the body that goes on.
        assertThat(held.memory().used()).isBetween(5L * MEBIBYTE, 5L * MEBIBYTE + 4096);
        memory.translate();
        assertThat(held.memory().used()).isBetween(8L * MEBIBYTE, 8L * MEBIBYTE + 4096);
        assertRefused(ErrorKind.TOO_LARGE, "needs about 19 MiB", () -> memory.messageRead(10 * MEBIBYTE));
        memory.close();
        assertRefused(
                ErrorKind.TOO_LARGE,
                "needs about 21 MiB",
                () -> held.request().message(text(2 * MEBIBYTE), ByteBuffer.allocate(0)));
        assertThat(held.memory().used()).isZero();
    }

    @Test
    void aSmallBodyCountsAsTheWorstOfItsLength() throws Exception {
        RequestMemory memory = held.request();
        memory.grow(1000);
        memory.whole(text(1000));
        assertThat(held.memory().used()).isEqualTo(16_000);
        assertThat(held.requests().used()).isEqualTo(1000);
    }

    @Test
    void theMemoryIsAPartOfTheHeap() {
        assertThat(HeldBytes.memory(122L * MEBIBYTE).limit()).isBetween(60L * MEBIBYTE, 70L * MEBIBYTE);
        assertThat(HeldBytes.memory(4096L * MEBIBYTE).limit()).isBetween(2900L * MEBIBYTE, 3100L * MEBIBYTE);
        assertThat(HeldBytes.memory(16L * MEBIBYTE).limit()).isEqualTo(4 * MEBIBYTE);
    }
}
