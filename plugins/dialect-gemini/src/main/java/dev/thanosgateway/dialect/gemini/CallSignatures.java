package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Signatures of calls in a relayed request. A model that insists on them refuses a step whose first call has none, and a
 * call that another vendor's model made never had one.
 */
final class CallSignatures {
    private static final byte[] ADDED =
            (",\"thoughtSignature\":\"" + Signatures.NONE + '"').getBytes(StandardCharsets.US_ASCII);

    private CallSignatures() {}

    /** The request's bytes, where the first call of each step has a signature. A step is a run of model contents. */
    static byte[] complete(byte[] body) {
        List<Value> bare = new ArrayList<>();
        try {
            Value contents = Value.strict(body).members().get("contents");
            if (contents == null || !contents.isArray()) {
                return body;
            }
            boolean called = false;
            for (Value content : contents.elements()) {
                Map<String, Value> members = content.isObject() ? content.members() : Map.of();
                Value role = members.get("role");
                boolean model = role != null && role.isString() && role.text().equals("model");
                Value parts = members.get("parts");
                called = model && (called || (parts != null && parts.isArray() && called(parts.elements(), bare)));
            }
        } catch (JsonException e) {
            // Google says what is wrong with it.
            return body;
        }
        return bare.isEmpty() ? body : signed(body, bare);
    }

    /** Whether one of the parts is a call. The first one is added to {@code bare} if it has no signature. */
    private static boolean called(List<Value> parts, List<Value> bare) throws JsonException {
        for (Value part : parts) {
            Map<String, Value> members = part.isObject() ? part.members() : Map.of();
            if (members.containsKey("functionCall") || members.containsKey("function_call")) {
                if (!members.containsKey("thoughtSignature") && !members.containsKey("thought_signature")) {
                    bare.add(part);
                }
                return true;
            }
        }
        return false;
    }

    private static byte[] signed(byte[] body, List<Value> bare) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + bare.size() * ADDED.length);
        int at = 0;
        for (Value part : bare) {
            int end = part.to() - 1;
            out.write(body, at, end - at);
            out.write(ADDED, 0, ADDED.length);
            at = end;
        }
        out.write(body, at, body.length - at);
        return out.toByteArray();
    }
}
