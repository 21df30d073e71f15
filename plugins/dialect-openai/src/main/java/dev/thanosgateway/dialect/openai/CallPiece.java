package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import java.util.List;

/** Where in a relayed chunk a piece of a tool call stands, and what it says of which call it belongs to. */
final class CallPiece {
    private final int position;
    private int open;
    private int index = -1;
    private int indexFrom = -1;
    private int indexTo;
    private boolean members;
    private String id = "";
    private String name = "";

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
                case "id" -> id = ChoiceReader.text(json);
                case "function" -> name = json.skipNull() ? "" : name(json);
                default -> json.skip();
            }
        }
    }

    private static String name(JsonReader json) throws JsonException {
        String name = "";
        json.enterObject();
        while (json.nextMember()) {
            if (json.name().equals("name")) {
                name = ChoiceReader.text(json);
            } else {
                json.skip();
            }
        }
        return name;
    }

    /** Notes the piece; an index that is missing, or is another call's, is put right. */
    void repair(CallPlaces places, Edits edits) {
        int right = places.of(index, position, id, name).index();
        if (right == index) {
            return;
        }
        if (indexFrom >= 0) {
            edits.replace(indexFrom, indexTo, Integer.toString(right));
        } else {
            edits.replace(open, open, "\"index\":" + right + (members ? "," : ""));
        }
    }
}
