package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.dispatch.ByteBudget;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SocketMemoriesTest {
    private final ByteBudget budget = new ByteBudget(() -> 400);
    private final SocketMemories all = new SocketMemories(budget);

    private SocketMemory socket(int size) {
        SocketMemory socket = new SocketMemory(all);
        socket.set(ByteBuffer.allocate(size), 1000);
        return socket;
    }

    @Test
    void theLongestNotRenewedMakesRoomInAQuarterOfTheMemory() {
        SocketMemory first = socket(40);
        SocketMemory second = socket(40);
        first.set(ByteBuffer.allocate(50), 1000);
        SocketMemory third = socket(30);

        assertThat(second.bytes().remaining()).isZero();
        assertThat(first.bytes().remaining()).isEqualTo(50);
        assertThat(third.bytes().remaining()).isEqualTo(30);
        assertThat(budget.used()).isEqualTo(80);
    }

    @Test
    void callsThatHoldTheMemoryComeFirst() {
        SocketMemory old = socket(60);
        assertThat(budget.take(330)).isTrue();
        SocketMemory fresh = socket(70);

        assertThat(old.bytes().remaining()).isZero();
        assertThat(fresh.bytes().remaining()).isEqualTo(70);
        assertThat(socket(71).bytes().remaining()).isZero();
        assertThat(budget.used()).isEqualTo(330);
    }

    @Test
    void nothingIsLeftOfSocketsThatClose() {
        List<SocketMemory> sockets = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sockets.add(socket(30));
        }
        assertThat(budget.used()).isEqualTo(90);
        assertThat(socket(101).bytes().remaining()).isZero();
        sockets.forEach(SocketMemory::close);
        sockets.get(0).set(ByteBuffer.allocate(10), 1000);

        assertThat(sockets.get(0).bytes().remaining()).isZero();
        assertThat(budget.used()).isZero();
    }
}
