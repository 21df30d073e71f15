package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the reasoning of one message in the field that its upstream reads it from. Reasoning with a vendor's signature is
 * that vendor's; without one it came from an endpoint of this kind. For one conversation.
 */
final class Thoughts {
    /** Fields of a message that hold reasoning as text. */
    private static final Set<String> BESIDE = Set.of("reasoning_content", "reasoning");

    private final JsonWriter json;
    private final @Nullable String field;
    private final StringBuilder text = new StringBuilder();

    Thoughts(JsonWriter json, ModelTraits traits) {
        this.json = json;
        this.field = traits.word(Trait.THOUGHTS);
    }

    void add(Part.Reasoning thought) {
        String signature = thought.signature();
        if (signature == null || signature.isEmpty()) {
            text.append(text.isEmpty() ? "" : "\n").append(thought.text());
        }
    }

    /** Writes what stands beside a message's content, and begins with the next message where nothing else is written. */
    void beside() {
        if (!amongParts()) {
            if (!text.isEmpty() && field != null && BESIDE.contains(field)) {
                json.name(field).value(text.toString());
            }
            text.setLength(0);
        }
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
