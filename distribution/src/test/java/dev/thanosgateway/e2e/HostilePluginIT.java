package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plugin that does wrong in its translation fails its own calls and no others. */
class HostilePluginIT {
    private static FakeUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream(call -> call.json(200, "{}"));
        Gateway.Builder builder = Gateway.with(Gateway.ANY_PORT + "[providers.echo]\n[providers.hostile]\nendpoint = \""
                + upstream.endpoint() + "\"\n");
        FixturePlugin.of("hostile", "Hostile").into(builder.plugins().resolve("hostile.jar"));
        gateway = builder.start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    @Test
    void itsGoodCallsAreServed() throws Exception {
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("hostile/good", "hi"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("fine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw-chat", "throw-call", "throw-head", "throw-body", "throw-end", "error-body"})
    void whatItThrowsIsAnErrorThatNamesIt(String model) throws Exception {
        HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("hostile/" + model, "hi"));

        assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(500);
        assertThat(Chats.error(answer).path("message").asString()).contains("hostile");
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop-chat", "loop-call", "loop-body", "block-head", "block-body"})
    void whereItLoopsOrBlocksOthersAreServedAndItsCallIsFailed(String model) throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<HttpResponse<String>>> stuck = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                stuck.add(CompletableFuture.supplyAsync(() -> post(model), clients));
            }
            for (int i = 0; i < 50; i++) {
                long start = System.nanoTime();
                assertThat(gateway.post(Chats.PATH, Chats.stream("echo/echo", "still here"))
                                .statusCode())
                        .isEqualTo(200);
                // What loops takes its share of the processors for good, also in the tests after it: slower, not stuck.
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            }
            for (CompletableFuture<HttpResponse<String>> one : stuck) {
                HttpResponse<String> answer = one.get(30, TimeUnit.SECONDS);
                assertThat(answer.statusCode()).isGreaterThanOrEqualTo(500);
                assertThat(Chats.error(answer).path("message").asString()).contains("hostile");
            }
        }
    }

    private static HttpResponse<String> post(String model) {
        try {
            return gateway.post(Chats.PATH, Chats.whole("hostile/" + model, "hi"));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
