package dev.thanosgateway.host.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client on a raw socket. Reads wait five seconds at most. */
public final class Client implements AutoCloseable {
    public final Socket socket;
    private final InputStream in;
    private boolean betweenChunks;

    /** The head of one answer; names in lower case. */
    public record Head(int status, Map<String, String> fields) {
        public String field(String name) {
            return fields.getOrDefault(name, "");
        }
    }

    public Client(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(5_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    public Client send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public Client post(String body) throws IOException {
        return post("", body);
    }

    public Client post(String headers, String body) throws IOException {
        return send("POST /toy HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "Content-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    public Client postTo(String path, String body) throws IOException {
        return send("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body);
    }

    public Client get(String path, String headers) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n");
    }

    public Head head() throws IOException {
        String status = line();
        Map<String, String> fields = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            fields.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Head(Integer.parseInt(status.split(" ")[1]), fields);
    }

    /** The body that belongs to a head. */
    public String body(Head head) throws IOException {
        if (head.field("transfer-encoding").equals("chunked")) {
            StringBuilder all = new StringBuilder();
            for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
                all.append(chunk);
            }
            return all.toString();
        }
        String length = head.field("content-length");
        byte[] bytes = length.isEmpty() ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The next chunk; empty = the last. The line end behind a chunk may come with the next one only. */
    public String chunk() throws IOException {
        if (betweenChunks) {
            line();
        }
        int size = Integer.parseInt(line(), 16);
        betweenChunks = size > 0;
        String chunk = new String(in.readNBytes(size), StandardCharsets.UTF_8);
        if (size == 0) {
            line();
        }
        return chunk;
    }

    /** Whether the gateway has closed the connection; waits for it or for a byte. */
    public boolean closed() {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            return !(e instanceof java.net.SocketTimeoutException);
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the gateway closed the connection after: " + line);
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
