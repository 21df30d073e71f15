package dev.thanosgateway.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server on raw sockets that does what its script says, wrong things too. A connection is kept alive
 * unless the script closed it.
 */
final class FakeUpstream implements AutoCloseable {
    /** What to do with one request; runs on a thread of the connection's own. */
    @FunctionalInterface
    interface Script {
        void answer(Call call) throws Exception;
    }

    private final ServerSocket server;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> gone = new LinkedBlockingQueue<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Script script;

    FakeUpstream(Script script) throws IOException {
        this.script = script;
        server = new ServerSocket(0, 1024, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** The root of the API, as a configuration names it. */
    String endpoint() {
        return "http://127.0.0.1:" + port() + "/v1";
    }

    /** From the next request on. */
    void script(Script next) {
        script = next;
        requests.clear();
        gone.clear();
    }

    /** The next request that has come in whole. */
    Request take() throws InterruptedException {
        Request request = requests.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came within 10 s");
        }
        return request;
    }

    /** How many requests came and were not taken. */
    int untaken() {
        return requests.size();
    }

    /** Connections made so far. */
    int connections() {
        return connections.get();
    }

    /** Waits until some script's {@link Call#awaitGone} has seen its client go. */
    boolean clientGoneWithin(long millis) throws InterruptedException {
        return gone.poll(millis, TimeUnit.MILLISECONDS) != null;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (Request request = read(in); request != null; request = read(in)) {
                requests.add(request);
                Call call = new Call(request, socket, in);
                script.answer(call);
                if (socket.isClosed() || call.close) {
                    return;
                }
            }
        } catch (Exception e) {
            // The gateway went away, or the script wanted to end so: the test looks at what the client got.
        } finally {
            open.remove(socket);
        }
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.write(next);
        }
        String[] lines = head.toString(StandardCharsets.ISO_8859_1).split("\r\n");
        List<String> headers = List.of(lines).subList(1, lines.length);
        Request bare = new Request(lines[0], headers, new byte[0]);
        String length = bare.header("content-length");
        if (length == null) {
            return bare;
        }
        byte[] body = in.readNBytes(Integer.parseInt(length));
        if (body.length < Integer.parseInt(length)) {
            throw new EOFException();
        }
        return new Request(lines[0], headers, body);
    }

    /** @param line such as {@code POST /v1/chat/completions HTTP/1.1} */
    record Request(String line, List<String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String path() {
            return line.split(" ", 3)[1];
        }

        @Nullable
        String header(String name) {
            return new RawHttp.Head(0, headers).header(name.toLowerCase(Locale.ROOT));
        }
    }

    /** One request being answered. */
    final class Call {
        private final Request request;
        private final Socket socket;
        private final InputStream in;
        private boolean close;
        private @Nullable ByteArrayOutputStream held;

        private Call(Request request, Socket socket, InputStream in) {
            this.request = request;
            this.socket = socket;
            this.in = in;
        }

        Request request() {
            return request;
        }

        /** A whole answer. */
        void whole(int status, String type, String body, String... headers) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(headOf(status, type, "content-length: " + bytes.length, headers));
            all.writeBytes(bytes);
            raw(all.toByteArray());
        }

        void json(int status, String body, String... headers) throws IOException {
            whole(status, "application/json", body, headers);
        }

        /** The head of a chunked answer. */
        void head(int status, String type, String... headers) throws IOException {
            raw(headOf(status, type, "transfer-encoding: chunked", headers));
        }

        /** The head of an SSE stream. */
        void sse() throws IOException {
            head(200, "text/event-stream; charset=utf-8");
        }

        /** One SSE frame in a chunk of its own. */
        void frame(String data) throws IOException {
            chunk("data: " + data + "\n\n");
        }

        void chunk(String text) throws IOException {
            chunk(text.getBytes(StandardCharsets.UTF_8));
        }

        void chunk(byte[] bytes) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            all.writeBytes(bytes);
            all.writeBytes(new byte[] {'\r', '\n'});
            raw(all.toByteArray());
        }

        void endChunks() throws IOException {
            raw("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Keeps what is written from now on. */
        void hold() {
            held = new ByteArrayOutputStream();
        }

        /** Sends the first half of what was kept, and forgets the rest. */
        void half() throws IOException {
            byte[] all = Objects.requireNonNull(held).toByteArray();
            held = null;
            raw(Arrays.copyOf(all, all.length / 2));
        }

        void raw(byte[] bytes) throws IOException {
            if (held != null) {
                held.writeBytes(bytes);
                return;
            }
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        void raw(String bytes) throws IOException {
            raw(bytes.getBytes(StandardCharsets.UTF_8));
        }

        /** Ends the connection in order after this answer, without saying so beforehand. */
        void close() {
            close = true;
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Says nothing more until the client goes, at most for {@code millis}. */
        boolean awaitGone(int millis) throws IOException {
            close = true;
            socket.setSoTimeout(millis);
            try {
                while (in.read() >= 0) {
                    // A client that goes on talking is still there.
                }
            } catch (SocketTimeoutException e) {
                return false;
            } catch (IOException e) {
                // Reset: gone too.
            }
            gone.add(true);
            return true;
        }

        private static byte[] headOf(int status, String type, String framing, String... headers) {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
            head.append("content-type: ")
                    .append(type)
                    .append("\r\n")
                    .append(framing)
                    .append("\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        }
    }
}
