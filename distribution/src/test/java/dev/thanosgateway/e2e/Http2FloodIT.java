package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 frames nobody needs: floods close their connection, garbage closes it too, and the gateway serves on. */
class Http2FloodIT {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;
    private static final int FLOOD = 200_000;

    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = Gateway.with(Gateway.ANY_PORT).start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(payload.length >> 16);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            frame.write(stream >> shift);
        }
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    private static byte[] head(boolean grpc) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        literal(head, ":method", "POST");
        literal(head, ":scheme", "http");
        literal(head, ":path", grpc ? "/thanos.ThanosService/ChatCompletion" : Chats.PATH);
        literal(head, ":authority", "127.0.0.1");
        literal(head, "content-type", grpc ? "application/grpc" : "application/json");
        literal(head, "te", "trailers");
        return head.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String name, String value) {
        out.write(0);
        out.write(name.length());
        out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        out.write(value.length());
        out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] flood(String kind, int number, boolean grpc) {
        int stream = 1 + 2 * number;
        return switch (kind) {
            case "resets" ->
                HttpMutations.joined(
                        frame(HEADERS, END_HEADERS, stream, head(grpc)),
                        frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8}));
            case "pings" -> frame(PING, 0, 0, new byte[8]);
            case "settings" -> frame(SETTINGS, 0, 0, new byte[0]);
            default -> number == 0 ? frame(HEADERS, 0, 1, head(grpc)) : frame(CONTINUATION, 0, 1, new byte[0]);
        };
    }

    private static int port(boolean grpc) {
        return grpc ? gateway.grpcPort() : gateway.port();
    }

    @ParameterizedTest
    @CsvSource({
        "resets,false", "pings,false", "settings,false", "continuations,false",
        "resets,true", "pings,true", "settings,true", "continuations,true"
    })
    void aFloodClosesItsConnection(String kind, boolean grpc) throws Exception {
        try (ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();
                Socket socket = new Socket("127.0.0.1", port(grpc))) {
            socket.setSoTimeout(20_000);
            Future<Boolean> closed = reader.submit(() -> ends(socket));
            OutputStream out = socket.getOutputStream();
            out.write(PREFACE);
            out.write(frame(SETTINGS, 0, 0, new byte[0]));
            boolean refused = false;
            try {
                for (int i = 0; i < FLOOD && !closed.isDone(); i++) {
                    out.write(flood(kind, i, grpc));
                }
            } catch (IOException e) {
                refused = true;
            }
            // gRPC's server answers each of these as long as its answers are read: no more than a request each.
            boolean answered = grpc && kind.equals("settings");
            assertThat(answered || refused || closed.get(20, TimeUnit.SECONDS)).isTrue();
        }
        Corpus.assertUnharmed(gateway);
    }

    /** Reads to the end. @return whether there was one */
    private static boolean ends(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        try {
            while (in.read(buffer) >= 0) {
                // Answers, acknowledgements, a farewell.
            }
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            // Reset: an end too.
        }
        return true;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void threeThousandConnectionsOfMutatedFramesHarmNothing(boolean grpc) throws Exception {
        Seed seed = Seed.of("malformed HTTP/2 frames, gRPC " + grpc);
        byte[] good = HttpMutations.joined(
                PREFACE,
                frame(SETTINGS, 0, 0, new byte[0]),
                frame(HEADERS, END_HEADERS, 1, head(grpc)),
                frame(
                        0,
                        1,
                        1,
                        grpc
                                ? new byte[] {0, 0, 0, 0, 2, 10, 0}
                                : Chats.whole("echo/echo", "hi").getBytes(StandardCharsets.UTF_8)));
        try (ExecutorService clients =
                Executors.newFixedThreadPool(32, Thread.ofVirtual().factory())) {
            for (int i = 0; i < 3_000; i++) {
                int number = i;
                clients.submit(() -> {
                    send(mutated(good, seed.of(number)), port(grpc));
                    return true;
                });
            }
        }
        Corpus.assertUnharmed(gateway);
    }

    /** Bits flipped, bytes cut or put in, and garbage behind; the preface stays, or nobody would look at frames. */
    private static byte[] mutated(byte[] good, Random chance) {
        byte[] bytes = good.clone();
        for (int i = 1 + chance.nextInt(4); i > 0; i--) {
            bytes[PREFACE.length + chance.nextInt(bytes.length - PREFACE.length)] ^= (byte) (1 << chance.nextInt(8));
        }
        byte[] garbage = new byte[chance.nextInt(64)];
        chance.nextBytes(garbage);
        int cut =
                chance.nextInt(3) == 0 ? PREFACE.length + chance.nextInt(bytes.length - PREFACE.length) : bytes.length;
        return HttpMutations.joined(Arrays.copyOf(bytes, cut), garbage);
    }

    private static void send(byte[] bytes, int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(50);
            socket.getOutputStream().write(bytes);
            ends(socket);
        } catch (IOException e) {
            // Closed before all was written: refused.
        }
    }
}
