package dev.thanosgateway.host.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.proto.ThanosServiceGrpc;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no call, frame by frame. */
final class GrpcGarbageTest {
    private static final String CHAT =
            "/" + ThanosServiceGrpc.getChatCompletionMethod().getFullMethodName();

    private Served served;

    @BeforeEach
    void serve() throws Exception {
        served = Served.open();
    }

    @AfterEach
    void close() {
        served.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no protobuf", "\uffff\uffff", "\n\u00ff"})
    void aMessageThatIsNoProtobufIsAnInvalidArgument(String garbage) throws Exception {
        byte[] sent = bytes(garbage);
        try (RawHttp2 raw = RawHttp2.open(served.port).call(CHAT).message(0, sent.length, sent, true)) {
            assertThat(raw.status()).startsWith("3 ").contains("protobuf");
        }
    }

    /** Framing below the messages: gRPC's specification demands INTERNAL, and the library answers it. */
    @ParameterizedTest
    @CsvSource({"1,4,compression not configured", "66,4,reserved bits", "0,100,mid-frame"})
    void aBrokenFrameIsToldSo(int flag, int length, String why) throws Exception {
        try (RawHttp2 raw = RawHttp2.open(served.port).call(CHAT).message(flag, length, new byte[4], true)) {
            assertThat(raw.status()).startsWith("13 ").contains(why);
        }
    }

    @Test
    void compressedGarbageIsAnInvalidArgument() throws Exception {
        try (RawHttp2 raw =
                RawHttp2.open(served.port).call(CHAT, "grpc-encoding", "gzip").message(1, 4, new byte[4], true)) {
            assertThat(raw.status()).startsWith("3 ");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, -1, 33 << 20})
    void aPrefixOverTheLimitIsExhausted(int length) throws Exception {
        try (RawHttp2 raw = RawHttp2.open(served.port).call(CHAT).message(0, length, new byte[4], true)) {
            assertThat(raw.status()).startsWith("8 ");
        }
    }

    @Test
    void aCallWithoutAMessageIsAnInvalidArgument() throws Exception {
        try (RawHttp2 raw = RawHttp2.open(served.port).call(CHAT).frame(RawHttp2.DATA, 1, 1, new byte[0])) {
            assertThat(raw.status()).startsWith("3 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/thanos.ThanosService/Nothing", "/no.Service/Nothing", "/nothing"})
    void anUnknownMethodIsUnimplemented(String path) throws Exception {
        try (RawHttp2 raw = RawHttp2.open(served.port).call(path).message(0, 0, new byte[0], true)) {
            assertThat(raw.status()).startsWith("12 ");
        }
    }

    @Test
    void anUnknownCodingIsUnimplemented() throws Exception {
        try (RawHttp2 raw =
                RawHttp2.open(served.port).call(CHAT, "grpc-encoding", "rot13").message(1, 1, new byte[1], true)) {
            assertThat(raw.status()).startsWith("12 ");
        }
    }

    @Test
    void anotherContentTypeIsNoGrpc() throws Exception {
        try (RawHttp2 raw = RawHttp2.open(served.port)
                .frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, RawHttp2.head(CHAT, "application/json"))
                .frame(RawHttp2.DATA, 1, 1, new byte[4])) {
            assertThat(raw.status()).isEqualTo("HTTP 415");
        }
    }
}
