package dev.thanosgateway.host.grpc;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.host.decision.Decisions;
import dev.thanosgateway.host.dispatch.Answer;
import dev.thanosgateway.host.dispatch.Begun;
import dev.thanosgateway.host.dispatch.ByteBudget;
import dev.thanosgateway.host.dispatch.CallInfo;
import dev.thanosgateway.host.dispatch.ChatCall;
import dev.thanosgateway.host.dispatch.ChatDispatcher;
import dev.thanosgateway.host.dispatch.HeldBytes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Answers every chat as a test's script says, on a thread of its own. */
final class ScriptedDispatcher implements ChatDispatcher {
    /** Bytes that all requests, or all answers, may hold. */
    volatile long room = 64 << 20;

    final Decisions decisions = new Decisions(() -> 100);
    /** Bytes that all of them may cost. */
    volatile long memory = 256 << 20;

    final HeldBytes held =
            new HeldBytes(new ByteBudget(() -> room), new ByteBudget(() -> room), new ByteBudget(() -> memory));

    @Override
    public HeldBytes held() {
        return held;
    }

    @Override
    public Decisions decisions() {
        return decisions;
    }

    interface Script {
        void serve(Running call) throws Exception;
    }

    /** One chat being answered. */
    record Running(ChatRequest request, CallInfo info, Answer answer, CompletableFuture<Void> cancelled) {
        Begun begun() {
            return new Begun(
                    info.requestId(),
                    "acme",
                    "acme-1",
                    1_700_000_000,
                    2,
                    1_500_000,
                    List.of(Map.entry("x-ratelimit-remaining-requests", "17")));
        }

        void begin() {
            answer.begin(begun());
            answer.event(new ChatEvent.Started("up-1", "acme-1-2026", 1_700_000_001));
        }

        void text(String text) {
            answer.event(new ChatEvent.TextDelta(0, text));
        }

        /** @return whether the client took it within {@code millis} */
        boolean flush(long millis) throws InterruptedException {
            Semaphore ready = new Semaphore(0);
            answer.flush(ready::release);
            return ready.tryAcquire(millis, TimeUnit.MILLISECONDS);
        }

        void finish() {
            answer.event(new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null));
            answer.event(new ChatEvent.Finished(Usage.of(11, 7)));
            answer.end();
        }
    }

    final BlockingQueue<Running> calls = new LinkedBlockingQueue<>();
    final BlockingQueue<Throwable> broken = new LinkedBlockingQueue<>();
    volatile Script script = call -> {
        call.begin();
        call.text("hello");
        call.finish();
    };

    @Override
    public ChatCall dispatch(ChatRequest request, CallInfo info, Answer answer) {
        Running call = new Running(request, info, answer, new CompletableFuture<>());
        calls.add(call);
        Thread.ofVirtual().start(() -> {
            try {
                script.serve(call);
            } catch (Throwable e) {
                broken.add(e);
            }
        });
        return failure -> call.cancelled().complete(null);
    }

    /** The next chat, within a time that no test should need. */
    Running next() throws InterruptedException {
        Running call = calls.poll(10, TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("no call reached the dispatcher");
        }
        return call;
    }
}
