package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes what one attempt gives. Used on its call's serial.
 *
 * @param <T> what the exchange gives
 */
abstract class Intake<T> {
    private @Nullable ByteBuffer wholeFrame;
    private boolean finishSeen;
    private @Nullable Usage usage;

    /**
     * Takes what one slice gave.
     *
     * @throws GatewayException UPSTREAM_PROTOCOL when it breaks the grammar or a limit
     */
    final void take(SliceOutput<T> output) throws GatewayException {
        counted(output.usage);
        if (output.framed) {
            finishSeen |= output.finish;
            takeFrames(output);
            return;
        }
        for (T event : output.events) {
            takeEvent(event);
        }
    }

    /** Of an answer that is kept until it is complete there is one frame. */
    void takeFrames(SliceOutput<T> output) throws GatewayException {
        ByteBuffer frame = output.frames();
        if (!frame.hasRemaining()) {
            return;
        }
        if (wholeFrame != null) {
            throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "A whole answer came in several pieces.");
        }
        wholeFrame = frame;
    }

    abstract void takeEvent(T event) throws GatewayException;

    final void finishSeen(boolean seen) {
        finishSeen = seen;
    }

    /** @param so null = nothing new */
    final void counted(@Nullable Usage so) {
        if (so != null) {
            usage = so;
        }
    }

    /** Whether the answer is complete, whatever may still come. */
    final boolean finishSeen() {
        return finishSeen;
    }

    /** What the upstream counted so far; null = nothing. */
    final @Nullable Usage usage() {
        return usage;
    }

    /** The relay lane: an answer that is complete; null = there is none. */
    final @Nullable ByteBuffer wholeFrame() {
        return wholeFrame;
    }

    /** Lets go of the answer, which was told: a slow client may still be taking it. */
    void forget() {
        wholeFrame = null;
    }

    /** Tells a whole answer that is complete. */
    abstract void tellWhole(Begun begun) throws GatewayException;
}
