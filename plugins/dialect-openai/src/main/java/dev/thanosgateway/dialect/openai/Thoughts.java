package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the reasoning of one message in the field that its upstream reads it from. Reasoning with a vendor's signature is
 * that vendor's, by the mark that decision 0014 describes; without one it came from an endpoint of this kind. For one
 * conversation.
 */
final class Thoughts {
    private static final String EXTRA = ThoughtSignature.FIELD;
    private static final String DETAILS = "reasoning_details";

    /** Fields of a message that hold reasoning as text. */
    private static final Map<String, String> BESIDE =
            Map.of("reasoning_content", "reasoning_content", "reasoning", "reasoning", DETAILS, "reasoning");

    private final JsonWriter json;
    private final @Nullable String field;
    private final boolean signed;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder details = new StringBuilder();
    private final Map<String, String> signatures = new HashMap<>();
    private @Nullable String pending;
    private boolean called;

    Thoughts(JsonWriter json, ModelTraits traits) {
        this.json = json;
        this.field = traits.word(Trait.THOUGHTS);
        this.signed = traits.flag(Trait.SIGNED, false);
    }

    /** Reasoning of the message that is written next. */
    void add(Part.Reasoning thought) {
        String signature = thought.signature();
        if (signature == null || signature.isEmpty()) {
            // Clients keep the pieces of a stream apart.
            text.append(thought.text());
        } else if (signature.startsWith(ReasoningDetails.MARK)) {
            String inside = String.valueOf(ReasoningDetails.of(signature));
            details.append(details.isEmpty() || inside.isEmpty() ? "" : ",").append(inside);
        } else if (signature.startsWith(ThoughtSignature.GEMINI)) {
            pending = signature.substring(ThoughtSignature.GEMINI.length());
        }
    }

    /** A call of the same message: a signature before it is the call's. */
    void called(Part.ToolCall call) {
        if (pending != null) {
            signatures.put(call.id(), pending);
            pending = null;
        }
    }

    /** Writes what stands beside a message's content. */
    void beside() {
        String name = field == null ? null : BESIDE.get(field);
        if (name != null && !text.isEmpty()) {
            json.name(name).value(text.toString());
        }
        if (DETAILS.equals(field) && !details.isEmpty()) {
            json.name(DETAILS).value(new Json("[" + details + "]"));
        }
        if (EXTRA.equals(field) && pending != null) {
            ThoughtSignature.write(json, pending);
        }
        if (!amongParts()) {
            text.setLength(0);
        }
        details.setLength(0);
        pending = null;
        called = false;
    }

    /** Writes what stands beside a call. Where calls must be signed, the first of a message must be. */
    void beside(Part.ToolCall call) {
        if (!EXTRA.equals(field)) {
            return;
        }
        Json said = call.hints().get(EXTRA);
        String signature = signatures.get(call.id());
        boolean bare = signature == null
                && (said == null || ThoughtSignature.read(said).isEmpty());
        if (bare && signed && !called) {
            ThoughtSignature.write(json, ThoughtSignature.NONE);
        } else if (said != null) {
            json.name(EXTRA).value(said);
        } else if (signature != null) {
            ThoughtSignature.write(json, signature);
        }
        called = true;
    }

    /** Whether they are parts of the content, as Mistral has them. */
    boolean amongParts() {
        return !text.isEmpty() && "parts".equals(field);
    }

    /** Writes them as the first part of the content. */
    void parts() {
        json.beginObject().name("type").value("thinking").name("thinking").beginArray();
        json.beginObject().name("type").value("text").name("text").value(text.toString());
        json.endObject().endArray().endObject();
        text.setLength(0);
    }
}
