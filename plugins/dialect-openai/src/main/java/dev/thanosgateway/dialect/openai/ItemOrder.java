package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.wire.answer.KeptText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of an answer in the order of a response's items: an item is over when the next one begins. Where an
 * upstream interleaves calls, what follows a call that is not whole waits until it is, or until the answer ends. For the
 * first choice of one answer, used by one thread at a time.
 */
final class ItemOrder {
    private static final long OBJECT_BYTES = 96;

    /** A call that waits, with all of its text that has come. */
    private static final class Waiting {
        private final ChatEvent start;
        private final int index;
        private final KeptText text = new KeptText();

        Waiting(ChatEvent start, int index) {
            this.start = start;
            this.index = index;
        }
    }

    private final Consumer<ChatEvent> out;
    private final Deque<Object> waiting = new ArrayDeque<>(0);
    private final Map<Integer, Waiting> calls = new HashMap<>(0);
    private long bytes;
    private int open = -1;
    private @Nullable JsonEnd end;

    ItemOrder(Consumer<ChatEvent> out) {
        this.out = out;
    }

    /** Bytes of memory that what waits takes. */
    long bytes() {
        return bytes;
    }

    void event(ChatEvent event) {
        switch (event) {
            case ChatEvent.ToolCallStart e -> start(e, e.index());
            case ChatEvent.CustomCallStart e -> start(e, e.index());
            case ChatEvent.ToolCallDelta e -> piece(e, e.index(), e.arguments());
            case ChatEvent.CustomCallDelta e -> piece(e, e.index(), e.input());
            case ChatEvent.ChoiceFinished e -> {
                while (!waiting.isEmpty()) {
                    next();
                }
                out.accept(e);
            }
            default -> {
                if (blocked()) {
                    waiting.add(event);
                    bytes += weight(event);
                } else {
                    out.accept(event);
                }
            }
        }
    }

    private static long weight(ChatEvent event) {
        long text = switch (event) {
            case ChatEvent.TextDelta e -> e.text().length();
            case ChatEvent.ReasoningDelta e -> e.text().length();
            case ChatEvent.RefusalDelta e -> e.text().length();
            case ChatEvent.ReasoningSignature e -> e.signature().length();
            case ChatEvent.RedactedReasoning e -> e.data().length();
            case ChatEvent.Media e -> e.data().base64().length();
            case ChatEvent.Citation e -> e.json().text().length();
            default -> OBJECT_BYTES;
        };
        return OBJECT_BYTES + 2 * text;
    }

    /** Whether the open call may go on, so that nothing else can begin. */
    private boolean blocked() {
        JsonEnd arguments = end;
        return open >= 0 && (arguments == null || !arguments.whole());
    }

    private void start(ChatEvent start, int index) {
        if (blocked()) {
            Waiting call = new Waiting(start, index);
            waiting.add(call);
            calls.put(index, call);
            bytes += OBJECT_BYTES;
        } else {
            begin(start, index);
        }
    }

    private void begin(ChatEvent start, int index) {
        open = index;
        // The text of a custom tool's call does not show where it ends.
        end = start instanceof ChatEvent.ToolCallStart ? new JsonEnd() : null;
        out.accept(start);
    }

    private void piece(ChatEvent piece, int index, String text) {
        Waiting call = calls.get(index);
        if (call != null) {
            bytes -= call.text.bytes();
            call.text.append(text);
            bytes += call.text.bytes();
            return;
        }
        out.accept(piece);
        if (index == open && end != null) {
            end.read(text);
            while (!waiting.isEmpty() && !blocked()) {
                next();
            }
        }
    }

    private void next() {
        Object first = waiting.remove();
        if (first instanceof ChatEvent event) {
            bytes -= weight(event);
            out.accept(event);
        } else if (first instanceof Waiting call) {
            calls.remove(call.index);
            bytes -= OBJECT_BYTES + call.text.bytes();
            begin(call.start, call.index);
            String text = call.text.toString();
            if (end != null) {
                end.read(text);
            }
            int choice = call.start.choice();
            out.accept(
                    end == null
                            ? new ChatEvent.CustomCallDelta(choice, call.index, text)
                            : new ChatEvent.ToolCallDelta(choice, call.index, text));
        }
    }
}
