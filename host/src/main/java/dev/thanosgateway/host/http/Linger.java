package dev.thanosgateway.host.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes connections whose client may still be sending a request that was answered already. A socket that is closed with
 * unread bytes sends a reset, which destroys the answer at the client. So only the sending side is closed at first, and
 * what still comes is thrown away: within limits of bytes and time, until the client closes too.
 *
 * <p>Each connection has a virtual thread that polls: such connections are few and short, and the selector that served
 * them has let them go. Called from many threads at once.
 */
final class Linger {
    private static final int MOST_CONNECTIONS = 512;
    private static final long MOST_BYTES = 64L * 1024 * 1024;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** A client has this long, and a second more for every {@link #SLOWEST_BYTES_PER_SECOND} that come. */
    private static final long FREE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long SLOWEST_BYTES_PER_SECOND = 256 * 1024;
    private static final int SLICE_BYTES = 64 * 1024;
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Semaphore room = new Semaphore(MOST_CONNECTIONS);

    /**
     * Takes over a connection and closes it.
     *
     * @param channel non-blocking, no longer read by anybody else
     * @param closed run once it is closed, unless false is returned
     * @return false = too many are closing; the caller closes this one at once
     */
    boolean close(SocketChannel channel, Runnable closed) {
        if (!room.tryAcquire()) {
            return false;
        }
        Thread.ofVirtual().name("linger").start(() -> {
            try (channel) {
                channel.shutdownOutput();
                drain(channel);
            } catch (IOException e) {
                // Reset by the client: closed, too.
            } finally {
                room.release();
                closed.run();
            }
        });
        return true;
    }

    private static void drain(SocketChannel channel) throws IOException {
        ByteBuffer slice = ByteBuffer.allocate(SLICE_BYTES);
        long start = System.nanoTime();
        long pause = SHORTEST_PAUSE_NANOS;
        long bytes = 0;
        while (bytes <= MOST_BYTES && System.nanoTime() - start < limitNanos(bytes)) {
            int read = channel.read(slice.clear());
            if (read < 0) {
                return;
            }
            bytes += read;
            if (read == 0) {
                LockSupport.parkNanos(pause);
            }
            pause = read > 0 ? SHORTEST_PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }

    /** For how long, in all, the rest of an answered request is read when so many bytes of it have come. */
    static long limitNanos(long bytes) {
        return Math.min(MOST_NANOS, FREE_NANOS + TimeUnit.SECONDS.toNanos(bytes) / SLOWEST_BYTES_PER_SECOND);
    }
}
