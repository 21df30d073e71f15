package dev.thanosgateway.host.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConnectionsTest {
    private final List<String> evicted = new ArrayList<>();

    /** A connection that has been idle for so many nanoseconds, or is busy. */
    private final class Fixed implements Connections.Connection {
        private final String name;
        private final long idle;

        Fixed(String name, long idle) {
            this.name = name;
            this.idle = idle;
        }

        @Override
        public long idleNanos(long nanos) {
            return idle;
        }

        @Override
        public void evict() {
            evicted.add(name);
        }
    }

    private void open(Connections connections, String name, long idle) {
        connections.coming();
        connections.opened(new Fixed(name, idle));
    }

    @Test
    void theLongestIdleGoesFirstAndABusyOneNever() {
        Connections connections = new Connections(3);
        open(connections, "busy", Connections.Connection.BUSY);
        open(connections, "old", 900);
        open(connections, "older", 1_000);
        assertThat(evicted).isEmpty();

        open(connections, "new", 0);
        open(connections, "newer", 0);
        assertThat(evicted).containsExactly("older", "old");
    }

    @Test
    void whereAllAreBusyFurtherClientsWait() {
        Connections connections = new Connections(1);
        open(connections, "busy", Connections.Connection.BUSY);
        assertThat(connections.room()).isFalse();
        open(connections, "accepted meanwhile", Connections.Connection.BUSY);
        assertThat(evicted).isEmpty();
    }

    @Test
    void oneThatNeverOpensKeepsNobodyWaiting() {
        Connections connections = new Connections(1);
        connections.coming();
        connections.coming();
        assertThat(connections.room()).isTrue();
    }

    @Test
    void oneThatClosedMakesRoom() {
        Connections connections = new Connections(1);
        Fixed first = new Fixed("first", 5);
        connections.coming();
        connections.opened(first);
        connections.closed(first);
        connections.closed(first);
        assertThat(connections.room()).isTrue();
        open(connections, "second", 0);
        assertThat(evicted).isEmpty();
    }

    @Test
    void whatDescriptorsAllowIsFewerThanThereAre() {
        assertThat(Connections.withinDescriptors().room()).isTrue();
    }
}
