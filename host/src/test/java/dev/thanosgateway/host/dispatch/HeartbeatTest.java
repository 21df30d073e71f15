package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.host.decision.Arrival;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Upstream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A silent stream shows that it is alive: every ten seconds, never before it began, never while a write is under way. */
final class HeartbeatTest {
    private static final class Recorded implements Answer {
        final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        volatile @Nullable Runnable ready;

        @Override
        public void whole(Begun begun, ChatResponse response) {
            told.add("whole");
        }

        @Override
        public void whole(Begun begun, ByteBuffer body) {
            told.add("whole");
        }

        @Override
        public void early(Begun request) {
            told.add("early " + request.requestId());
        }

        @Override
        public void begin(Begun begun) {
            told.add("begin");
        }

        @Override
        public void event(ChatEvent event) {
            told.add(event instanceof ChatEvent.TextDelta delta ? delta.text() : "-");
        }

        @Override
        public void frames(ByteBuffer frames) {
            told.add("frames");
        }

        @Override
        public void heartbeat() {
            told.add("heartbeat");
        }

        @Override
        public void flush(Runnable run) {
            ready = run;
            told.add("flush");
        }

        @Override
        public void end() {
            told.add("end");
        }

        @Override
        public void fail(GatewayException error, int attempts) {
            told.add("fail " + error.kind());
        }

        void expect(String... words) throws InterruptedException {
            for (String word : words) {
                assertThat(told.poll(5, TimeUnit.SECONDS)).isEqualTo(word);
            }
        }
    }

    private static ChatContent unread() {
        throw new IllegalStateException("nobody here reads content");
    }

    private static ChatRequest asked(boolean stream) {
        return ChatRequest.builder("a/m").stream(stream)
                .content(HeartbeatTest::unread)
                .build();
    }

    private static CallInfo info(Rig rig) {
        return new CallInfo(
                new Arrival("r", "toy", System.nanoTime(), true, null),
                Long.MAX_VALUE,
                List.of(),
                rig.service.held().request());
    }

    private static void tick(ChatCall call, long seconds) {
        ((Call) call).tick(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void everyTenSecondsOfSilenceOnceTheAnswerHasBegun() throws Exception {
        try (Upstream upstream = new Upstream();
                Rig rig = new Rig(Rig.table("a", upstream))) {
            Recorded answer = new Recorded();
            ChatCall call = rig.service.dispatch(asked(true), info(rig), answer);
            Upstream.Asked asked = upstream.next();
            tick(call, 20);
            assertThat(answer.told).isEmpty();
            asked.begins().chunk("one\n");
            answer.expect("begin", "-", "one", "flush");
            tick(call, 20);
            assertThat(answer.told).isEmpty();
            Runnable ready = answer.ready;
            assertThat(ready).isNotNull();
            ready.run();
            tick(call, 9);
            assertThat(answer.told).isEmpty();
            tick(call, 11);
            answer.expect("heartbeat");
            asked.chunk(".\n").ends();
            answer.expect("-", "flush");
            Runnable again = answer.ready;
            assertThat(again).isNotNull();
            again.run();
            answer.expect("-", "end");
            call.cancel();
            tick(call, 20);
            assertThat(answer.told).isEmpty();
            rig.awaitIdle();
        }
    }

    @Test
    void aStreamThatIsLateBeginsEarlyAndShowsThatItIsAliveUntilItsFirstEvent() throws Exception {
        try (Upstream upstream = new Upstream();
                Rig rig = new Rig("[server]\nearly_keepalive_ms = 5000\n" + Rig.table("a", upstream))) {
            Recorded answer = new Recorded();
            ChatCall call = rig.service.dispatch(asked(true), info(rig), answer);
            Upstream.Asked asked = upstream.next();
            tick(call, 4);
            assertThat(answer.told).isEmpty();
            tick(call, 6);
            answer.expect("early r");
            tick(call, 9);
            assertThat(answer.told).isEmpty();
            tick(call, 11);
            answer.expect("heartbeat");
            tick(call, 11);
            answer.expect("heartbeat");
            assertThat(answer.told).isEmpty();
            asked.begins().chunk("one\n");
            answer.expect("begin", "-", "one", "flush");
            call.cancel();
            answer.expect("fail CANCELLED");
        }
    }

    @Test
    void withZeroAndWithoutAStreamNothingBeginsEarly() throws Exception {
        try (Upstream upstream = new Upstream();
                Rig rig = new Rig("[server]\nearly_keepalive_ms = 0\n" + Rig.table("a", upstream))) {
            Recorded never = new Recorded();
            ChatCall stream = rig.service.dispatch(asked(true), info(rig), never);
            rig.change("[server]\nearly_keepalive_ms = 1000\n" + Rig.table("a", upstream));
            Recorded whole = new Recorded();
            ChatCall noStream = rig.service.dispatch(asked(false), info(rig), whole);
            Recorded changed = new Recorded();
            ChatCall later = rig.service.dispatch(asked(true), info(rig), changed);
            for (ChatCall call : List.of(stream, noStream, later)) {
                tick(call, 50);
            }
            changed.expect("early r");
            assertThat(never.told).isEmpty();
            assertThat(whole.told).isEmpty();
            for (ChatCall call : List.of(stream, noStream, later)) {
                call.cancel();
            }
            rig.awaitIdle();
        }
    }
}
