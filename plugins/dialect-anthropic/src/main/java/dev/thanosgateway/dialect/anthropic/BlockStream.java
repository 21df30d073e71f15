package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.wire.answer.KeptText;
import dev.thanosgateway.wire.json.JsonOut;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes content blocks one after the other, as clients of this API read them. Calls of tools that elsewhere come
 * interleaved wait until the one before them is whole.
 */
final class BlockStream {
    /** Copies of arguments: in a buffer that grew by doubling, as one text, as JSON in a string, and before the client has it. */
    private static final long WRITTEN = 12;

    /** What the open block is. */
    private enum Kind {
        NONE,
        TEXT,
        THINKING,
        CALL
    }

    private Kind kind = Kind.NONE;
    private int index = -1;
    private int calls;
    private long unsentBytes;
    private boolean signed;
    private @Nullable Call current;
    private final Map<Integer, Call> byIndex = new HashMap<>();
    private final Deque<Call> waiting = new ArrayDeque<>();

    /** A call that is open, or waits with what it has said. */
    private static final class Call {
        private final String id;
        private final String name;
        private final Arguments arguments = new Arguments();
        private KeptText unsent = new KeptText();
        private boolean told;

        Call(String id, String name) {
            this.id = id;
            this.name = name;
        }
    }

    /** What the calls that wait take, until the client has them. */
    long kept() {
        return WRITTEN * unsentBytes;
    }

    /** How many calls there are. */
    int calls() {
        return calls;
    }

    void text(String text, ByteArrayOutputStream out) {
        if (!text.isEmpty()) {
            openText(out);
            delta("text_delta", "text", text, out);
        }
    }

    private void openText(ByteArrayOutputStream out) {
        if (kind != Kind.TEXT) {
            end(out);
            open(Kind.TEXT, block("text").name("text").value(""), out);
        }
    }

    void thinking(String text, ByteArrayOutputStream out) {
        if (!text.isEmpty()) {
            openThinking(out);
            delta("thinking_delta", "thinking", text, out);
        }
    }

    /** A signature ends its thought: what is thought behind it is another block. */
    void signature(String signature, ByteArrayOutputStream out) {
        if (kind != Kind.THINKING) {
            openThinking(out);
        }
        signed = true;
        delta("signature_delta", "signature", signature, out);
    }

    private void openThinking(ByteArrayOutputStream out) {
        if (kind != Kind.THINKING || signed) {
            end(out);
            signed = false;
            JsonOut block = block("thinking").name("thinking").value("");
            open(Kind.THINKING, block.name("signature").value(""), out);
        }
    }

    void redacted(String data, ByteArrayOutputStream out) {
        end(out);
        open(Kind.NONE, block("redacted_thinking").name("data").value(data), out);
        stop(out);
    }

    void citation(Json citation, ByteArrayOutputStream out) {
        openText(out);
        JsonOut json = begin("content_block_delta").name("delta").beginObject();
        json.name("type")
                .value("citations_delta")
                .name("citation")
                .value(citation)
                .endObject();
        EventWriter.frame("content_block_delta", json.endObject(), out);
    }

    void call(int place, String id, String name, ByteArrayOutputStream out) {
        Call call = new Call(id, name);
        byIndex.put(place, call);
        calls++;
        Call before = current;
        if (before != null && !before.arguments.whole()) {
            waiting.add(call);
        } else {
            start(call, out);
        }
    }

    void arguments(int place, String piece, ByteArrayOutputStream out) {
        Call call = byIndex.get(place);
        if (call == null || piece.isEmpty()) {
            return;
        }
        call.arguments.follow(piece);
        if (call != current) {
            unsentBytes -= call.unsent.bytes();
            call.unsent.append(piece);
            unsentBytes += call.unsent.bytes();
            return;
        }
        tell(call, piece, out);
        while (current != null && current.arguments.whole() && !waiting.isEmpty()) {
            start(waiting.remove(), out);
        }
    }

    private void start(Call call, ByteArrayOutputStream out) {
        close(out);
        JsonOut block = block("tool_use").name("id").value(call.id).name("name").value(call.name);
        open(Kind.CALL, block.name("input").beginObject().endObject(), out);
        current = call;
        if (!call.unsent.isEmpty()) {
            tell(call, call.unsent.toString(), out);
            unsentBytes -= call.unsent.bytes();
            call.unsent = new KeptText();
        }
    }

    private void tell(Call call, String piece, ByteArrayOutputStream out) {
        call.told = true;
        delta("input_json_delta", "partial_json", piece, out);
    }

    /** Ends the open block, and all calls that wait. */
    void end(ByteArrayOutputStream out) {
        close(out);
        while (!waiting.isEmpty()) {
            start(waiting.remove(), out);
            close(out);
        }
    }

    /** A call without arguments has an empty object of them, as in a whole answer. */
    private void close(ByteArrayOutputStream out) {
        if (current != null && !current.told) {
            tell(current, "{}", out);
        }
        if (kind != Kind.NONE) {
            stop(out);
        }
        kind = Kind.NONE;
        current = null;
    }

    private static JsonOut block(String type) {
        return new JsonOut().beginObject().name("type").value(type);
    }

    private void open(Kind opened, JsonOut block, ByteArrayOutputStream out) {
        kind = opened;
        index++;
        JsonOut json = begin("content_block_start").name("content_block");
        json.value(new Json(block.endObject().toString()));
        EventWriter.frame("content_block_start", json.endObject(), out);
    }

    private void stop(ByteArrayOutputStream out) {
        EventWriter.frame("content_block_stop", begin("content_block_stop").endObject(), out);
    }

    private JsonOut begin(String type) {
        return new JsonOut()
                .beginObject()
                .name("type")
                .value(type)
                .name("index")
                .value(index);
    }

    private void delta(String type, String field, String text, ByteArrayOutputStream out) {
        JsonOut json = begin("content_block_delta").name("delta").beginObject();
        json.name("type").value(type).name(field).value(text).endObject();
        EventWriter.frame("content_block_delta", json.endObject(), out);
    }
}
