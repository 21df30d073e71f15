package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;

/**
 * The signature of a thought as Google's OpenAI-compatible endpoint has it: {@code extra_content.google.
 * thought_signature}, beside a message or a tool call. Outside that endpoint it reads as Gemini's own does.
 */
final class ThoughtSignature {
    /** The mark of such a signature; see decision 0014. */
    static final String GEMINI = "gemini:";

    private ThoughtSignature() {}

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
