package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes thinking blocks that the endpoint did not make, and so refuses, out of a conversation: those that Anthropic did
 * not sign, or, where others' endpoints sign nothing, those that bear another vendor's mark.
 */
final class Unsigned {
    private static final byte[] WORD = "\"thinking\"".getBytes(StandardCharsets.US_ASCII);

    private Unsigned() {}

    /** Whether thoughts need no signature where this model is served. */
    static boolean taken(ModelTraits traits) {
        return traits.is(Trait.THOUGHTS, "unsigned");
    }

    /**
     * The messages without such blocks; null = there are none, as in most requests.
     *
     * @param taken whether thoughts need no signature
     */
    static @Nullable Json without(byte[] bytes, Value root, boolean taken) throws JsonException {
        Value messages = mentions(bytes) ? root.members().get("messages") : null;
        if (messages == null) {
            return null;
        }
        boolean found = false;
        JsonOut out = new JsonOut().beginArray();
        for (Value message : messages.elements()) {
            Value content = message.isObject() ? message.members().get("content") : null;
            if (content == null || !content.isArray() || !any(content, taken)) {
                out.value(message.json());
                continue;
            }
            found = true;
            out.beginObject();
            message.walk((name, value) -> {
                out.name(name);
                if (name.equals("content")) {
                    rest(content, taken, out);
                } else {
                    out.value(value.json());
                }
            });
            out.endObject();
        }
        return found ? new Json(out.endArray().toString()) : null;
    }

    private static boolean mentions(byte[] bytes) {
        for (int i = 0; i + WORD.length <= bytes.length; i++) {
            if (bytes[i] == '"' && Arrays.equals(bytes, i, i + WORD.length, WORD, 0, WORD.length)) {
                return true;
            }
        }
        return false;
    }

    private static boolean any(Value content, boolean taken) throws JsonException {
        for (Value block : content.elements()) {
            if (unsigned(block, taken)) {
                return true;
            }
        }
        return false;
    }

    private static void rest(Value content, boolean taken, JsonOut out) throws JsonException {
        out.beginArray();
        for (Value block : content.elements()) {
            if (!unsigned(block, taken)) {
                out.value(block.json());
            }
        }
        out.endArray();
    }

    private static boolean unsigned(Value block, boolean taken) throws JsonException {
        if (!block.isObject()) {
            return false;
        }
        Map<String, Value> members = block.members();
        Value type = members.get("type");
        if (type == null || !type.isString() || !type.text().equals("thinking")) {
            return false;
        }
        Value signature = members.get("signature");
        return signature == null ? !taken : (signature.isString() && foreign(signature.text(), taken));
    }

    /**
     * Whether a signature is not the endpoint's. Anthropic's is base64; others' bear a mark, as in {@code gemini:…}.
     *
     * @param taken whether thoughts need no signature
     */
    static boolean foreign(@Nullable String signature, boolean taken) {
        return (signature == null || signature.isEmpty()) ? !taken : signature.indexOf(':') >= 0;
    }
}
