package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the one result of an operation that is no chat, or the one frame of the relay lane.
 *
 * @param <T> the result
 */
final class ResultIntake<T> extends Intake<T> {
    /** What the result must be, and what it tells. */
    interface Reading<T> {
        /**
         * @return what the upstream counted; null = nothing
         * @throws GatewayException UPSTREAM_PROTOCOL when it cannot be the answer
         */
        @Nullable
        Usage check(T result) throws GatewayException;
    }

    private final WholeAnswer<T> answer;
    private final Reading<T> reading;
    private @Nullable T result;

    ResultIntake(WholeAnswer<T> answer, Reading<T> reading) {
        this.answer = answer;
        this.reading = reading;
    }

    @Override
    void takeFrames(SliceOutput<T> output) throws GatewayException {
        super.takeFrames(output);
        one();
    }

    @Override
    void takeEvent(T event) throws GatewayException {
        if (result != null) {
            throw several();
        }
        counted(reading.check(event));
        result = event;
        finishSeen(true);
        one();
    }

    /** Before anything is told: that it came in the one way or in the other, and at all. */
    private void one() throws GatewayException {
        boolean framed = wholeFrame() != null;
        if (framed && result != null) {
            throw several();
        }
        if (finishSeen() && !framed && result == null) {
            throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "The answer is empty.");
        }
    }

    private static GatewayException several() {
        return new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "There is more than one result.");
    }

    @Override
    void forget() {
        super.forget();
        result = null;
    }

    @Override
    void tellWhole(Begun begun) {
        ByteBuffer frame = wholeFrame();
        T given = result;
        if (frame != null) {
            answer.whole(begun, frame);
        } else if (given != null) {
            answer.whole(begun, given);
        }
    }
}
