package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.wire.request.ModelFit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where in a relayed chunk a piece of a tool call stands, and what it says of which call it belongs to. */
final class CallPiece {
    private final int position;
    private int open;
    private int index = -1;
    private int indexFrom = -1;
    private int indexTo;
    private boolean members;
    private String id = "";
    private int idFrom = -1;
    private int idTo;
    private String name = "";
    private int nameFrom;
    private int nameTo;

    private CallPiece(int position) {
        this.position = position;
    }

    /** Reads the array that {@code json} stands before. */
    static void all(JsonReader json, List<CallPiece> pieces) throws JsonException {
        json.enterArray();
        while (json.nextElement()) {
            CallPiece piece = new CallPiece(pieces.size());
            piece.read(json);
            pieces.add(piece);
        }
    }

    private void read(JsonReader json) throws JsonException {
        json.enterObject();
        open = json.position();
        while (json.nextMember()) {
            members = true;
            switch (json.name()) {
                case "index" -> {
                    json.peek();
                    indexFrom = json.position();
                    index = json.skipNull() ? -1 : CallReader.index(json.integer());
                    indexTo = json.position();
                }
                case "id" -> {
                    json.peek();
                    idFrom = json.position();
                    id = ChoiceReader.text(json);
                    idTo = json.position();
                }
                case "function" -> {
                    if (!json.skipNull()) {
                        name(json);
                    }
                }
                default -> json.skip();
            }
        }
    }

    /** Reads the form of a call that is older than the array. */
    static CallPiece legacy(JsonReader json) throws JsonException {
        CallPiece piece = new CallPiece(0);
        piece.name(json);
        return piece;
    }

    private void name(JsonReader json) throws JsonException {
        json.enterObject();
        while (json.nextMember()) {
            if (json.name().equals("name")) {
                json.peek();
                nameFrom = json.position();
                name = ChoiceReader.text(json);
                nameTo = json.position();
            } else {
                json.skip();
            }
        }
    }

    /**
     * Notes the piece. An index that is missing, or is another call's, is put right; a call without an id gets one in the
     * piece that names its tool.
     *
     * @param places of the choice's calls; null = the piece is a whole call
     */
    void repair(@Nullable CallPlaces places, Edits edits) {
        if (places == null) {
            if (id.isEmpty()) {
                identify(edits);
            }
            return;
        }
        CallPlaces.Place place = places.of(index, position, id, name);
        if (place.index() != index) {
            put("index", Integer.toString(place.index()), indexFrom, indexTo, edits);
        }
        if (place.needsId()) {
            identify(edits);
        }
    }

    private void identify(Edits edits) {
        put("id", "\"call_" + UUID.randomUUID().toString().replace("-", "") + '"', idFrom, idTo, edits);
    }

    private void put(String member, String value, int from, int to, Edits edits) {
        if (from >= 0) {
            edits.replace(from, to, value);
        } else {
            edits.replace(open, open, '"' + member + "\":" + value + (members ? "," : ""));
        }
    }

    /** Gives the tool the caller's name back. */
    void restoreName(@Nullable ModelFit fit, Edits edits) {
        String callers = fit == null ? name : fit.callersName(name);
        if (!callers.equals(name)) {
            edits.replace(nameFrom, nameTo, FittedRelay.quoted(callers));
        }
    }
}
