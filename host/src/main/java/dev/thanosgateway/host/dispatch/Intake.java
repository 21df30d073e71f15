package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatGrammar;
import dev.thanosgateway.api.chat.Usage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes what one attempt gives. A stream is held until there is something to be seen, then committed and handed on as
 * it comes; a whole answer is kept until it is complete. Used on its call's serial.
 */
final class Intake {
    private static final int HELD_BYTES_LIMIT = 1024 * 1024;
    private static final int HELD_EVENTS_LIMIT = 10_000;

    private final boolean stream;
    private final Answer answer;
    private final Runnable commit;
    private final ChatGrammar grammar = new ChatGrammar();
    private final @Nullable ChatFold fold;
    private boolean committed;
    private List<ChatEvent> heldEvents = new ArrayList<>(2);
    private @Nullable ByteArrayOutputStream heldFrames;
    private @Nullable ByteBuffer wholeFrame;
    private boolean finishSeen;
    private @Nullable Usage usage;

    /** @param commit run once, when the first event of a stream is in hand and before the answer is given it */
    Intake(boolean stream, Answer answer, Runnable commit) {
        this.stream = stream;
        this.answer = answer;
        this.commit = commit;
        this.fold = stream ? null : new ChatFold();
    }

    /**
     * Takes what one slice gave.
     *
     * @throws GatewayException UPSTREAM_PROTOCOL when it breaks the grammar or a limit
     */
    void take(SliceOutput<ChatEvent> output) throws GatewayException {
        if (output.usage != null) {
            usage = output.usage;
        }
        if (output.framed) {
            takeFrames(output);
            return;
        }
        for (ChatEvent event : output.events) {
            takeEvent(event);
        }
    }

    private void takeFrames(SliceOutput<ChatEvent> output) throws GatewayException {
        finishSeen |= output.finish;
        ByteBuffer frames = output.frames();
        if (!stream) {
            takeWhole(frames);
        } else if (committed) {
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

    private void takeWhole(ByteBuffer frame) throws GatewayException {
        if (!frame.hasRemaining()) {
            return;
        }
        if (wholeFrame != null) {
            throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "A whole answer came in several pieces.");
        }
        wholeFrame = frame;
    }

    private void hold(ByteBuffer frames) throws GatewayException {
        ByteArrayOutputStream held = heldFrames == null ? new ByteArrayOutputStream() : heldFrames;
        heldFrames = held;
        held.write(frames.array(), frames.arrayOffset() + frames.position(), frames.remaining());
        if (held.size() > HELD_BYTES_LIMIT) {
            throw endless();
        }
    }

    private void takeEvent(ChatEvent event) throws GatewayException {
        if (event instanceof ChatEvent.UsageSoFar so) {
            usage = so.usage();
        } else if (event instanceof ChatEvent.Finished finished && finished.usage() != null) {
            usage = finished.usage();
        }
        ChatFold whole = fold;
        if (whole != null) {
            whole.add(event);
            finishSeen = whole.done();
            return;
        }
        grammar.check(event);
        finishSeen = grammar.complete();
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

    /** Whether the answer is complete, whatever may still come. */
    boolean finishSeen() {
        return finishSeen;
    }

    /** What the upstream counted so far; null = nothing. */
    @Nullable
    Usage usage() {
        return usage;
    }

    /** Tells a whole answer that is complete. */
    void tellWhole(Begun begun) throws GatewayException {
        if (wholeFrame != null) {
            answer.whole(begun, wholeFrame);
        } else if (fold != null) {
            answer.whole(begun, fold.response());
        }
    }
}
