package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.JsonString;

/** A tool call's arguments: text elsewhere, an object here. Follows pieces of the text to know when they are whole. */
final class Arguments {
    private static final String UNREADABLE = "unreadable_arguments";

    private int depth;
    private boolean begun;
    private boolean inString;
    private boolean escaped;

    /**
     * The object for {@code text}: itself, {@code {}} for nothing, and for what is no object (arguments that a limit
     * cut off, say) one with the text in {@code unreadable_arguments}, so that nothing is lost.
     */
    static Json object(String text) {
        if (text.isBlank()) {
            return new Json("{}");
        }
        if (JsonString.isObject(text)) {
            return new Json(text.strip());
        }
        return new Json(new JsonOut()
                .beginObject()
                .name(UNREADABLE)
                .value(text)
                .endObject()
                .toString());
    }

    void follow(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if (escaped) {
                escaped = false;
            } else if (inString) {
                escaped = c == '\\';
                inString = c != '"';
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                depth++;
                begun = true;
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
    }

    boolean whole() {
        return begun && depth <= 0;
    }
}
