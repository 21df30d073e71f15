package dev.thanosgateway.dialect.gemini;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes JSON Schema of Google's {@code Schema}: types in capitals, {@code nullable}, limits as strings. */
final class SchemaReader {
    private static final Set<String> LIMITS =
            Set.of("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties");
    /** What JSON Schema has no word for. */
    private static final Set<String> LEFT_OUT = Set.of("nullable", "propertyOrdering", "example");

    private SchemaReader() {}

    static JsonNode read(JsonNode schema) {
        if (!schema.isObject()) {
            return schema;
        }
        ObjectNode read = Trees.object();
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            String name = member.getKey().startsWith("$") ? member.getKey() : Field.camel(member.getKey());
            JsonNode value = member.getValue();
            if (!LEFT_OUT.contains(name)) {
                read.set(name, member(name, value));
            }
        }
        if (schema.path("nullable").asBoolean(false)) {
            nullable(read);
        }
        return read;
    }

    private static JsonNode member(String name, JsonNode value) {
        if (name.equals("type")) {
            return value.isArray() ? each(value, SchemaReader::type) : type(value);
        }
        if (LIMITS.contains(name) && value.isString() && value.stringValue().matches("\\d{1,9}")) {
            return Trees.read(String.valueOf(Integer.parseInt(value.stringValue())));
        }
        return switch (name) {
            case "items", "additionalProperties", "not" -> read(value);
            case "anyOf", "oneOf", "allOf", "prefixItems" -> each(value, SchemaReader::read);
            case "properties", "$defs" -> named(value);
            default -> value;
        };
    }

    private static JsonNode type(JsonNode value) {
        return value.isString()
                ? Trees.array()
                        .add(value.stringValue().toLowerCase(Locale.ROOT))
                        .get(0)
                : value;
    }

    private interface Change {
        JsonNode of(JsonNode node);
    }

    private static JsonNode each(JsonNode values, Change change) {
        ArrayNode changed = Trees.array();
        values.forEach(one -> changed.add(change.of(one)));
        return changed;
    }

    private static JsonNode named(JsonNode values) {
        ObjectNode changed = Trees.object();
        values.properties().forEach(one -> changed.set(one.getKey(), read(one.getValue())));
        return changed;
    }

    private static void nullable(ObjectNode schema) {
        if (schema.path("type").isString()) {
            String type = schema.path("type").stringValue();
            schema.putArray("type").add(type).add("null");
        }
        if (schema.path("enum") instanceof ArrayNode words) {
            words.addNull();
        }
    }
}
