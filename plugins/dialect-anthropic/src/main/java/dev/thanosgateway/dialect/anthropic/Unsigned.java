package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes thinking blocks that Anthropic did not sign, and so refuses, out of a conversation. */
final class Unsigned {
    private static final byte[] WORD = "\"thinking\"".getBytes(StandardCharsets.US_ASCII);

    private Unsigned() {}

    /** The messages without such blocks; null = there are none, as in most requests. */
    static @Nullable Json without(byte[] bytes, Value root) throws JsonException {
        Value messages = mentions(bytes) ? root.members().get("messages") : null;
        if (messages == null) {
            return null;
        }
        boolean found = false;
        JsonOut out = new JsonOut().beginArray();
        for (Value message : messages.elements()) {
            Value content = message.isObject() ? message.members().get("content") : null;
            if (content == null || !content.isArray() || !any(content)) {
                out.value(message.json());
                continue;
            }
            found = true;
            out.beginObject();
            message.walk((name, value) -> {
                out.name(name);
                if (name.equals("content")) {
                    rest(content, out);
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

    private static boolean any(Value content) throws JsonException {
        for (Value block : content.elements()) {
            if (unsigned(block)) {
                return true;
            }
        }
        return false;
    }

    private static void rest(Value content, JsonOut out) throws JsonException {
        out.beginArray();
        for (Value block : content.elements()) {
            if (!unsigned(block)) {
                out.value(block.json());
            }
        }
        out.endArray();
    }

    private static boolean unsigned(Value block) throws JsonException {
        if (!block.isObject()) {
            return false;
        }
        Map<String, Value> members = block.members();
        Value type = members.get("type");
        if (type == null || !type.isString() || !type.text().equals("thinking")) {
            return false;
        }
        Value signature = members.get("signature");
        return signature == null || (signature.isString() && foreign(signature.text()));
    }

    /** Whether a signature is not Anthropic's, which is base64: others' bear a mark, as in {@code gemini:…}. */
    static boolean foreign(@Nullable String signature) {
        return signature == null || signature.isEmpty() || signature.indexOf(':') >= 0;
    }
}
