package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The signature of a thought as Google's OpenAI-compatible endpoint has it: {@code extra_content.google.
 * thought_signature}, beside a message or a tool call. Outside that endpoint it reads as Gemini's own does.
 */
final class ThoughtSignature {
    /** What Google takes in place of a signature that is not to be had. */
    static final String NONE = "skip_thought_signature_validator";

    /** The mark of such a signature; see decision 0014. */
    static final String GEMINI = "gemini:";

    /** Where the endpoint has it, beside a call or in a message. */
    static final String FIELD = "extra_content";

    private ThoughtSignature() {}

    /** What the endpoint itself gave; null = the signature is another vendor's. */
    static @Nullable String own(@Nullable String signature) {
        return signature != null && signature.startsWith(GEMINI) ? signature.substring(GEMINI.length()) : null;
    }

    /** Writes the member that holds a signature. */
    static void write(JsonWriter json, String signature) {
        json.name(FIELD).beginObject().name("google").beginObject();
        json.name("thought_signature").value(signature).endObject().endObject();
    }

    /** The signature in the value of {@code extra_content}; empty = it has none. */
    static String read(Json extra) {
        byte[] bytes = extra.text().getBytes(StandardCharsets.UTF_8);
        try {
            return read(JsonReader.lenient(bytes, 0, bytes.length));
        } catch (JsonException e) {
            throw new IllegalArgumentException("a hint that is no JSON", e);
        }
    }

    /** Reads {@code extra_content}, which {@code json} stands before; empty = it has none. */
    static String read(JsonReader json) throws JsonException {
        String signature = "";
        if (json.peek() != '{') {
            json.skip();
            return signature;
        }
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "google" -> signature = read(json);
                case "thought_signature" -> {
                    String own = ChoiceReader.text(json);
                    signature = own.isEmpty() ? "" : GEMINI + own;
                }
                default -> json.skip();
            }
        }
        return signature;
    }
}
