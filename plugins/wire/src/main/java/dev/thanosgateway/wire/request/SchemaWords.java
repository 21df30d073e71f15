package dev.thanosgateway.wire.request;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;

/** The form of an answer as an instruction, for models that cannot be held to it otherwise. */
public final class SchemaWords {
    private SchemaWords() {}

    /** Asks for a value that matches {@code schema}. */
    public static String matching(Json schema) {
        return answer("one JSON value that matches this JSON Schema: " + schema);
    }

    /** Asks for an object with any members. */
    public static String anyObject() {
        return answer("one JSON object");
    }

    private static String answer(String what) {
        return "Answer with " + what + ", and with nothing before or after it.";
    }

    /** Whether what matches {@code schema} is an object; false where the schema does not say it at its root. */
    public static boolean isOfObject(Json schema) {
        try {
            Value value = Value.of(schema);
            Value type = value.isObject() ? value.members().get("type") : null;
            return type != null && type.isString() && type.text().equals("object");
        } catch (JsonException e) {
            // The vendor refuses such a schema in its own words.
            return false;
        }
    }
}
