package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Bad networks on both sides at once: every answer is exact or says that it is not, and none only looks whole. */
class ChaosIT {
    private static final int CALLS = Integer.getInteger("thanos.chaos", 400);
    private static final int AT_ONCE = 16;
    private static final String LIMITS = """
            [providers.openai.timeouts]
            first_event_ms = 2000
            whole_ms = 2000
            idle_ms = 1000
            """;

    private final AtomicInteger exact = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();

    @Test
    void betweenGatewayAndUpstreamNothingEverLooksWholeThatIsNot() throws Exception {
        Seed seed = Seed.of("chaos between gateway and upstream");
        FakeOpenAi openai = new FakeOpenAi();
        // A connection for each call, so that each call may meet a fault.
        FakeUpstream.Script once = call -> {
            openai.answer(call);
            call.close();
        };
        try (FakeUpstream upstream = new FakeUpstream(once);
                ChaosProxy proxy = new ChaosProxy(upstream.port(), seed, 0.6);
                Gateway gateway = Gateway.with(Gateway.ANY_PORT + "[providers.echo]\n"
                                + Configurations.provider("openai", upstream, LIMITS)
                                        .replace(":" + upstream.port(), ":" + proxy.port()))
                        .start()) {
            run(gateway.port());
            report(proxy);
            // Here the client's side is sound: whatever is cut says so.
            assertThat(cut.get()).isZero();
            assertThat(exact.get()).isPositive();
            assertThat(failed.get()).isPositive();
            Corpus.assertUnharmed(gateway);
        }
    }

    @Test
    void betweenClientAndGatewayNothingEverLooksWholeThatIsNot() throws Exception {
        Seed seed = Seed.of("chaos between client and gateway");
        try (FakeUpstream upstream = new FakeUpstream(new FakeOpenAi());
                Gateway gateway =
                        Gateway.with(Configurations.openai(upstream) + LIMITS).start();
                ChaosProxy proxy = new ChaosProxy(gateway.port(), seed, 0.6)) {
            run(proxy.port());
            report(proxy);
            assertThat(exact.get()).isPositive();
            assertThat(cut.get()).isPositive();
            Corpus.assertUnharmed(gateway);
        }
    }

    private void report(ChaosProxy proxy) {
        System.out.println("exact " + exact + ", failed " + failed + ", cut " + cut + ", faults " + proxy.met());
    }

    private void run(int port) throws Exception {
        List<Future<?>> calls = new ArrayList<>();
        try (ExecutorService clients =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            for (int i = 0; i < CALLS; i++) {
                int number = i;
                calls.add(clients.submit(() -> {
                    call(port, number);
                    return true;
                }));
            }
            for (Future<?> one : calls) {
                one.get(80, TimeUnit.SECONDS);
            }
        }
    }

    private void call(int port, int number) throws IOException {
        String said = "call " + number + " 👋🏽é " + "word ".repeat(number % 40);
        boolean stream = number % 2 == 0;
        String body = stream ? Chats.stream("openai/fake-large", said) : Chats.whole("openai/fake-large", said);
        RawHttp.Response answer;
        try (RawHttp client = new RawHttp(port, 0, 4_000)) {
            client.send(RawHttp.post(Chats.PATH, body));
            answer = client.response();
        } catch (IOException | NumberFormatException e) {
            cut.incrementAndGet();
            return;
        }
        if (answer.status() != 200) {
            assertThat(answer.status()).isBetween(400, 599);
            Chats.error(answer.text());
            failed.incrementAndGet();
        } else if (stream) {
            stream(Sse.of(answer.text()), said);
        } else {
            assertThat(Chats.read(answer.text())
                            .path("choices")
                            .path(0)
                            .path("message")
                            .path("content")
                            .asString())
                    .isEqualTo(FakeOpenAi.reply(said));
            exact.incrementAndGet();
        }
    }

    private void stream(Sse stream, String said) {
        if (stream.done()) {
            assertThat(stream.text()).isEqualTo(FakeOpenAi.reply(said));
            assertThat(stream.finishes()).containsExactly("stop");
            exact.incrementAndGet();
        } else {
            assertThat(FakeOpenAi.reply(said)).startsWith(stream.text());
            assertThat(stream.errors()).hasSize(1);
            failed.incrementAndGet();
        }
    }
}
