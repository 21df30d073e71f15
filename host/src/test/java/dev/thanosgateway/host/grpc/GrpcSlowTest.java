package dev.thanosgateway.host.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.proto.ThanosServiceGrpc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a gRPC client half sends has ten seconds; whoever is between calls may stay. */
final class GrpcSlowTest {
    private static final String CHAT =
            "/" + ThanosServiceGrpc.getChatCompletionMethod().getFullMethodName();

    private static final String REFLECTION = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";

    private interface Begun {
        RawHttp2 at(int port) throws IOException;
    }

    @Test
    void halfSentMessagesEndTheirCallAndHalfSentFramesTheirConnection() throws Exception {
        byte[] head = RawHttp2.head(CHAT, "application/grpc");
        List<Begun> calls = List.of(
                port -> RawHttp2.open(port).call(CHAT),
                port -> RawHttp2.open(port).call(CHAT).frame(RawHttp2.DATA, 0, 1, new byte[3]),
                port -> RawHttp2.open(port).call(CHAT).message(0, 100, new byte[10], false),
                port -> RawHttp2.open(port).call(CHAT).message(0, 0, new byte[0], false),
                port -> RawHttp2.open(port).call(REFLECTION).message(0, 100, new byte[10], false));
        List<Begun> connections = List.of(
                RawHttp2::silent,
                port -> RawHttp2.silent(port).send("PRI * HT".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                port -> RawHttp2.open(port).frame(RawHttp2.HEADERS, 0, 1, head),
                port -> RawHttp2.open(port).send(new byte[] {0, 0, 9, 1}),
                port -> RawHttp2.open(port)
                        .send(Arrays.copyOf(RawHttp2.bytes(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, head), 40)));
        try (Served served = Served.open();
                RawHttp2 idle = RawHttp2.open(served.port);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> told = new ArrayList<>();
            List<Future<String>> closed = new ArrayList<>();
            calls.forEach(begun -> told.add(clients.submit(() -> end(begun, served.port))));
            connections.forEach(begun -> closed.add(clients.submit(() -> end(begun, served.port))));
            for (Future<String> one : told) {
                assertThat(one.get()).startsWith("3 ").contains("too slowly");
            }
            for (Future<String> one : closed) {
                assertThat(one.get()).isNull();
            }
            // Idle for longer than half-sent input may be.
            idle.call("/thanos.ThanosService/Health").message(0, 0, new byte[0], true);
            assertThat(idle.status()).startsWith("0 ");
        }
    }

    private static String end(Begun begun, int port) throws Exception {
        try (RawHttp2 raw = begun.at(port)) {
            return raw.status();
        }
    }
}
