package dev.thanosgateway.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An OpenAI upstream that costs next to nothing: one thread, the same bytes for everyone, keep-alive, on loopback. A
 * body with {@code "stream":true} gets {@value #CHUNKS} content chunks in one write, any other a whole answer. Started
 * as a source file, so it needs the JDK alone and must compile with 17.
 */
public final class MockUpstream {
    private static final int CHUNKS = 32;
    /** Larger requests end their connection. */
    private static final int LARGEST_REQUEST = 64 * 1024;

    private static final ByteBuffer WHOLE = whole();
    private static final ByteBuffer STREAM = stream();
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private MockUpstream() {}

    /** @param args the port */
    public static void main(String[] args) throws IOException {
        try (Selector selector = Selector.open();
                ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 1024);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            while (true) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.attachment() instanceof Connection connection) {
                        connection.serve(key);
                    } else {
                        accept(server, selector);
                    }
                }
                selector.selectedKeys().clear();
            }
        }
    }

    private static void accept(ServerSocketChannel server, Selector selector) throws IOException {
        SocketChannel channel = server.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
        }
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocate(LARGEST_REQUEST);
        private ByteBuffer out = NOTHING;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void serve(SelectionKey key) throws IOException {
            try {
                channel.write(out);
                if (!in.hasRemaining() || channel.read(in) < 0) {
                    channel.close();
                    return;
                }
                while (!out.hasRemaining() && answerNext()) {
                    channel.write(out);
                }
                key.interestOps(out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            } catch (IOException e) {
                channel.close();
            }
        }

        /** Takes one request out of {@code in}, if all of it is there. */
        private boolean answerNext() {
            String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
            int body = text.indexOf("\r\n\r\n") + 4;
            if (body < 4) {
                return false;
            }
            int end = body + contentLength(text.substring(0, body));
            if (text.length() < end) {
                return false;
            }
            int mark = text.indexOf("\"stream\":true", body);
            out = (mark >= 0 && mark < end ? STREAM : WHOLE).duplicate();
            in.flip().position(end);
            in.compact();
            return true;
        }

        private static int contentLength(String head) {
            String name = "\r\ncontent-length:";
            int at = head.toLowerCase(Locale.ROOT).indexOf(name);
            String value = at < 0 ? "0" : head.substring(at + name.length(), head.indexOf('\r', at + 1));
            return Integer.parseInt(value.trim());
        }
    }

    private static ByteBuffer whole() {
        String json = """
                {"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"mock","choices":[\
                {"index":0,"message":{"role":"assistant","content":"%s","refusal":null},"logprobs":null,\
                "finish_reason":"stop"}],"usage":{"prompt_tokens":200,"completion_tokens":64,"total_tokens":264}}""".formatted("All work and no play. ".repeat(20));
        String head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ";
        return bytes(head + json.length() + "\r\n\r\n" + json);
    }

    private static ByteBuffer stream() {
        StringBuilder text = new StringBuilder(
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
        for (int i = 0; i < CHUNKS; i++) {
            frame(text, i == 0 ? "{\"role\":\"assistant\",\"content\":\"word \"}" : "{\"content\":\"word \"}", "null");
        }
        frame(text, "{}", "\"stop\"");
        chunk(text, "data: [DONE]\n\n");
        return bytes(text.append("0\r\n\r\n").toString());
    }

    private static void frame(StringBuilder text, String delta, String finish) {
        chunk(text, """
                data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"mock",\
                "choices":[{"index":0,"delta":%s,"logprobs":null,"finish_reason":%s}]}

                """.formatted(delta, finish));
    }

    private static void chunk(StringBuilder text, String data) {
        text.append(Integer.toHexString(data.length()))
                .append("\r\n")
                .append(data)
                .append("\r\n");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
