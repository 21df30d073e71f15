package dev.thanosgateway.host.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A WebSocket client that writes its frames itself, right or wrong. Reads wait ten seconds at most. */
public final class SocketClient implements AutoCloseable {
    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;
    private static final int FIN = 0x80;
    private static final int MASK = 0x80;

    public final Socket socket;
    private final DataInputStream in;
    public final String head;

    /** A frame as it came. */
    public record Frame(int kind, boolean last, byte[] payload) {
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** Of a closing. */
        public int code() {
            return payload.length < 2 ? 0 : ByteBuffer.wrap(payload).getShort();
        }
    }

    public SocketClient(int port, String path, String headers) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        write(("GET " + path
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" + headers
                        + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        while (!answer.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            answer.write(in.readByte());
        }
        head = answer.toString(StandardCharsets.US_ASCII);
    }

    public int status() {
        return Integer.parseInt(head.split(" ")[1]);
    }

    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** @param first the first byte: the kind, 0x80 for the last frame of a message, and the reserved bits */
    public static byte[] frame(int first, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
        frame.put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (MASK | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.put((byte) (MASK | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (MASK | 127)).putLong(payload.length);
        }
        byte[] mask = {1, 2, 3, 4};
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i & 3]));
        }
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    public SocketClient send(String text) throws IOException {
        write(frame(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    public SocketClient control(int kind, byte[] payload) throws IOException {
        write(frame(FIN | kind, payload));
        return this;
    }

    public Frame frame() throws IOException {
        int first = in.readUnsignedByte();
        int size = in.readUnsignedByte();
        long length = size == 126 ? in.readUnsignedShort() : size == 127 ? in.readLong() : size;
        return new Frame(first & 15, (first & FIN) != 0, in.readNBytes((int) length));
    }

    /** The next message; pings on the way are answered. */
    public String message() throws IOException {
        StringBuilder whole = new StringBuilder();
        while (true) {
            Frame frame = frame();
            if (frame.kind() == PING) {
                control(PONG, frame.payload());
            } else if (frame.kind() == CLOSE) {
                throw new IOException("closed: " + frame.code() + " "
                        + new String(frame.payload(), 2, frame.payload().length - 2, StandardCharsets.UTF_8));
            } else {
                whole.append(frame.text());
                if (frame.last()) {
                    return whole.toString();
                }
            }
        }
    }

    /** The code of the gateway's closing; what comes before is thrown away. -1 = the connection ended without one. */
    public int closed() throws IOException {
        try {
            while (true) {
                Frame frame = frame();
                if (frame.kind() == CLOSE) {
                    return frame.code();
                }
            }
        } catch (java.io.EOFException | java.net.SocketException e) {
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
