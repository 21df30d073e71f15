package dev.thanosgateway.host.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.proto.ChatRequest;
import dev.thanosgateway.proto.Message;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages count from their first byte on, and for what they become. */
final class GrpcMemoryTest {
    private static final String CHAT =
            ThanosServiceGrpc.getChatCompletionMethod().getFullMethodName();
    private static final int HALF = 48 << 10;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int END_HEADERS = 4;
    private Served served;

    @BeforeEach
    void serve() throws Exception {
        served = Served.open();
    }

    @AfterEach
    void close() {
        served.close();
    }

    private void await(String what, java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "grpc.health.v1.Health/Check"})
    void aHalfSentMessageCountsUntilItsClientGoes(String method) throws Exception {
        List<Socket> halves = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            halves.add(half(method.isEmpty() ? CHAT : method));
        }
        await("all count", () -> served.dispatcher.held.requests().used() == 4 * HALF);
        assertThat(served.dispatcher.held.memory().used()).isGreaterThan(4 * HALF);
        for (Socket half : halves) {
            half.close();
        }
        await("nothing is held", () -> served.dispatcher.held.memory().used() == 0);
        assertThat(served.dispatcher.held.requests().used()).isZero();
    }

    /** A call whose message is announced to be of 30 MiB, and of which some has come. */
    private Socket half(String method) throws IOException {
        Socket socket = new Socket("127.0.0.1", served.port);
        OutputStream out = socket.getOutputStream();
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.write(frame(4, 0, 0, new byte[0]));
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        header(head, ":method", "POST");
        header(head, ":scheme", "http");
        header(head, ":path", "/" + method);
        header(head, ":authority", "127.0.0.1:" + served.port);
        header(head, "content-type", "application/grpc");
        header(head, "te", "trailers");
        out.write(frame(HEADERS, END_HEADERS, 1, head.toByteArray()));
        out.write(frame(DATA, 0, 1, new byte[] {0, 1, (byte) 0xE0, 0, 0}));
        for (int i = 0; i < HALF; i += 16 << 10) {
            out.write(frame(DATA, 0, 1, new byte[16 << 10]));
        }
        out.flush();
        return socket;
    }

    private static void header(ByteArrayOutputStream out, String name, String value) {
        out.write(0);
        for (String word : List.of(name, value)) {
            out.write(word.length());
            out.writeBytes(word.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    @Test
    void aMessageOfManySmallOnesIsRefusedBeforeItBecomesObjects() {
        served.dispatcher.memory = 64 << 20;
        ChatRequest.Builder many = ChatRequest.newBuilder().setModel("auto");
        for (int i = 0; i < 400_000; i++) {
            many.addMessages(Message.getDefaultInstance());
        }
        assertThatThrownBy(() -> served.client().chatCompletion(many.build()).next())
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED))
                .hasMessageContaining("MiB of memory, and the gateway has 64 MiB");
        await("nothing is held", () -> served.dispatcher.held.memory().used() == 0);
        assertThat(served.dispatcher.calls).isEmpty();
    }

    @Test
    void jsonWithinAMessageWeighsWhatItBecomes() {
        served.dispatcher.memory = 64 << 20;
        ChatRequest dense = Served.chat("hi", true).toBuilder()
                .setExtensionsJson("{\"a\":[" + "[],".repeat(500_000) + "1]}")
                .build();
        assertThatThrownBy(() -> served.client().chatCompletion(dense).next())
                .hasMessageContaining("RESOURCE_EXHAUSTED")
                .hasMessageContaining("MiB of memory");
    }

    @Test
    void whatIsNoChatRequestIsTheCallersMistake() {
        MethodDescriptor<byte[], byte[]> raw = ThanosServiceGrpc.getChatCompletionMethod().toBuilder(
                        new Bytes(), new Bytes())
                .build();
        byte[] garbage = {0x0a, 0x7f, 1, 2, 3};
        assertThatThrownBy(
                        () -> ClientCalls.blockingServerStreamingCall(served.channel, raw, CallOptions.DEFAULT, garbage)
                                .next())
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("The message is no protobuf ChatRequest");
        await("nothing is held", () -> served.dispatcher.held.memory().used() == 0);
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
