package dev.thanosgateway.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy that does to connections what bad networks do, by a seed: each connection has one fault or none, met at
 * some byte of one direction. Stands between gateway and upstream, or between client and gateway.
 */
final class ChaosProxy implements AutoCloseable {
    enum Fault {
        NONE,
        /** Every piece comes some milliseconds late. */
        DELAY,
        /** Small pieces with pauses between them. */
        THROTTLE,
        /** Closed in order on both sides. */
        CUT,
        RESET,
        /** One direction ends, the other goes on. */
        HALF_CLOSE,
        /** Nothing goes any further, nothing is closed. */
        STALL,
        /** A second connection is made to the same place with what has come so far, and its answer thrown away. */
        DUPLICATE
    }

    private static final int MOST_BYTES_BEFORE = 4_000;
    private static final int PIECE = 4096;

    private final ServerSocket server = new ServerSocket(0, 256, InetAddress.getByName("127.0.0.1"));
    private final InetSocketAddress target;
    private final Seed seed;
    private final double share;
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<Fault, Integer> met = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /**
     * @param port where it goes, on this machine
     * @param share of the connections that have a fault, 0 to 1
     */
    ChaosProxy(int port, Seed seed, double share) throws IOException {
        this.target = new InetSocketAddress("127.0.0.1", port);
        this.seed = seed;
        this.share = share;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** How often each fault was met so far. */
    Map<Fault, Integer> met() {
        return new TreeMap<>(met);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket client) {
        Random chance = seed.of(connections.incrementAndGet());
        Fault fault = chance.nextDouble() < share
                ? Fault.values()[1 + chance.nextInt(Fault.values().length - 1)]
                : Fault.NONE;
        met.merge(fault, 1, Integer::sum);
        Socket upstream = new Socket();
        open.add(upstream);
        try {
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            upstream.connect(target);
        } catch (IOException e) {
            end(client, upstream);
            return;
        }
        boolean answers = chance.nextInt(3) > 0;
        int after = chance.nextInt(MOST_BYTES_BEFORE);
        Link up = new Link(client, upstream, answers ? Fault.NONE : fault, after, new Random(chance.nextLong()));
        Link down = new Link(upstream, client, answers ? fault : Fault.NONE, after, new Random(chance.nextLong()));
        Thread.ofVirtual().start(up::run);
        down.run();
    }

    private void end(Socket... sockets) {
        for (Socket socket : sockets) {
            open.remove(socket);
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone all the same.
            }
        }
    }

    /** One direction of one connection. */
    private final class Link {
        private final Socket from;
        private final Socket to;
        private final Fault fault;
        private final int after;
        private final Random chance;

        Link(Socket from, Socket to, Fault fault, int after, Random chance) {
            this.from = from;
            this.to = to;
            this.fault = fault;
            this.after = after;
            this.chance = chance;
        }

        void run() {
            try {
                copy();
                to.shutdownOutput();
            } catch (IOException e) {
                end(from, to);
            }
        }

        private void copy() throws IOException {
            InputStream in = from.getInputStream();
            byte[] buffer = new byte[PIECE];
            int passed = 0;
            boolean done = false;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (!done && fault != Fault.NONE && passed + count > after) {
                    pass(buffer, Math.max(0, after - passed));
                    if (!strike(buffer, count, Math.max(0, after - passed))) {
                        return;
                    }
                    done = fault != Fault.DELAY && fault != Fault.THROTTLE;
                } else {
                    pass(buffer, count);
                }
                passed += count;
            }
        }

        private void pass(byte[] buffer, int count) throws IOException {
            to.getOutputStream().write(buffer, 0, count);
            to.getOutputStream().flush();
        }

        /** @return whether this direction goes on */
        private boolean strike(byte[] buffer, int count, int sent) throws IOException {
            OutputStream out = to.getOutputStream();
            switch (fault) {
                case DELAY -> {
                    pause(1 + chance.nextInt(200));
                    out.write(buffer, sent, count - sent);
                }
                case THROTTLE -> {
                    for (int at = sent; at < count; at += 16) {
                        out.write(buffer, at, Math.min(16, count - at));
                        pause(1);
                    }
                }
                case CUT -> end(from, to);
                case RESET -> {
                    from.setSoLinger(true, 0);
                    to.setSoLinger(true, 0);
                    end(from, to);
                }
                case HALF_CLOSE -> {
                    return false;
                }
                case STALL -> {
                    while (from.getInputStream().read(buffer) >= 0) {
                        // Taken and kept.
                    }
                    end(from, to);
                }
                case DUPLICATE -> {
                    try (Socket second = new Socket()) {
                        second.connect(target);
                        second.getOutputStream().write(buffer, 0, count);
                    }
                    out.write(buffer, sent, count - sent);
                }
                case NONE -> out.write(buffer, sent, count - sent);
            }
            return !to.isClosed();
        }

        private static void pause(int millis) {
            LockSupport.parkNanos(millis * 1_000_000L);
        }
    }
}
