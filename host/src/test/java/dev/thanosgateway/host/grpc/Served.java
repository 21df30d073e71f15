package dev.thanosgateway.host.grpc;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.host.access.Access;
import dev.thanosgateway.host.admission.Admission;
import dev.thanosgateway.host.config.HostPort;
import dev.thanosgateway.host.dispatch.Health;
import dev.thanosgateway.host.inbound.Connections;
import dev.thanosgateway.host.metrics.Metrics;
import dev.thanosgateway.proto.ChatRequest;
import dev.thanosgateway.proto.Message;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A front end on a real socket with a client's channel to it. */
final class Served implements AutoCloseable {
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    final ScriptedDispatcher dispatcher = new ScriptedDispatcher();
    final Counted metrics = new Counted();
    final List<ModelCard> models = new ArrayList<>();
    final int port;
    final GrpcFrontEnd frontEnd;
    final ManagedChannel channel;
    volatile Health health = new Health("healthy", true, 42, Map.of());

    private Served(String host, @Nullable String key) throws IOException {
        frontEnd = new GrpcFrontEnd(
                new GrpcFrontEnd.Options(new HostPort(host, 0), 32 << 20, false, "1.2.3"),
                dispatcher,
                () -> models,
                () -> health,
                new OneKey(key),
                Admission.OPEN,
                metrics,
                new Connections(Integer.MAX_VALUE));
        port = frontEnd.start();
        channel = channel(64 << 10);
    }

    static Served open() throws IOException {
        return new Served("127.0.0.1", null);
    }

    static Served keyed(String host, String key) throws IOException {
        return new Served(host, key);
    }

    ManagedChannel channel(int window) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .flowControlWindow(window)
                .build();
    }

    ThanosServiceGrpc.ThanosServiceBlockingStub client() {
        return ThanosServiceGrpc.newBlockingStub(channel);
    }

    static ChatRequest chat(String text, boolean stream) {
        return ChatRequest.newBuilder()
                .setModel("auto")
                .addMessages(Message.newBuilder().setRole("user").setContent(text))
                .setStream(stream)
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        frontEnd.close(Duration.ZERO);
        if (!dispatcher.broken.isEmpty()) {
            throw new AssertionError("the script broke", dispatcher.broken.peek());
        }
    }

    /** One key, or none; web pages are refused. */
    private record OneKey(@Nullable String key) implements Access {
        @Override
        public boolean keyRequired() {
            return key != null;
        }

        @Override
        public void checkKey(@Nullable String credential) throws GatewayException {
            if (key != null && !key.equals(credential)) {
                throw new GatewayException(ErrorKind.UNAUTHENTICATED, "Send a key.");
            }
        }

        @Override
        public void checkSource(@Nullable String host, @Nullable String origin, @Nullable String fetchSite)
                throws GatewayException {
            if (origin != null || host == null || !host.startsWith("127.0.0.1:")) {
                throw new GatewayException(ErrorKind.FORBIDDEN, "Not from there.");
            }
        }
    }

    /** What was counted, a line each. */
    static final class Counted implements Metrics {
        final BlockingQueue<String> ended = new LinkedBlockingQueue<>();

        @Override
        public void requestStarted(String endpoint) {}

        @Override
        public void requestEnded(String endpoint, String method, int status, long nanos) {
            ended.add(endpoint + " " + method + " " + status);
        }

        @Override
        public void streamStarted() {}

        @Override
        public void streamEnded() {}

        @Override
        public void attempt(String provider, String model, @Nullable ErrorKind failure, long nanos) {}

        @Override
        public void firstEvent(String provider, long nanos) {}

        @Override
        public void usage(String provider, String model, Usage usage, double dollars) {}

        @Override
        public void pluginSwap(String plugin, String result) {}

        @Override
        public void refused(String reason) {}

        @Override
        public void rateLimited(String endpoint) {}

        @Override
        public void gauge(String name, String help, LongSupplier now) {}

        @Override
        public void breakerFailure(String provider) {
            // Not asked about.
        }

        @Override
        public void breakers(Supplier<Map<String, Integer>> states) {
            // Not asked about.
        }

        @Override
        public byte[] text() {
            return new byte[0];
        }
    }
}
