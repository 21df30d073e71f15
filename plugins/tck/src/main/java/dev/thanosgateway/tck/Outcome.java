package dev.thanosgateway.tck;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plays the host for one answer: what came out of it, its grammar checked. Used by one thread. */
class Outcome<T> implements Sink<T> {
    static final String FAILURE = "failure ";

    private final List<T> results = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final ChatFold fold = new ChatFold();
    private @Nullable GatewayException failure;
    private @Nullable Exchange<T> further;

    @Override
    public void event(T event) throws GatewayException {
        if (event instanceof ChatEvent chat) {
            fold.add(chat);
        }
        results.add(event);
        line(event.toString());
    }

    /** Notes {@code text} on one line. */
    final void line(String text) {
        lines.add(oneLine(text));
    }

    static String oneLine(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    @Override
    public void frame(ByteBuffer bytes, Meaning meaning) {
        throw new AssertionError("The request has no original bytes, so the answer must be events, not frames.");
    }

    @Override
    public void then(Exchange<T> next) {
        further = next;
    }

    /** The call that is wanted behind the one that has ended, told once; null = none. */
    @Nullable
    Exchange<T> further() {
        Exchange<T> next = further;
        further = null;
        return next;
    }

    void failed(GatewayException why) {
        failure = why;
        lines.add(FAILURE + why.kind());
    }

    /** Every event, then the failure if there was one. */
    List<String> lines() {
        return lines;
    }

    List<T> results() {
        return results;
    }

    @Nullable
    GatewayException failure() {
        return failure;
    }

    /** The failure, or the whole answer but for names, times and what only its vendor understands. */
    Object meaning() {
        return failure != null
                ? failure.kind()
                : Arrays.asList(response().choices(), response().usage());
    }

    /** Whether the answer told that it is whole. */
    boolean finished() {
        return fold.done();
    }

    ChatResponse response() {
        try {
            return fold.response();
        } catch (GatewayException e) {
            throw new AssertionError("The answer was not finished: " + lines, e);
        }
    }
}
