package dev.thanosgateway.host.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An upstream on raw sockets: a test takes each request as it comes and answers it byte by byte. */
public final class Upstream implements AutoCloseable {
    private final ServerSocket server;
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    public Upstream() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** One request, and the connection it came on. */
    public final class Asked {
        public final String head;
        public final String body;
        public final Socket socket;
        private final CompletableFuture<Void> closed;

        private final boolean reused;

        private Asked(String head, String body, Socket socket, boolean reused, CompletableFuture<Void> closed) {
            this.head = head;
            this.body = body;
            this.socket = socket;
            this.reused = reused;
            this.closed = closed;
        }

        /** Whether its connection carried a request before. */
        public boolean reused() {
            return reused;
        }

        public Asked send(String text) {
            try {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The head of a chunked answer. */
        public Asked begins() {
            return send("HTTP/1.1 200 OK\r\nx-ratelimit-remaining: 7\r\ntransfer-encoding: chunked\r\n\r\n");
        }

        public Asked chunk(String text) {
            return send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
        }

        public Asked ends() {
            return send("0\r\n\r\n");
        }

        /** A whole answer with its length. */
        public Asked answers(int status, String headers, String text) {
            return send("HTTP/1.1 " + status + " Said\r\n" + headers + "content-length: " + text.length() + "\r\n\r\n"
                    + text);
        }

        /** Closes with a reset instead of an end. */
        public void resets() {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Waits until the gateway has closed this connection. */
        public void awaitClosed(long millis) throws Exception {
            closed.get(millis, TimeUnit.MILLISECONDS);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    public Asked next() throws InterruptedException {
        Asked next = asked.poll(5, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing was asked");
        }
        return next;
    }

    /** Whether nothing more has been asked than was taken. */
    public boolean quiet() {
        return asked.isEmpty();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> read(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void read(Socket socket) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        try {
            InputStream in = socket.getInputStream();
            boolean reused = false;
            for (String head = head(in); head != null; head = head(in)) {
                String body = new String(in.readNBytes(length(head)), StandardCharsets.UTF_8);
                asked.add(new Asked(head, body, socket, reused, closed));
                reused = true;
            }
        } catch (IOException e) {
            // Closed in the middle: closed all the same.
        }
        closed.complete(null);
    }

    private static @Nullable String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.write(b);
            String text = head.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith("\r\n\r\n")) {
                return text;
            }
        }
        return null;
    }

    private static int length(String head) {
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(line.substring(15).trim());
            }
        }
        return 0;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
