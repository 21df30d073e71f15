package dev.thanosgateway.host.grpc;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 connection as frames: sends exactly what it is told to, in stream 1. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    final Socket socket;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

    private RawHttp2(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(30_000);
    }

    /** Sends nothing at all. */
    static RawHttp2 silent(int port) throws IOException {
        return new RawHttp2(port);
    }

    static RawHttp2 open(int port) throws IOException {
        RawHttp2 raw = silent(port);
        raw.send(PREFACE);
        raw.frame(SETTINGS, 0, 0, new byte[0]);
        return raw;
    }

    RawHttp2 send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    static byte[] bytes(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    RawHttp2 frame(int type, int flags, int stream, byte[] payload) throws IOException {
        return send(bytes(type, flags, stream, payload));
    }

    static byte[] head(String path, String type, String... more) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        literal(head, ":method", "POST");
        literal(head, ":scheme", "http");
        literal(head, ":path", path);
        literal(head, ":authority", "127.0.0.1:1");
        literal(head, "content-type", type);
        literal(head, "te", "trailers");
        for (int i = 0; i < more.length; i += 2) {
            literal(head, more[i], more[i + 1]);
        }
        return head.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String name, String value) {
        for (String text : new String[] {name, value}) {
            if (text.equals(name)) {
                out.write(0);
            }
            out.write(text.length());
            out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** A call's head: a chat's unless the path says otherwise. */
    RawHttp2 call(String path, String... more) throws IOException {
        return frame(HEADERS, END_HEADERS, 1, head(path, "application/grpc", more));
    }

    /**
     * A message, or a part of one.
     *
     * @param flag 1 = compressed
     * @param length what its prefix says
     */
    RawHttp2 message(int flag, int length, byte[] sent, boolean last) throws IOException {
        byte[] data = ByteBuffer.allocate(5 + sent.length)
                .put((byte) flag)
                .putInt(length)
                .put(sent)
                .array();
        return frame(DATA, last ? END_STREAM : 0, 1, data);
    }

    /** How the call ended: its status and message; null = the connection ended before. */
    @Nullable
    String status() throws Exception {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        try {
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = in.readNBytes(length);
                if (type == HEADERS) {
                    Http2Headers headers = decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(payload));
                    if (headers.status() != null && !"200".contentEquals(headers.status())) {
                        return "HTTP " + headers.status();
                    }
                    if (headers.contains("grpc-status")) {
                        return headers.get("grpc-status") + " " + headers.get("grpc-message");
                    }
                }
                if (type == RST_STREAM) {
                    return "RST " + ByteBuffer.wrap(payload).getInt();
                }
            }
        } catch (EOFException | java.net.SocketException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
