package dev.thanosgateway.host.inbound;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients' connections of all listeners, fewer than the process has file descriptors for: upstream connections,
 * plugins and the configuration need some, too. Where there are too many, the one that has been idle longest closes; if
 * none is idle, further clients wait to be accepted. Called from many threads at once.
 */
public final class Connections {
    /** Kept free for jars, the configuration, the admin socket and name lookups. */
    private static final int RESERVE = 40;

    private static final int LEAST = 16;
    /** From here on the other half is large enough for any burst, and counting descriptors takes long. */
    private static final int LARGE = 4_096;

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    /** A client's connection. */
    public interface Connection {
        int BUSY = -1;

        /**
         * For how long it has had nothing to do, or {@link #BUSY}. Must be quick.
         *
         * @param nanos {@link System#nanoTime()} now
         */
        long idleNanos(long nanos);

        /** Closes it without waiting. */
        void evict();
    }

    private final int most;
    private final @Nullable UnixOperatingSystemMXBean system;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    /** Counted apart: the set's own size is a sum over its parts. */
    private final AtomicInteger count = new AtomicInteger();

    /** Accepted and not yet opened. */
    private final AtomicInteger coming = new AtomicInteger();

    private final AtomicBoolean told = new AtomicBoolean();

    /** @param most connections at once */
    public Connections(int most) {
        this(most, null);
    }

    private Connections(int most, @Nullable UnixOperatingSystemMXBean system) {
        this.most = most;
        this.system = system;
    }

    /**
     * Half of the descriptors that are free now, without a reserve: the other half is for upstream connections. Called
     * when all that is built at the start holds its descriptors.
     */
    public static Connections withinDescriptors() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return new Connections(Integer.MAX_VALUE);
        }
        long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - RESERVE;
        return new Connections(Math.clamp(free / 2, LEAST, Integer.MAX_VALUE), system);
    }

    /** A client was accepted; {@link #opened} follows when its connection is set up, on another thread. */
    public void coming() {
        coming.incrementAndGet();
    }

    /** A client's connection is set up. May call {@link Connection#evict} of another. */
    public void opened(Connection one) {
        coming.decrementAndGet();
        if (open.add(one) && count.incrementAndGet() > most) {
            makeRoom(one);
        }
    }

    public void closed(Connection one) {
        if (open.remove(one)) {
            count.decrementAndGet();
        }
    }

    /**
     * Whether another client may be accepted now: there are not too many, or one is idle and may go. Evicted connections
     * take a moment to give their descriptors back, and a burst of new ones could overtake them. The caller tries again
     * a little later.
     */
    public boolean room() {
        if (count.get() + coming.get() < most) {
            return true;
        }
        // Not those that are coming: one whose setup fails never opens, and must not keep others waiting.
        if (count.get() >= most && longestIdle(null) == null) {
            return false;
        }
        if (most > LARGE) {
            return true;
        }
        long left = system == null ? RESERVE : system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
        return left > RESERVE / 2;
    }

    /** Descriptors ran out all the same: closes the connection that has been idle longest. */
    public void exhausted() {
        makeRoom(null);
    }

    private void makeRoom(@Nullable Connection newest) {
        if (told.compareAndSet(false, true)) {
            LOG.warn(
                    "{} client connections are open, as many as the limit of open files allows: those that are idle"
                            + " longest close. Raise the limit: ulimit -n, or LimitNOFILE= in systemd.",
                    count.get() + coming.get());
        }
        Connection victim = longestIdle(newest);
        if (victim != null && open.remove(victim)) {
            count.decrementAndGet();
            victim.evict();
        }
    }

    private @Nullable Connection longestIdle(@Nullable Connection except) {
        long now = System.nanoTime();
        long longest = Connection.BUSY;
        Connection found = null;
        for (Connection one : open) {
            long idle = one == except ? Connection.BUSY : one.idleNanos(now);
            if (idle > longest) {
                longest = idle;
                found = one;
            }
        }
        return found;
    }
}
