package dev.thanosgateway.host.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.thanosgateway.host.dispatch.Health;
import dev.thanosgateway.proto.Empty;
import dev.thanosgateway.proto.HealthResponse;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class GrpcAccessTest {
    private static ThanosServiceGrpc.ThanosServiceBlockingStub client(Served served, String name, String value) {
        if (name == null) {
            return served.client();
        }
        Metadata sent = new Metadata();
        sent.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        return served.client().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(sent));
    }

    private static Status.Code chat(ThanosServiceGrpc.ThanosServiceBlockingStub client) {
        try {
            client.chatCompletion(Served.chat("hi", true)).forEachRemaining(m -> {});
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "authorization, Bearer good, OK",
        "authorization, bearer good, OK",
        "authorization, good, OK",
        "x-api-key, good, OK",
        "authorization, Bearer bad, UNAUTHENTICATED",
        "authorization, Basic good, UNAUTHENTICATED",
        "authorization, Bearer, UNAUTHENTICATED",
        "x-api-key, bad, UNAUTHENTICATED",
        ", , UNAUTHENTICATED",
    })
    void aKeyIsAskedForAndFoundWhereClientsPutIt(String name, String value, Status.Code expected) throws Exception {
        try (Served served = Served.keyed("127.0.0.1", "good")) {
            assertThat(chat(client(served, name, value))).isEqualTo(expected);
            assertThat(served.dispatcher.calls).hasSize(expected == Status.Code.OK ? 1 : 0);
            assertThat(served.metrics.ended.poll(5, TimeUnit.SECONDS))
                    .isEqualTo("grpc ChatCompletion " + (1000 + expected.value()));
        }
    }

    @Test
    void aKeySentToAnOpenGatewayIsIgnored() throws Exception {
        try (Served served = Served.open()) {
            assertThat(chat(client(served, "authorization", "Bearer whatever"))).isEqualTo(Status.Code.OK);
        }
    }

    @Test
    void listingModelsNeedsAKey() throws Exception {
        try (Served served = Served.keyed("127.0.0.1", "good")) {
            StatusRuntimeException e = catchThrowableOfType(
                    StatusRuntimeException.class, () -> served.client().listModels(Empty.getDefaultInstance()));
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void healthNeedsNoKeyAndSaysLessWithoutOne() throws Exception {
        try (Served served = Served.keyed("127.0.0.1", "good")) {
            served.health = new Health(
                    "degraded", true, 5, Map.of("acme", new Health.OfProvider("unhealthy", 12L, 99, "refused")));
            HealthResponse bare = served.client().health(Empty.getDefaultInstance());
            assertThat(bare.getStatus()).isEqualTo("degraded");
            assertThat(bare.getProviders(0).getStatus()).isEqualTo("unavailable");
            assertThat(bare.getProviders(0).hasError()).isFalse();
            assertThat(bare.hasVersion()).isFalse();
            HealthResponse full = client(served, "authorization", "Bearer good").health(Empty.getDefaultInstance());
            assertThat(full.getVersion()).isEqualTo("1.2.3");
            assertThat(full.getUptime()).isEqualTo(5);
            assertThat(full.getProviders(0).getError()).isEqualTo("refused");
            assertThat(full.getProviders(0).getLatencyMs()).isEqualTo(12);
            assertThat(full.getProviders(0).getLastCheck()).isEqualTo(99);
            assertThat(HealthGrpc.newBlockingStub(served.channel)
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus()
                            .name())
                    .isEqualTo("SERVING");
        }
    }

    @Test
    void aWebPageIsRefusedWhateverItAsksFor() throws Exception {
        try (Served served = Served.open()) {
            assertThat(chat(client(served, "origin", "https://evil.example"))).isEqualTo(Status.Code.PERMISSION_DENIED);
            StatusRuntimeException e = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> client(served, "origin", "https://evil.example").health(Empty.getDefaultInstance()));
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }

    @Test
    void anotherHostsNameIsRefused() throws Exception {
        try (Served served = Served.open()) {
            var rebound = io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder.forAddress("127.0.0.1", served.port)
                    .usePlaintext()
                    .overrideAuthority("evil.example")
                    .build();
            try {
                assertThat(chat(ThanosServiceGrpc.newBlockingStub(rebound))).isEqualTo(Status.Code.PERMISSION_DENIED);
            } finally {
                rebound.shutdownNow();
            }
        }
    }

    @Test
    void noLevelOfTheLogShowsAKey() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.setContext(root.getLoggerContext());
        log.start();
        root.setLevel(Level.TRACE);
        root.addAppender(log);
        try (Served served = Served.keyed("127.0.0.1", "sk-very-secret")) {
            assertThat(chat(client(served, "authorization", "Bearer sk-very-secret")))
                    .isEqualTo(Status.Code.OK);
            assertThat(chat(client(served, "x-api-key", "sk-very-secret-but-wrong")))
                    .isEqualTo(Status.Code.UNAUTHENTICATED);
        } finally {
            root.detachAppender(log);
            root.setLevel(before);
        }
        assertThat(List.copyOf(log.list))
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(m -> m.contains("sk-very-secret"));
    }
}
