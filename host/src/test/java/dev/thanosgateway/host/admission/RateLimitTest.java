package dev.thanosgateway.host.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.RetryInfo;
import dev.thanosgateway.host.config.HostPort;
import dev.thanosgateway.host.grpc.GrpcFrontEnd;
import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Upstream;
import dev.thanosgateway.host.inbound.Connections;
import dev.thanosgateway.proto.ChatRequest;
import dev.thanosgateway.proto.Empty;
import dev.thanosgateway.proto.Message;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers and upstreams at their limits, through both front ends. */
final class RateLimitTest {
    private static final String FOUR = "[rate_limiting]\nrequests_per_minute = 4\n";
    private final Upstream a = new Upstream();
    private final Upstream b = new Upstream();
    private Rig rig;
    private GrpcFrontEnd grpc;
    private ManagedChannel channel;

    private void start(String limits) throws Exception {
        rig = new Rig(limits + Rig.table("a", a) + Rig.table("b", b));
        grpc = new GrpcFrontEnd(
                new GrpcFrontEnd.Options(new HostPort("127.0.0.1", 0), 1 << 20, false, "1.2.3"),
                rig.service,
                rig.service.models(),
                rig.service.health(),
                rig.access,
                rig.admission,
                rig.metrics,
                new Connections(Integer.MAX_VALUE));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", grpc.start())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow();
        grpc.close(Duration.ZERO);
        rig.close();
        a.close();
        b.close();
    }

    /** Answers whatever is asked, until the test ends. */
    private static void serve(Upstream upstream) {
        Thread.ofVirtual().start(() -> {
            while (true) {
                try {
                    upstream.next().answers(200, "x-ratelimit-remaining-requests: 99\r\n", "one\n.\n");
                } catch (AssertionError | InterruptedException e) {
                    return;
                }
            }
        });
    }

