package dev.thanosgateway.provider.echo;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.ChatStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Gives one reply word by word. With several choices each says the same, a word of each in turn.
 *
 * <p>A token is a word, as {@link Words} cuts it, on both sides; a call's arguments are words too, its name is not.
 * So usage, and where a token limit cuts, can be told from the text.
 */
final class EchoStream implements ChatStream {
    private final Reply reply;
    private final int choices;
    private final long limit;
    private final long delayMillis;
    private final long inputTokens;
    private final Deque<ChatEvent> ready = new ArrayDeque<>();
    private Words words;
    private int call = -1;
    private long said;
    private boolean ended;

    /**
     * @param limit the most words each choice may have
     * @param delayMillis waited between two words
     */
    EchoStream(String model, Reply reply, int choices, long limit, long delayMillis, long inputTokens) {
        this.reply = reply;
        this.choices = choices;
        this.limit = limit;
        this.delayMillis = delayMillis;
        this.inputTokens = inputTokens;
        this.words = new Words(reply.text());
        ready.add(new ChatEvent.Started(null, model, 0));
    }

    @Override
    public ChatEvent next() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        ChatEvent event = ready.poll();
        while (event == null) {
            advance();
            event = ready.poll();
        }
        return event;
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private void advance() throws InterruptedException {
        if (ended) {
            throw new IllegalStateException("the answer is finished");
        }
        if (words.hasNext()) {
            if (said >= limit) {
                end(FinishReason.LENGTH, null);
            } else {
                word();
            }
        } else if (call + 1 < reply.calls().size()) {
            beginCall();
        } else {
            end(reply.calls().isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS, reply.stopSequence());
        }
    }

    private void word() throws InterruptedException {
        if (said > 0 && delayMillis > 0) {
            Thread.sleep(delayMillis);
        }
        said++;
        String word = words.next();
        for (int choice = 0; choice < choices; choice++) {
            ready.add(
                    call < 0 ? new ChatEvent.TextDelta(choice, word) : new ChatEvent.ToolCallDelta(choice, call, word));
        }
    }

    private void beginCall() {
        call++;
        Reply.Call begun = reply.calls().get(call);
        words = new Words(begun.arguments());
        for (int choice = 0; choice < choices; choice++) {
            ready.add(new ChatEvent.ToolCallStart(choice, call, reply.callId(choice, call), begun.name()));
        }
    }

    private void end(FinishReason reason, @Nullable String stopSequence) {
        ended = true;
        for (int choice = 0; choice < choices; choice++) {
            ready.add(new ChatEvent.ChoiceFinished(choice, reason, stopSequence));
        }
        ready.add(new ChatEvent.Finished(Usage.of(inputTokens, said * choices)));
    }
}
