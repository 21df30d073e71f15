package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.provider.ChatStream;
import dev.thanosgateway.api.provider.LocalChat;
import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Upstream;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Providers that answer in this process: their threads, their interrupts, their leases. */
final class LocalAnswerTest {
    private static final ChatEvent STARTED = new ChatEvent.Started(null, null, 0);
    private static final ChatEvent ONE = new ChatEvent.TextDelta(0, "one");
    private static final ChatEvent STOP = new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null);
    private static final ChatEvent END = new ChatEvent.Finished(null);

    private final Upstream b = new Upstream();
    private final Scripted script = new Scripted();
    private Rig rig;

    /** Gives what a test puts in; a failure ends it. */
    private static final class Scripted implements LocalChat {
        final BlockingQueue<Object> steps = new LinkedBlockingQueue<>();
        final CountDownLatch interrupted = new CountDownLatch(1);
        final CountDownLatch mayClose = new CountDownLatch(1);
        volatile boolean slowToClose;

        void say(ChatEvent... events) {
            steps.addAll(List.of(events));
        }

        @Override
        public ChatStream open(dev.thanosgateway.api.chat.ChatRequest request) {
            return new ChatStream() {
                @Override
                public ChatEvent next() throws GatewayException, InterruptedException {
                    try {
                        Object step = steps.take();
                        if (step instanceof ChatEvent event) {
                            return event;
                        }
                        throw (GatewayException) step;
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                }

                @Override
                public void close() {
                    if (slowToClose) {
                        awaitQuietly(mayClose);
                    }
                }
            };
        }

        private static void awaitQuietly(CountDownLatch latch) {
            try {
                latch.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(Rig.table("a", b) + "[providers.a.timeouts]\nidle_ms = 300\n" + Rig.table("b", b));
        rig.provider("a").service = script;
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        b.close();
    }

    @Test
    void aFailureBeforeTheFirstEventIsFollowedByTheNextTarget() throws Exception {
        try (Client client = rig.client()) {
            script.say(STARTED);
            script.steps.add(new GatewayException(ErrorKind.UPSTREAM_UNAVAILABLE, "not today"));
            client.post("model=a/m stream=1 fallbacks=b/n");
            b.next().begins().chunk("two\n.\n").ends();
            assertThat(client.body(client.head())).isEqualTo("data: two\n\ndata: [DONE]\n\n");
        }
        rig.awaitIdle();
    }

    @Test
    void aFailureInTheMiddleIsToldOnAConnectionThatLives() throws Exception {
        try (Client client = rig.client()) {
            script.say(STARTED, ONE);
            script.steps.add(new GatewayException(ErrorKind.UPSTREAM_UNAVAILABLE, "broke"));
            client.post("model=a/m stream=1");
            assertThat(client.body(client.head())).isEqualTo("data: one\n\nerror: UPSTREAM_UNAVAILABLE broke\n\n");
            script.say(STARTED, ONE, STOP, END);
            client.post("model=a/m");
            assertThat(client.body(client.head())).isEqualTo("one");
        }
        rig.awaitIdle();
    }

    @Test
    void silenceIsToldByAThreadThatIsNotInterruptedItself() throws Exception {
        try (Client client = rig.client()) {
            script.say(STARTED, ONE);
            client.post("model=a/m stream=1");
            assertThat(client.body(client.head())).startsWith("data: one\n\nerror: UPSTREAM_TIMEOUT");
            assertThat(script.interrupted.await(1, TimeUnit.SECONDS)).isTrue();
        }
        rig.awaitIdle();
    }

    @Test
    void aClientThatGoesInterruptsTheProviderAndTheLeaseStaysUntilItIsOut() throws Exception {
        script.slowToClose = true;
        script.say(STARTED);
        Client client = rig.client().post("model=a/m");
        while (!script.steps.isEmpty()) {
            Thread.onSpinWait();
        }
        client.close();
        assertThat(script.interrupted.await(1, TimeUnit.SECONDS)).isTrue();
        while (rig.metrics.open.get() > 0) {
            Thread.onSpinWait();
        }
        assertThat(rig.provider("a").inFlight()).isEqualTo(1);
        script.mayClose.countDown();
        rig.awaitIdle();
    }
}
