package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import java.nio.charset.StandardCharsets;

/**
 * The signature of a thought as Google's OpenAI-compatible endpoint has it: {@code extra_content.google.
 * thought_signature}, beside a message or a tool call. Outside that endpoint it reads as Gemini's own does.
 */
final class ThoughtSignature {
    /** What Google takes in place of a signature that is not to be had. */
    static final String NONE = "skip_thought_signature_validator";

    /** The mark of such a signature; see decision 0014. */
    static final String GEMINI = "gemini:";

    private ThoughtSignature() {}

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