    private ThanosServiceGrpc.ThanosServiceBlockingStub stub(String key) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), key);
        return ThanosServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static Metadata.Key<String> header(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static ChatRequest chat(String model) {
        return ChatRequest.newBuilder()
                .setModel(model)
                .addMessages(Message.newBuilder().setRole("user").setContent("hi"))
                .build();
    }

    private int overHttp(String key) throws Exception {
        try (Client client = rig.client()) {
            client.post("x-api-key: " + key + "\r\n", "model=a/m");
            Client.Head head = client.head();
            client.body(head);
            return head.status();
        }
    }

    private int overGrpc(String key) {
        try {
            stub(key).chatCompletion(chat("a/m")).forEachRemaining(answer -> {});
            return 200;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED ? 429 : 500;
        }
    }

    @Test
    void exactlySoManyAreLetInOutOfTwoHundredAtOnceOverHttpAndGrpcTogether() throws Exception {
        String keys = IntStream.range(0, 20).mapToObj(i -> "\"key-" + i + "\"").collect(Collectors.joining(", "));
        start(FOUR + "[auth]\nenabled = true\napi_keys = [" + keys + "]\n");
        serve(a);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int run = 0; run < 20; run++) {
                String key = "key-" + run;
                CountDownLatch go = new CountDownLatch(1);
                List<Callable<Integer>> calls = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    calls.add(() -> overHttp(key));
                    calls.add(() -> overGrpc(key));
                }
                List<Future<Integer>> answers = new ArrayList<>();
                for (Callable<Integer> call : calls) {
                    answers.add(threads.submit(() -> {
                        go.await();
                        return call.call();
                    }));
                }
                go.countDown();
                List<Integer> statuses = new ArrayList<>();
                for (Future<Integer> answer : answers) {
                    statuses.add(answer.get(20, TimeUnit.SECONDS));
                }
                assertThat(statuses).as(key).hasSize(200).containsOnly(200, 429);
                assertThat(statuses.stream().filter(status -> status == 200))
                        .as(key)
                        .hasSize(4);
            }
        }
        assertThat(rig.metrics.limited).hasValue(20 * 196);
        rig.awaitIdle();
    }

    @Test
    void aRefusalOverHttpSaysWhenToComeBackAndLeavesTheConnectionUsable() throws Exception {
        start("[rate_limiting]\nrequests_per_minute = 1\n");
        serve(a);
        serve(b);
        try (Client client = rig.client()) {
            client.post("model=a/m");
            Client.Head served = client.head();
            assertThat(client.body(served)).isEqualTo("one");
            assertThat(served.field("x-ratelimit-limit-requests")).isEqualTo("1");
            assertThat(served.field("x-ratelimit-remaining-requests")).isEqualTo("0");
            assertThat(served.field("x-ratelimit-reset-requests")).isEqualTo("1m0s");
            assertThat(served.field("x-upstream-ratelimit-remaining-requests")).isEqualTo("99");

            for (int i = 0; i < 3; i++) {
                // The body comes after the answer: nobody waited for it.
                client.send("POST /toy HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n");
                Client.Head head = client.head();
                assertThat(head.status()).isEqualTo(429);
                assertThat(Integer.parseInt(head.field("retry-after"))).isBetween(50, 60);
                assertThat(head.field("x-ratelimit-remaining-requests")).isEqualTo("0");
                assertThat(head.field("connection")).isEmpty();
                assertThat(client.body(head)).startsWith("RATE_LIMITED You have asked as often");
                client.send("model=a/m");
            }
            client.get("/toy/models", "");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.fields()).doesNotContainKey("x-ratelimit-limit-requests");
            client.body(head);
        }
        rig.awaitIdle();
    }

    @Test
    void whoAsksBeforeSendingABodyIsRefusedWithoutBeingAskedForIt() throws Exception {
        start("[rate_limiting]\nrequests_per_minute = 1\n");
        rig.admission.admit(Caller.of(null, new java.net.InetSocketAddress("127.0.0.1", 1)));
        try (Client client = rig.client()) {
            client.send("POST /toy HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(429);
            assertThat(head.field("connection")).isEqualTo("close");
            client.body(head);
            assertThat(client.closed()).isTrue();
        }
        rig.awaitIdle();
    }

    @Test
    void aRefusedBodyThatNeverEndsCostsItsConnection() throws Exception {
        start("[rate_limiting]\nrequests_per_minute = 1\n");
        rig.admission.admit(Caller.of(null, new java.net.InetSocketAddress("127.0.0.1", 1)));
        try (Client client = rig.client()) {
            client.send("POST /toy HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(429);
            client.body(head);
            String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
            try {
                for (int i = 0; i < 64; i++) {
                    client.send(chunk);
                }
            } catch (java.io.IOException e) {
                // Closed already: what is waited for.
            }
            client.socket.setSoTimeout(20_000);
            assertThat(client.closed()).isTrue();
        }
        rig.awaitIdle();
    }

    @Test
    void aRefusalOverGrpcIsResourceExhaustedWithRetryInfoAndOnlyChatsCount() throws Exception {
        start("[rate_limiting]\nrequests_per_minute = 2\n");
        serve(a);
        serve(b);
        assertThat(overHttp("ignored")).isEqualTo(200);
        for (int i = 0; i < 3; i++) {
            stub("another").health(Empty.getDefaultInstance());
            stub("another").listModels(Empty.getDefaultInstance());
        }

        AtomicReference<Metadata> head = new AtomicReference<>();
        stub("ignored")
                .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(head, new AtomicReference<>()))
                .chatCompletion(chat("a/m"))
                .forEachRemaining(answer -> {});
        assertThat(head.get().get(header("x-ratelimit-limit-requests"))).isEqualTo("2");
        assertThat(head.get().get(header("x-ratelimit-remaining-requests"))).isEqualTo("0");
        assertThat(head.get().get(header("x-upstream-ratelimit-remaining-requests")))
                .isEqualTo("99");

        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> stub("ignored, too").chatCompletion(chat("a/m")).forEachRemaining(answer -> {}));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.getTrailers().get(header("x-ratelimit-limit-requests")))
                .isEqualTo("2");
        RetryInfo retry = null;
        for (com.google.protobuf.Any detail : StatusProto.fromThrowable(refused).getDetailsList()) {
            retry = detail.is(RetryInfo.class) ? detail.unpack(RetryInfo.class) : retry;
        }
        assertThat(retry).isNotNull();
        assertThat(retry.getRetryDelay().getSeconds()).isBetween(20L, 30L);
    }

    @Test
    void withoutLimitsTheUpstreamsHeadersComeBackAsTheyAre() throws Exception {
        start("");
        serve(a);
        try (Client client = rig.client()) {
            client.post("model=a/m");
            Client.Head head = client.head();
            client.body(head);
            assertThat(head.field("x-ratelimit-remaining-requests")).isEqualTo("99");
            assertThat(head.fields()).doesNotContainKey("x-ratelimit-limit-requests");
        }
    }

    @Test
    void aProviderAtItsLimitIsSkippedAndTheNextTargetServes() throws Exception {
        start("[rate_limiting.providers]\na_rpm = 2\n");
        serve(a);
        serve(b);
        try (Client client = rig.client()) {
            List<String> served = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                client.post("model=a/m fallbacks=b/n");
                Client.Head head = client.head();
                client.body(head);
                served.add(head.field("x-thanos-provider") + head.field("x-thanos-attempts"));
            }
            assertThat(served).containsExactly("a1", "a1", "b1");

            client.post("model=a/m");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(429);
            assertThat(Integer.parseInt(head.field("retry-after"))).isBetween(20, 30);
            assertThat(head.field("x-thanos-attempts")).isEqualTo("0");
            assertThat(client.body(head)).startsWith("UPSTREAM_LIMITED").contains("rate_limiting.providers.a_rpm = 2");

            rig.change("[rate_limiting.providers]\na_rpm = 3\n");
            client.post("model=a/m");
            assertThat(client.body(client.head())).isEqualTo("one");
        }
        rig.awaitIdle();
    }
}
