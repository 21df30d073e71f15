package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of one choice's tool calls. Bears with endpoints that leave out ids or indexes, or give every call
 * the index 0.
 */
final class CallReader {
    /** The most arguments that may come before the name of the tool. */
    private static final int MOST_BEFORE = 64 * 1024;

    private final int choice;
    private final CallPlaces places = new CallPlaces();
    private final List<Call> calls = new ArrayList<>(0);

    /**
     * What one payload says of a call.
     *
     * @param index as the upstream counts; -1 = it gives none
     * @param position the piece's place in its array
     * @param arguments of a function, or the text for a custom tool
     * @param signature of the thought that led to the call; empty = none
     */
    record Piece(int index, int position, String id, String name, String arguments, String signature, boolean custom) {}

    /** A call as it becomes known. */
    private static final class Call {
        private boolean told;
        private boolean custom;
        private final StringBuilder before = new StringBuilder(0);
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

    /** Null = it is of a call of a kind nobody here asked for: no function's and no custom tool's. */
    private static @Nullable Piece piece(JsonReader json, int place) throws JsonException {
        long index = -1;
        String id = "";
        String signature = "";
        String type = "";
        Piece called = null;
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            if (json.skipNull()) {
                continue;
            }
            switch (name) {
                case "index" -> index = index(json.integer());
                case "extra_content" -> signature = ThoughtSignature.read(json);
                case "id" -> id = ChoiceReader.text(json);
                case "type" -> type = ChoiceReader.text(json);
                case "function" -> called = legacy(json);
                case "custom" -> called = custom(json);
                default -> json.skip();
            }
        }
        if (called == null) {
            boolean follows = !id.isEmpty() && (type.isEmpty() || type.equals("function"));
            return follows ? new Piece((int) index, place, id, "", "", signature, false) : null;
        }
        return new Piece((int) index, place, id, called.name, called.arguments, signature, called.custom);
    }

    /** @throws JsonException when no answer can have so many calls */
    static int index(long index) throws JsonException {
        if (index < 0 || index > 4096) {
            throw new JsonException("a tool call has the index " + index);
        }
        return (int) index;
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
        return new Piece(0, 0, "", name, arguments, "", false);
    }

    private static Piece custom(JsonReader json) throws JsonException {
        String name = "";
        String input = "";
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "name" -> name = ChoiceReader.text(json);
                case "input" -> input = ChoiceReader.text(json);
                default -> json.skip();
            }
        }
        return new Piece(0, 0, "", name, input, "", true);
    }

    /** Some give the arguments as an object instead of as its text. */
    static String arguments(JsonReader json) throws JsonException {
        return json.peek() == '{' ? json.json().text() : ChoiceReader.text(json);
    }

    void tell(Piece piece, EventTarget out) throws GatewayException {
        CallPlaces.Place place = places.of(piece.index, piece.position, piece.id, piece.name);
        if (place.order() == calls.size()) {
            calls.add(new Call());
        }
        Call call = calls.get(place.order());
        if (call.told) {
            text(call, place, piece.arguments, out);
            return;
        }
        if (!piece.signature.isEmpty()) {
            out.event(new ChatEvent.ReasoningSignature(choice, piece.signature));
        }
        call.before.append(piece.arguments);
        call.custom |= piece.custom;
        if (call.before.length() > MOST_BEFORE && !place.named()) {
            throw NoAnswer.namelessCall();
        }
        if (place.named()) {
            call.told = true;
            String id = place.id().isEmpty() ? "call_" + UUID.randomUUID() : place.id();
            out.event(
                    call.custom
                            ? new ChatEvent.CustomCallStart(choice, place.order(), id, piece.name)
                            : new ChatEvent.ToolCallStart(choice, place.order(), id, piece.name));
            text(call, place, call.before.toString(), out);
        }
    }

    private void text(Call call, CallPlaces.Place place, String text, EventTarget out) throws GatewayException {
        if (!text.isEmpty()) {
            out.event(
                    call.custom
                            ? new ChatEvent.CustomCallDelta(choice, place.order(), text)
                            : new ChatEvent.ToolCallDelta(choice, place.order(), text));
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
