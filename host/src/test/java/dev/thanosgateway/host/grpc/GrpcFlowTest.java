package dev.thanosgateway.host.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.host.admission.Admission;
import dev.thanosgateway.host.inbound.Connections;
import dev.thanosgateway.proto.ChatRequest;
import dev.thanosgateway.proto.ChatResponse;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrpcFlowTest {
    private Served served;

    @BeforeEach
    void serve() throws Exception {
        served = Served.open();
    }

    @AfterEach
    void close() {
        served.close();
    }

    /** Collects an answer; asks for messages only when told to. */
    private static final class Collector implements ClientResponseObserver<ChatRequest, ChatResponse> {
        final StringBuilder text = new StringBuilder();
        final CompletableFuture<String> whole = new CompletableFuture<>();
        final CompletableFuture<Void> first = new CompletableFuture<>();
        private final boolean slow;
        ClientCallStreamObserver<ChatRequest> call;

        Collector(boolean slow) {
            this.slow = slow;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ChatRequest> observer) {
            call = observer;
            if (slow) {
                observer.disableAutoRequestWithInitial(1);
            }
        }

        @Override
        public void onNext(ChatResponse message) {
            text.append(message.getContent());
            first.complete(null);
        }

        @Override
        public void onError(Throwable error) {
            whole.completeExceptionally(error);
        }

        @Override
        public void onCompleted() {
            whole.complete(text.toString());
        }
    }

    private Collector start(ChatRequest request, boolean slow) {
        Collector collector = new Collector(slow);
        ThanosServiceGrpc.newStub(served.channel).chatCompletion(request, collector);
        return collector;
    }

    @Test
    void aSlowClientHoldsUpstreamBackAndThenGetsEverything() throws Exception {
        int pieces = 1_000;
        String piece = "0123456789abcdef".repeat(1_024);
        CompletableFuture<Integer> heldAt = new CompletableFuture<>();
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        served.dispatcher.script = call -> {
            call.begin();
            for (int i = 0; i < pieces; i++) {
                call.text(piece);
                if (heldAt.isDone()) {
                    call.flush(10_000);
                } else if (!call.flush(500)) {
                    heldAt.complete(i + 1);
                    goOn.get(10, TimeUnit.SECONDS);
                }
            }
            call.finish();
        };
        Collector collector = start(Served.chat("hi", true), true);
        // 16 KiB each: the client's window of 64 KiB, what gRPC queues, what sockets hold; never the whole 16 MiB.
        assertThat(heldAt.get(10, TimeUnit.SECONDS)).isLessThan(64);
        collector.call.request(pieces + 1);
        goOn.complete(null);
        assertThat(collector.whole.get(20, TimeUnit.SECONDS)).isEqualTo(piece.repeat(pieces));
    }

    @Test
    void whatASlowClientHasNotTakenCountsAfterTheCallUntilItHas() throws Exception {
        String text = "0123456789abcdef".repeat(64 << 10);
        CompletableFuture<Void> ended = new CompletableFuture<>();
        served.dispatcher.script = call -> {
            call.begin();
            call.text("the client asks for one message at first, ");
            call.text(text);
            call.finish();
            ended.complete(null);
        };
        Collector collector = start(Served.chat("hi", true), true);
        ended.get(10, TimeUnit.SECONDS);
        assertThat(served.dispatcher.held.answers().used()).isGreaterThan(text.length());
        collector.call.request(10);
        assertThat(collector.whole.get(10, TimeUnit.SECONDS)).endsWith(text);
        awaitNothingHeld();
    }

    @Test
    void requestsThatTogetherHoldTooMuchAreRefused() throws Exception {
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        served.dispatcher.script = call -> {
            goOn.get(10, TimeUnit.SECONDS);
            call.begin();
            call.finish();
        };
        served.dispatcher.room = 1 << 20;
        String large = "x".repeat(600 << 10);
        Collector first = start(Served.chat(large, true), false);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (served.dispatcher.held.requests().used() == 0 && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThatThrownBy(() -> start(Served.chat(large, true), false).whole.get(10, TimeUnit.SECONDS))
                .hasMessageContaining("UNAVAILABLE")
                .hasMessageContaining("hold all the memory they may");
        goOn.complete(null);
        assertThat(first.whole.get(10, TimeUnit.SECONDS)).isEmpty();
        awaitNothingHeld();
    }

    private void awaitNothingHeld() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (served.dispatcher.held.memory().used() > 0 && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(served.dispatcher.held.used()).isZero();
        assertThat(served.dispatcher.held.memory().used()).isZero();
    }

    @Test
    void aReadyCallbackThatWasHeldRunsWhenTheClientReadsAgain() throws Exception {
        String piece = "x".repeat(128 << 10);
        CountDownLatch flushed = new CountDownLatch(1);
        CompletableFuture<Void> ready = new CompletableFuture<>();
        served.dispatcher.script = call -> {
            call.begin();
            call.text(piece);
            call.text(piece);
            call.answer().flush(() -> ready.complete(null));
            flushed.countDown();
            ready.get(10, TimeUnit.SECONDS);
            call.finish();
        };
        Collector collector = start(Served.chat("hi", true), true);
        assertThat(flushed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ready).isNotDone();
        collector.call.request(10);
        ready.get(10, TimeUnit.SECONDS);
        assertThat(collector.whole.get(10, TimeUnit.SECONDS)).hasSize(2 * (128 << 10));
    }

    @Test
    void aClientThatCancelsCancelsTheCallWithinASecond() throws Exception {
        CompletableFuture<Void> toldToTheEnd = new CompletableFuture<>();
        served.dispatcher.script = call -> {
            call.begin();
            call.text("first");
            call.cancelled().get(10, TimeUnit.SECONDS);
            // The dispatcher tells the end to a client that is gone, and may have more in hand.
            call.text("late");
            call.answer().flush(() -> {});
            call.answer()
                    .fail(
                            new dev.thanosgateway.api.GatewayException(
                                    dev.thanosgateway.api.ErrorKind.CANCELLED, "gone"),
                            1);
            toldToTheEnd.complete(null);
        };
        Collector collector = start(Served.chat("hi", true), false);
        collector.first.get(10, TimeUnit.SECONDS);
        collector.call.cancel("enough", null);
        served.dispatcher.next().cancelled().get(1, TimeUnit.SECONDS);
        assertThat(served.metrics.ended.poll(5, TimeUnit.SECONDS)).isEqualTo("grpc ChatCompletion 1001");
        toldToTheEnd.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aClientThatCancelsAWholeAnswerCancelsTheCallToo() throws Exception {
        served.dispatcher.script = call -> call.cancelled().get(10, TimeUnit.SECONDS);
        Collector collector = start(Served.chat("hi", false), false);
        ScriptedDispatcher.Running call = served.dispatcher.next();
        collector.call.cancel("enough", null);
        call.cancelled().get(1, TimeUnit.SECONDS);
    }

    @Test
    void aConnectionThatDropsCancelsItsCalls() throws Exception {
        served.dispatcher.script = call -> call.cancelled().get(10, TimeUnit.SECONDS);
        start(Served.chat("hi", true), false);
        ScriptedDispatcher.Running call = served.dispatcher.next();
        served.channel.shutdownNow();
        call.cancelled().get(1, TimeUnit.SECONDS);
    }

    @Test
    void aDeadlineIsTheCallsAndCancelsItWhenItPasses() throws Exception {
        served.dispatcher.script = call -> call.cancelled().get(10, TimeUnit.SECONDS);
        Iterator<ChatResponse> answer =
                served.client().withDeadlineAfter(400, TimeUnit.MILLISECONDS).chatCompletion(Served.chat("hi", true));
        ScriptedDispatcher.Running call = served.dispatcher.next();
        assertThat(call.info().deadlineNanos() - call.info().startNanos())
                .isBetween(1L, TimeUnit.MILLISECONDS.toNanos(450));
        assertThatThrownBy(answer::next)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
        call.cancelled().get(1, TimeUnit.SECONDS);
    }

    @Test
    void aThousandStreamsAtOnceOverOneConnectionAreEachExact() throws Exception {
        int streams = 1_000;
        int words = 20;
        CountDownLatch all = new CountDownLatch(streams);
        served.dispatcher.script = call -> {
            all.countDown();
            // None begins before the last one is here: they do run at once.
            if (!all.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError(all.getCount() + " calls never came");
            }
            call.begin();
            String name = call.request().content().messages().get(0).text();
            for (int i = 0; i < words; i++) {
                call.text(name + "/" + i + ";");
                call.flush(10_000);
            }
            call.finish();
        };
        List<Collector> collectors = new ArrayList<>();
        for (int s = 0; s < streams; s++) {
            collectors.add(start(Served.chat("s" + s, true), false));
        }
        for (int s = 0; s < streams; s++) {
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < words; i++) {
                expected.append("s").append(s).append("/").append(i).append(";");
            }
            assertThat(collectors.get(s).whole.get(60, TimeUnit.SECONDS)).isEqualTo(expected.toString());
        }
    }

    @Test
    void aThousandCallsGivenUpAtOnceDoNotCostTheirNeighbourItsConnection() throws Exception {
        int leaving = 990;
        CompletableFuture<Void> finish = new CompletableFuture<>();
        served.dispatcher.script = call -> {
            call.begin();
            call.text("a");
            call.flush(10_000);
            if (call.request().content().messages().get(0).text().equals("stays")) {
                finish.get(30, TimeUnit.SECONDS);
                call.text("b");
                call.finish();
            } else {
                call.cancelled().get(30, TimeUnit.SECONDS);
            }
        };
        Collector stays = start(Served.chat("stays", true), false);
        List<Collector> others = new ArrayList<>();
        for (int i = 0; i < leaving; i++) {
            others.add(start(Served.chat("leaves", true), false));
        }
        for (Collector other : others) {
            other.first.get(30, TimeUnit.SECONDS);
        }
        others.forEach(other -> other.call.cancel("bye", null));
        for (int i = 0; i <= leaving; i++) {
            ScriptedDispatcher.Running call = served.dispatcher.next();
            if (!call.request().content().messages().get(0).text().equals("stays")) {
                call.cancelled().get(10, TimeUnit.SECONDS);
            }
        }
        finish.complete(null);
        assertThat(stays.whole.get(10, TimeUnit.SECONDS)).isEqualTo("ab");
    }

    @Test
    void closingLetsAStreamFinishAndTakesNoNewConnection() throws Exception {
        CompletableFuture<Void> finish = new CompletableFuture<>();
        served.dispatcher.script = call -> {
            call.begin();
            call.text("a");
            call.flush(10_000);
            finish.get(10, TimeUnit.SECONDS);
            call.text("b");
            call.finish();
        };
        Collector collector = start(Served.chat("hi", true), false);
        collector.first.get(10, TimeUnit.SECONDS);
        served.frontEnd.drain();
        var late = served.channel(64 << 10);
        assertThatThrownBy(() -> ThanosServiceGrpc.newBlockingStub(late)
                        .chatCompletion(Served.chat("late", true))
                        .next())
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        late.shutdownNow();
        CompletableFuture<Void> closed =
                CompletableFuture.runAsync(() -> served.frontEnd.close(Duration.ofSeconds(20)));
        finish.complete(null);
        assertThat(collector.whole.get(10, TimeUnit.SECONDS)).isEqualTo("ab");
        closed.get(15, TimeUnit.SECONDS);
    }

    @Test
    void closingWithoutGraceCutsWhatIsLeftAndCancelsIt() throws Exception {
        served.dispatcher.script = call -> {
            call.begin();
            call.text("a");
            call.flush(10_000);
            call.cancelled().get(10, TimeUnit.SECONDS);
        };
        Collector collector = start(Served.chat("hi", true), false);
        collector.first.get(10, TimeUnit.SECONDS);
        served.frontEnd.close(Duration.ZERO);
        served.dispatcher.next().cancelled().get(5, TimeUnit.SECONDS);
        assertThatThrownBy(() -> collector.whole.get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        var second = new GrpcFrontEnd(
                new GrpcFrontEnd.Options(
                        new dev.thanosgateway.host.config.HostPort("127.0.0.1", served.port), 1 << 20, false, "1"),
                served.dispatcher,
                List::of,
                () -> served.health,
                null,
                Admission.OPEN,
                served.metrics,
                new Connections(Integer.MAX_VALUE));
        assertThatThrownBy(second::start)
                .isInstanceOf(java.io.IOException.class)
                .hasMessageContaining("127.0.0.1:" + served.port);
    }
}
