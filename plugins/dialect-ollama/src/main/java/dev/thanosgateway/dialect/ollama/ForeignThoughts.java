package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.wire.answer.ThoughtDetails;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import java.nio.charset.StandardCharsets;

/** Other vendors' signed thoughts, which clients of this language carry for the gateway. A model server never sees them. */
final class ForeignThoughts {
    private ForeignThoughts() {}

    /** Whether a request's bytes may hold some. */
    static boolean mayBeIn(byte[] body) {
        return areIn(new String(body, StandardCharsets.ISO_8859_1));
    }

    private static boolean areIn(String json) {
        return json.contains(ThoughtDetails.SIGNED) || json.contains(ThoughtDetails.REDACTED);
    }

    /** {@code messages} without them: beside a message's text, in its calls and in their functions. */
    static Json without(Value messages) throws JsonException {
        JsonOut out = new JsonOut();
        write(out, messages);
        return new Json(out.toString());
    }

    private static void write(JsonOut out, Value value) throws JsonException {
        if (value.isArray()) {
            out.beginArray();
            for (Value element : value.elements()) {
                write(out, element);
            }
            out.endArray();
        } else if (value.isObject()) {
            out.beginObject();
            value.walk((name, member) -> {
                if (name.equals("tool_calls") || name.equals("function")) {
                    write(out.name(name), member);
                } else if (!name.equals(ThoughtDetails.FIELD)
                        || !areIn(member.json().text())) {
                    out.name(name).value(member.json());
                }
            });
            out.endObject();
        } else {
            out.value(value.json());
        }
    }
}
