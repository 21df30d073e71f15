package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.wire.answer.ThoughtDetails;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what a candidate says, part by part. A signature goes on the part behind it, or on an empty one at the end. */
final class Parts {
    private final ArrayNode out = Trees.array();
    private @Nullable String signature;
    private @Nullable String malformed;
    /** Whether nothing is joined to the last part. */
    private boolean sealed;

    void text(String text) {
        if (!text.isEmpty() && !joined(text, false)) {
            sign(out.addObject().put("text", text));
        }
    }

    void thought(String text) {
        if (!text.isEmpty()) {
            // What was signed is the thought before this one.
            close();
            if (!joined(text, true)) {
                out.addObject().put("text", text).put("thought", true);
            }
        }
    }

    /** Words of one kind in a row are one part, whatever was between them that has no place here. */
    private boolean joined(String text, boolean thought) {
        boolean open = !sealed;
        sealed = false;
        if (open
                && signature == null
                && !out.isEmpty()
                && out.get(out.size() - 1) instanceof ObjectNode before
                && before.has("text")
                && before.has("thought") == thought) {
            before.put("text", before.get("text").stringValue() + text);
            return true;
        }
        return false;
    }

    void signature(@Nullable String value) {
        if (value != null) {
            close();
            signature = Signatures.write(value);
        }
    }

    /** Thoughts that only their vendor can read: an empty thought, which comes back as it is. */
    void redacted(String data) {
        close();
        out.addObject()
                .put("text", "")
                .put("thought", true)
                .put("thoughtSignature", Signatures.write(ThoughtDetails.REDACTED + data));
        sealed = true;
    }

    /** A call whose arguments are no object cannot be said here: Google calls that a malformed function call. */
    void call(String id, String name, String arguments) {
        JsonNode args = Trees.object(arguments);
        if (args == null) {
            malformed = arguments;
            return;
        }
        ObjectNode part = out.addObject();
        part.putObject("functionCall").put("id", id).put("name", name).set("args", args);
        sign(part);
    }

    void media(Part.Source.Data data) {
        ObjectNode part = out.addObject();
        part.putObject("inlineData").put("mimeType", data.mediaType()).put("data", data.base64());
        sign(part);
    }

    private void sign(ObjectNode part) {
        if (signature != null) {
            part.put("thoughtSignature", signature);
            signature = null;
        }
    }

    /** A signature that nothing follows. */
    void close() {
        if (signature != null) {
            sign(out.addObject().put("text", ""));
        }
    }

    /** Arguments that are no JSON object; null = there were none such. */
    @Nullable
    String malformed() {
        return malformed;
    }

    boolean isEmpty() {
        return out.isEmpty();
    }

    /** What was written since it was last taken. */
    ArrayNode take() {
        ArrayNode taken = out.deepCopy();
        out.removeAll();
        return taken;
    }
}
