package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Results that a content says twice. Gemini CLI 0.61 does so in every session that it resumes, and Google counts the
 * results: a content with more of them than there were calls is refused.
 */
final class RepeatedResults {
    private static final byte[] NAME_END = "esponse\"".getBytes(StandardCharsets.US_ASCII);

    private RepeatedResults() {}

    /** The request's bytes with the first result of each call only; of those without an id all. */
    static byte[] without(byte[] body) {
        if (!mayRepeat(body)) {
            return body;
        }
        List<Value> repeated = new ArrayList<>();
        List<Value> before = new ArrayList<>();
        try {
            Value contents = Value.strict(body).members().get("contents");
            if (contents != null && contents.isArray()) {
                for (Value content : contents.elements()) {
                    Value parts = content.isObject() ? content.members().get("parts") : null;
                    if (parts != null && parts.isArray()) {
                        find(parts.elements(), repeated, before);
                    }
                }
            }
        } catch (JsonException e) {
            // Google says what is wrong with it.
            return body;
        }
        return repeated.isEmpty() ? body : cut(body, repeated, before);
    }

    /** Whether it may have more than one result: what both forms of the name end with is there twice. */
    private static boolean mayRepeat(byte[] body) {
        int count = 0;
        for (int at = 0; at <= body.length - NAME_END.length && count < 2; at++) {
            if (body[at] == NAME_END[0]
                    && Arrays.equals(body, at, at + NAME_END.length, NAME_END, 0, NAME_END.length)) {
                count++;
            }
        }
        return count > 1;
    }

    private static void find(List<Value> parts, List<Value> repeated, List<Value> before) throws JsonException {
        Set<String> answered = new HashSet<>();
        for (int i = 0; i < parts.size(); i++) {
            String id = id(parts.get(i));
            if (!id.isEmpty() && !answered.add(id)) {
                repeated.add(parts.get(i));
                before.add(parts.get(i - 1));
            }
        }
    }

    private static String id(Value part) throws JsonException {
        Map<String, Value> members = part.isObject() ? part.members() : Map.of();
        for (String name : List.of("functionResponse", "function_response")) {
            Value result = members.get(name);
            if (result != null && result.isObject()) {
                Value id = result.members().get("id");
                return id != null && id.isString() ? id.text() : "";
            }
        }
        return "";
    }

    /** Cuts each with the comma before it. */
    private static byte[] cut(byte[] body, List<Value> repeated, List<Value> before) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length);
        int at = 0;
        for (int i = 0; i < repeated.size(); i++) {
            out.write(body, at, before.get(i).to() - at);
            at = repeated.get(i).to();
        }
        out.write(body, at, body.length - at);
        return out.toByteArray();
    }
}
