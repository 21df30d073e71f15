package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.proto.ChatRequest;
import dev.thanosgateway.proto.Message;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One caller at its limit, over both listeners of the packed gateway. */
class RateLimitIT {
    private static final String ECHO = Gateway.ANY_PORT + "[providers.echo]\n";
    private Gateway gateway;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        gateway = Gateway.with(ECHO + "[rate_limiting]\nrequests_per_minute = 4\n")
                .start();
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow();
        gateway.close();
    }

    private HttpResponse<String> overHttp() throws Exception {
        return gateway.post(Chats.PATH, Chats.whole("echo/echo", "hi"));
    }

    private int overGrpc() {
        ChatRequest request = ChatRequest.newBuilder()
                .setModel("echo/echo")
                .addMessages(Message.newBuilder().setRole("user").setContent("hi"))
                .build();
        try {
            ThanosServiceGrpc.newBlockingStub(channel).chatCompletion(request).forEachRemaining(answer -> {});
            return 200;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED ? 429 : 500;
        }
    }

    @Test
    void twoHundredAtOnceFindFourPlacesAndAnEditMakesMore() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Integer>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                answers.add(threads.submit(() -> {
                    go.await();
                    return overHttp().statusCode();
                }));
                answers.add(threads.submit(() -> {
                    go.await();
                    return overGrpc();
                }));
            }
            go.countDown();
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get());
            }
            assertThat(statuses).containsOnly(200, 429);
            assertThat(statuses.stream().filter(status -> status == 200)).hasSize(4);
        }

        HttpResponse<String> refused = overHttp();
        assertThat(Chats.error(refused).path("code").asString()).isEqualTo("rate_limit_exceeded");
        assertThat(refused.headers().firstValue("retry-after").map(Integer::parseInt))
                .hasValueSatisfying(seconds -> assertThat(seconds).isBetween(1, 15));
        assertThat(refused.headers().firstValue("x-ratelimit-limit-requests")).contains("4");
        assertThat(gateway.get("/metrics").body())
                .contains("thanos_rate_limit_exceeded_total{endpoint=\"chat_completions\"}")
                .contains("thanos_rate_limit_exceeded_total{endpoint=\"grpc\"}");

        Files.writeString(gateway.configuration(), ECHO + "[rate_limiting]\nrequests_per_minute = 9\n");
        Eventually.within(
                Duration.ofSeconds(2), "more are let in", () -> overHttp().statusCode() == 200);
        Files.writeString(gateway.configuration(), ECHO);
        Eventually.within(Duration.ofSeconds(2), "nobody is limited", () -> {
            HttpResponse<String> answer = overHttp();
            return answer.statusCode() == 200
                    && answer.headers().firstValue("x-ratelimit-limit-requests").isEmpty();
        });
    }
}
