package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatGrammar;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a chat's events. A stream is held until there is something to be seen, then committed and handed on as it
 * comes; a whole answer is kept until it is complete.
 */
final class ChatIntake extends Intake<ChatEvent> {
    private static final int HELD_BYTES_LIMIT = 1024 * 1024;
    private static final int HELD_EVENTS_LIMIT = 10_000;

    private final Answer answer;
    private final Runnable commit;
    private final ChatGrammar grammar = new ChatGrammar();
    private @Nullable ChatFold fold;
    private boolean committed;
    private List<ChatEvent> heldEvents = new ArrayList<>(2);
    private @Nullable ByteArrayOutputStream heldFrames;

    /** @param commit run once, when the first event of a stream is in hand and before the answer is given it */
    ChatIntake(boolean stream, Answer answer, Runnable commit) {
        this.answer = answer;
        this.commit = commit;
        this.fold = stream ? null : new ChatFold();
    }

    @Override
    void takeFrames(SliceOutput<ChatEvent> output) throws GatewayException {
        if (fold != null) {
            super.takeFrames(output);
            return;
        }
        ByteBuffer frames = output.frames();
        if (committed) {
            if (frames.hasRemaining()) {
                answer.frames(frames);
            }
        } else if (!output.content && !output.finish) {
            hold(frames);
        } else {
            commit();
            ByteArrayOutputStream held = heldFrames;
            if (held != null) {
                heldFrames = null;
                answer.frames(ByteBuffer.wrap(held.toByteArray()));
            }
            answer.frames(frames);
        }
    }

    private void hold(ByteBuffer frames) throws GatewayException {
        ByteArrayOutputStream held = heldFrames == null ? new ByteArrayOutputStream() : heldFrames;
        heldFrames = held;
        held.write(frames.array(), frames.arrayOffset() + frames.position(), frames.remaining());
        if (held.size() > HELD_BYTES_LIMIT) {
            throw endless();
        }
    }

    @Override
    void takeEvent(ChatEvent event) throws GatewayException {
        if (event instanceof ChatEvent.UsageSoFar so) {
            counted(so.usage());
        } else if (event instanceof ChatEvent.Finished finished) {
            counted(finished.usage());
        }
        ChatFold whole = fold;
        if (whole != null) {
            whole.add(event);
            finishSeen(whole.done());
            return;
        }
        grammar.check(event);
        finishSeen(grammar.complete());
        if (committed) {
            answer.event(event);
        } else if (event.isFirstEvent()) {
            commit();
            heldEvents.forEach(answer::event);
            heldEvents = List.of();
            answer.event(event);
        } else if (!(event instanceof ChatEvent.Heartbeat)) {
            heldEvents.add(event);
            if (heldEvents.size() > HELD_EVENTS_LIMIT) {
                throw endless();
            }
        }
    }

    private void commit() {
        committed = true;
        commit.run();
    }

    private static GatewayException endless() {
        return new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "The upstream said a lot and nothing to be seen.");
    }

    @Override
    void forget() {
        super.forget();
        fold = null;
        heldEvents = List.of();
        heldFrames = null;
    }

    @Override
    void tellWhole(Begun begun) throws GatewayException {
        ByteBuffer frame = wholeFrame();
        if (frame != null) {
            answer.whole(begun, frame);
        } else if (fold != null) {
            answer.whole(begun, fold.response());
        }
    }
}
