package dev.thanosgateway.host.http;

import dev.thanosgateway.host.dispatch.ByteBudget;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What all sockets remember, counted in the memory of all calls and at most a quarter of it: the protocol of a socket has
 * an answer for what was forgotten, but calls have none. What has not been renewed for longest makes room. Any thread.
 */
final class SocketMemories {
    private static final int PART = 4;

    private final ByteBudget budget;
    private final Map<SocketMemory, Long> kept = new LinkedHashMap<>();
    private long bytes;

    SocketMemories(ByteBudget budget) {
        this.budget = budget;
    }

    /**
     * Makes room for what a socket remembers now, in place of what it remembered.
     *
     * @return false = there is none; nothing is kept for the socket then
     */
    synchronized boolean keep(SocketMemory socket, long size) {
        forget(socket);
        long most = budget.limit() / PART;
        if (size == 0 || size > most) {
            return size == 0;
        }
        while (bytes + size > most || !budget.take(size)) {
            if (kept.isEmpty()) {
                return false;
            }
            evictOldest();
        }
        kept.put(socket, size);
        bytes += size;
        return true;
    }

    private void evictOldest() {
        Iterator<Map.Entry<SocketMemory, Long>> oldest = kept.entrySet().iterator();
        Map.Entry<SocketMemory, Long> one = oldest.next();
        oldest.remove();
        gave(one.getValue());
        one.getKey().evict();
    }

    /** Nothing is kept for this socket any more. */
    synchronized void forget(SocketMemory socket) {
        Long size = kept.remove(socket);
        if (size != null) {
            gave(size);
        }
    }

    private void gave(long size) {
        bytes -= size;
        budget.give(size);
    }
}
