package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of one choice's tool calls. Bears with endpoints that leave out ids or indexes, or give every call
 * the index 0.
 */
final class CallReader {
    private final int choice;
    private final List<Call> calls = new ArrayList<>(0);
    private final Map<Integer, Call> open = new HashMap<>(0);

    /**
     * What one payload says of a call.
     *
     * @param index as the upstream counts
     */
    record Piece(int index, String id, String name, String arguments) {}

    /** A call as it becomes known. */
    private static final class Call {
        private final int index;
        private String id = "";
        private boolean told;
        private final StringBuilder before = new StringBuilder(0);

        Call(int index) {
            this.index = index;
        }
    }

    CallReader(int choice) {
        this.choice = choice;
    }

    static void pieces(JsonReader json, List<Piece> pieces) throws JsonException {
        json.enterArray();
        while (json.nextElement()) {
            Piece piece = piece(json, pieces.size());
            if (piece != null) {
                pieces.add(piece);
            }
        }
    }

    /** Null = it is of a call that is no function's: of a kind nobody here asked for. */
    private static @Nullable Piece piece(JsonReader json, int place) throws JsonException {
        long index = place;
        String id = "";
        String type = "";
        Piece called = null;
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            if (json.skipNull()) {
                continue;
            }
            switch (name) {
                case "index" -> index = json.integer();
                case "id" -> id = ChoiceReader.text(json);
                case "type" -> type = ChoiceReader.text(json);
                case "function" -> called = legacy(json);
                default -> json.skip();
            }
        }
        if (index < 0 || index > 4096) {
            throw new JsonException("a tool call has the index " + index);
        }
        if (called == null) {
            boolean follows = !id.isEmpty() && (type.isEmpty() || type.equals("function"));
            return follows ? new Piece((int) index, id, "", "") : null;
        }
        return new Piece((int) index, id, called.name, called.arguments);
    }

    /** A function's name and arguments; by themselves the form of calls before there were tools. */
    static Piece legacy(JsonReader json) throws JsonException {
        String name = "";
        String arguments = "";
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "name" -> name = ChoiceReader.text(json);
                case "arguments" -> arguments = arguments(json);
                default -> json.skip();
            }
        }
        return new Piece(0, "", name, arguments);
    }

    /** Some give the arguments as an object instead of as its text. */
    static String arguments(JsonReader json) throws JsonException {
        return json.peek() == '{' ? json.json().text() : ChoiceReader.text(json);
    }

    void tell(Piece piece, EventTarget out) throws GatewayException {
        Call call = open.get(piece.index);
        boolean another =
                call != null && call.told && !piece.name.isEmpty() && !piece.id.isEmpty() && !piece.id.equals(call.id);
        if (call == null || another) {
            call = new Call(calls.size());
            calls.add(call);
            open.put(piece.index, call);
        }
        if (call.told) {
            arguments(call, piece.arguments, out);
            return;
        }
        call.id = piece.id.isEmpty() ? call.id : piece.id;
        call.before.append(piece.arguments);
        if (!piece.name.isEmpty()) {
            call.told = true;
            call.id = call.id.isEmpty() ? "call_" + UUID.randomUUID() : call.id;
            out.event(new ChatEvent.ToolCallStart(choice, call.index, call.id, piece.name));
            arguments(call, call.before.toString(), out);
        }
    }

    private void arguments(Call call, String text, EventTarget out) throws GatewayException {
        if (!text.isEmpty()) {
            out.event(new ChatEvent.ToolCallDelta(choice, call.index, text));
        }
    }

    /** @throws GatewayException UPSTREAM_PROTOCOL when a call has no name */
    void end() throws GatewayException {
        for (Call call : calls) {
            if (!call.told) {
                throw NoAnswer.namelessCall();
            }
        }
    }
}
