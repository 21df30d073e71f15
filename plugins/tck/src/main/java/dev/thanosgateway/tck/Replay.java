package dev.thanosgateway.tck;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Gives recorded answers to exchanges, cut as one likes, in a buffer that is overwritten after every slice. */
final class Replay {
    /** Slices of one length. */
    static IntUnaryOperator every(int bytes) {
        return at -> bytes;
    }

    /** Two slices. */
    static IntUnaryOperator cutAt(int bytes) {
        return at -> at < bytes ? bytes - at : Integer.MAX_VALUE;
    }

    static final IntUnaryOperator WHOLE = every(Integer.MAX_VALUE);

    /** How a provider begins an exchange. */
    interface Beginning<T> {
        Exchange<T> exchange() throws GatewayException;
    }

    private Replay() {}

    /**
     * One exchange from its call to its end or failure.
     *
     * @param slices from a position in the body to the length of the slice that begins there
     */
    static <T> Outcome<T> play(Beginning<T> beginning, RecordedAnswer answer, IntUnaryOperator slices) {
        return play(beginning, List.of(answer), slices);
    }

    /** The same with the further calls that the first one wants, an answer for each. */
    static <T> Outcome<T> play(Beginning<T> beginning, List<RecordedAnswer> answers, IntUnaryOperator slices) {
        return play(beginning, answers, slices, new Outcome<>());
    }

    /** @param outcome where everything goes */
    static <T, O extends Outcome<T>> O play(
            Beginning<T> beginning, RecordedAnswer answer, IntUnaryOperator slices, O outcome) {
        return play(beginning, List.of(answer), slices, outcome);
    }

    private static <T, O extends Outcome<T>> O play(
            Beginning<T> beginning, List<RecordedAnswer> answers, IntUnaryOperator slices, O outcome) {
        try {
            Exchange<T> exchange = beginning.exchange();
            for (RecordedAnswer answer : answers) {
                if (exchange == null) {
                    throw new AssertionError("There are more answers than calls.");
                }
                exchange.call();
                one(exchange, answer, slices, outcome);
                exchange = outcome.further();
            }
            if (exchange != null) {
                throw new AssertionError("There are fewer answers than calls.");
            }
        } catch (GatewayException e) {
            outcome.failed(e);
        }
        return outcome;
    }

    private static <T> void one(
            Exchange<T> exchange, RecordedAnswer answer, IntUnaryOperator slices, Outcome<T> outcome)
            throws GatewayException {
        if (!answer.good()) {
            throw exchange.failure(
                    answer.status(),
                    answer.headers(),
                    ByteBuffer.wrap(answer.body().clone()).asReadOnlyBuffer());
        }
        exchange.head(answer.status(), answer.headers(), outcome);
        body(exchange, answer.body(), slices, outcome);
        exchange.end(outcome);
    }

    /** The answer's body alone. */
    static <T> void body(Exchange<T> exchange, byte[] body, IntUnaryOperator slices, Sink<T> out)
            throws GatewayException {
        byte[] buffer = new byte[body.length];
        for (int at = 0; at < body.length; ) {
            int length = Math.min(slices.applyAsInt(at), body.length - at);
            System.arraycopy(body, at, buffer, 0, length);
            exchange.body(ByteBuffer.wrap(buffer, 0, length).slice().asReadOnlyBuffer(), out);
            // It is the host's again: who kept it reads this.
            Arrays.fill(buffer, 0, length, (byte) '#');
            at += length;
        }
    }
}
