package dev.thanosgateway.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection as bytes: sends exactly what it is given, says exactly what came back. */
final class RawHttp implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private boolean withinChunks;

    RawHttp(int port) throws IOException {
        this(port, 0);
    }

    /** @param receiveBuffer of the socket, in bytes; 0 = the system's */
    RawHttp(int port, int receiveBuffer) throws IOException {
        this(port, receiveBuffer, TIMEOUT_MILLIS);
    }

    /** @param timeoutMillis of each read */
    RawHttp(int port, int receiveBuffer, int timeoutMillis) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(timeoutMillis);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** One request on a connection of its own, its answer read to the end. */
    static Response exchange(int port, byte[] request) throws IOException {
        try (RawHttp http = new RawHttp(port)) {
            http.send(request);
            return http.response();
        }
    }

    static byte[] post(String path, String body, String... headers) {
        return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** @param headers whole lines; {@code Host} is there unless given */
    static byte[] post(String path, byte[] body, String... headers) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head("POST", path, headers, "Content-Length: " + body.length));
        all.writeBytes(body);
        return all.toByteArray();
    }

    static byte[] get(String path, String... headers) {
        return head("GET", path, headers, null);
    }

    private static byte[] head(String method, String path, String[] headers, @Nullable String length) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        boolean host = false;
        for (String header : headers) {
            head.append(header).append("\r\n");
            host |= header.toLowerCase(Locale.ROOT).startsWith("host:");
        }
        if (!host) {
            head.append("Host: localhost\r\n");
        }
        if (length != null) {
            head.append(length).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Reads the head; the body is still to come. */
    Head head() throws IOException {
        String status = line();
        List<String> headers = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            headers.add(line);
        }
        return new Head(Integer.parseInt(status.split(" ", 3)[1]), headers);
    }

    Response response() throws IOException {
        Head head = head();
        return new Response(head, body(head));
    }

    /** The rest of the body. @throws EOFException when the connection ends before it does */
    byte[] body(Head head) throws IOException {
        if (chunked(head)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
                all.writeBytes(chunk);
            }
            return all.toByteArray();
        }
        String length = head.header("content-length");
        if (length == null) {
            return in.readAllBytes();
        }
        byte[] body = in.readNBytes(Integer.parseInt(length));
        if (body.length < Integer.parseInt(length)) {
            throw new EOFException("cut after " + body.length + " of " + length + " bytes");
        }
        return body;
    }

    /** The next chunk of a chunked body; empty = the end. */
    byte[] chunk() throws IOException {
        if (withinChunks) {
            // The end of a chunk may come only with the next one.
            line();
        }
        int size = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
        byte[] chunk = in.readNBytes(size);
        if (chunk.length < size) {
            throw new EOFException("cut within a chunk");
        }
        withinChunks = size > 0;
        if (size == 0) {
            line();
        }
        return chunk;
    }

    /** Reads until {@code text} has come. */
    String until(String text) throws IOException {
        byte[] end = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("ended before \"" + text + "\": " + all.toString(StandardCharsets.UTF_8));
            }
            all.write(next);
            if (next == end[end.length - 1] && endsWith(all.toByteArray(), end)) {
                return all.toString(StandardCharsets.UTF_8);
            }
        }
    }

    /** Reads at most {@code most} bytes of what comes. @return how many; -1 = the end */
    int some(int most) throws IOException {
        return in.read(new byte[most]);
    }

    /** Closes with a reset, as a process that dies does. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static boolean chunked(Head head) {
        String coding = head.header("transfer-encoding");
        return coding != null && coding.equalsIgnoreCase("chunked");
    }

    private static boolean endsWith(byte[] all, byte[] end) {
        if (all.length < end.length) {
            return false;
        }
        for (int i = 0; i < end.length; i++) {
            if (all[all.length - end.length + i] != end[i]) {
                return false;
            }
        }
        return true;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the connection ended within a line: \"" + line + "\"");
            }
            if (next == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(next);
        }
    }

    record Head(int status, List<String> headers) {
        @Nullable
        String header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .findFirst()
                    .orElse(null);
        }
    }

    record Response(Head head, byte[] bytes) {
        int status() {
            return head.status();
        }

        @Nullable
        String header(String name) {
            return head.header(name);
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
