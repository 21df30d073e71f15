package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import dev.thanosgateway.wire.request.SchemaWords;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schemas as this API takes them. A schema that answers are held to may have no other keywords than those here
 * (structured outputs, "JSON Schema limitations"); what it has beside goes into the description, where the model at
 * least reads it.
 */
final class Schemas {
    private static final Json ANY_OBJECT = new Json("{\"type\":\"object\",\"properties\":{}}");
    private static final Set<String> KEPT = Set.of("type", "enum", "const", "title", "required", "$ref", "default");
    private static final Set<String> FORMATS =
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid");

    private Schemas() {}

    /** The schema of a tool's arguments, which must be one of an object here. */
    static Json ofArguments(@Nullable Json schema) throws JsonException {
        if (schema == null) {
            return ANY_OBJECT;
        }
        Value value = Value.of(schema);
        if (!value.isObject() || value.members().containsKey("type")) {
            return schema;
        }
        JsonOut out = new JsonOut().beginObject().name("type").value("object");
        value.walk((name, one) -> out.name(name).value(one.json()));
        return new Json(out.endObject().toString());
    }

    /**
     * Whether every object of a schema is closed and has all its properties, as OpenAI wants of what it holds answers to;
     * here they may be left out.
     */
    static boolean complete(Value schema) throws JsonException {
        if (schema.isArray()) {
            for (Value one : schema.elements()) {
                if (!complete(one)) {
                    return false;
                }
            }
        }
        if (!schema.isObject()) {
            return true;
        }
        Map<String, Value> members = schema.members();
        Value properties = members.get("properties");
        if (properties != null && properties.isObject()) {
            Value required = members.get("required");
            Value more = members.get("additionalProperties");
            Set<String> all = new HashSet<>();
            for (Value one : required == null ? List.<Value>of() : required.elements()) {
                all.add(one.text());
            }
            if (more == null
                    || !more.json().text().equals("false")
                    || !all.containsAll(properties.members().keySet())) {
                return false;
            }
        }
        for (Value one : members.values()) {
            if (!complete(one)) {
                return false;
            }
        }
        return true;
    }

    /** The schema reduced to what answers can be held to. */
    static Json strict(Json schema) throws JsonException {
        JsonOut out = new JsonOut();
        strict(Value.of(schema), out);
        return new Json(out.toString());
    }

    private static void strict(Value schema, JsonOut out) throws JsonException {
        if (!schema.isObject()) {
            out.value(schema.json());
            return;
        }
        Map<String, Value> members = schema.members();
        Map<String, Value> lost = new LinkedHashMap<>();
        List<String> object = new ArrayList<>();
        out.beginObject();
        for (Map.Entry<String, Value> member : members.entrySet()) {
            String name = member.getKey();
            Value value = member.getValue();
            switch (name) {
                case "description", "additionalProperties", "$schema" -> {}
                case "properties", "$defs", "definitions" -> {
                    object.add(name);
                    named(out.name(name), value);
                }
                case "anyOf", "allOf" -> all(out.name(name), value);
                case "oneOf" -> all(out.name("anyOf"), value);
                case "items" -> strict(value, out.name(name));
                default -> {
                    if (KEPT.contains(name) || taken(name, value)) {
                        out.name(name).value(value.json());
                    } else {
                        lost.put(name, value);
                    }
                }
            }
        }
        if (object.contains("properties") || SchemaWords.isOfObject(schema.json())) {
            out.name("additionalProperties").value(false);
        }
        describe(members.get("description"), lost, out);
        out.endObject();
    }

    private static boolean taken(String name, Value value) throws JsonException {
        return switch (name) {
            case "format" -> value.isString() && FORMATS.contains(value.text());
            case "minItems" -> value.integer() <= 1;
            default -> false;
        };
    }

    private static void named(JsonOut out, Value schemas) throws JsonException {
        out.beginObject();
        for (Map.Entry<String, Value> one : schemas.members().entrySet()) {
            strict(one.getValue(), out.name(one.getKey()));
        }
        out.endObject();
    }

    private static void all(JsonOut out, Value schemas) throws JsonException {
        out.beginArray();
        for (Value one : schemas.elements()) {
            strict(one, out);
        }
        out.endArray();
    }

    private static void describe(@Nullable Value description, Map<String, Value> lost, JsonOut out)
            throws JsonException {
        StringBuilder text = new StringBuilder(description == null ? "" : description.text());
        if (!lost.isEmpty()) {
            text.append(text.isEmpty() ? "" : " ").append('(');
            lost.forEach((name, value) -> text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ")
                    .append(name)
                    .append(": ")
                    .append(value.json().text()));
            text.append(')');
        }
        if (!text.isEmpty()) {
            out.name("description").value(text.toString());
        }
    }
}
