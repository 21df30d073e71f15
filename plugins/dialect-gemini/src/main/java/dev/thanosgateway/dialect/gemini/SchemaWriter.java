package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.Json;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reduces a JSON Schema to the keywords Gemini takes in {@code parametersJsonSchema} and {@code responseJsonSchema}.
 * What goes only made the schema narrower; a constant becomes an enum of one, and what {@code allOf} holds becomes one.
 */
final class SchemaWriter {
    private static final Set<String> KNOWN = Set.of(
            "$id",
            "$ref",
            "$anchor",
            "type",
            "format",
            "title",
            "description",
            "enum",
            "minItems",
            "maxItems",
            "minimum",
            "maximum",
            "required",
            "propertyOrdering");

    private SchemaWriter() {}

    static JsonNode write(Json schema) {
        return reduce(Trees.readable(schema));
    }

    private static JsonNode reduce(JsonNode schema) {
        if (!schema.isObject()) {
            // "true" takes anything, and so does a schema that says nothing.
            return Trees.object();
        }
        ObjectNode reduced = Trees.object();
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            member(member.getKey(), member.getValue(), reduced);
        }
        return reduced;
    }

    private static void member(String name, JsonNode value, ObjectNode reduced) {
        switch (name) {
            case "properties", "$defs", "definitions" -> {
                ObjectNode named = reduced.putObject(name.equals("definitions") ? "$defs" : name);
                value.properties().forEach(one -> named.set(one.getKey(), reduce(one.getValue())));
            }
            case "items" -> reduced.set(name, reduce(value));
            case "additionalProperties" -> reduced.set(name, value.isBoolean() ? value : reduce(value));
            case "anyOf", "oneOf", "prefixItems" -> {
                ArrayNode all = reduced.putArray(name);
                value.forEach(one -> all.add(reduce(one)));
            }
            case "allOf" -> value.forEach(one -> merge(reduce(one), reduced));
            case "const" -> reduced.putArray("enum").add(value);
            case "$ref" -> reduced.put(name, value.asString("").replace("#/definitions/", "#/$defs/"));
            default -> {
                if (KNOWN.contains(name)) {
                    reduced.set(name, value);
                }
            }
        }
    }

    /** Adds what one schema of several wants that all hold. */
    private static void merge(JsonNode one, ObjectNode all) {
        for (Map.Entry<String, JsonNode> member : one.properties()) {
            JsonNode said = all.get(member.getKey());
            if (said instanceof ObjectNode named && member.getValue() instanceof ObjectNode more) {
                named.setAll(more);
            } else if (said instanceof ArrayNode list
                    && member.getKey().equals("required")
                    && member.getValue() instanceof ArrayNode more) {
                list.addAll(more);
            } else {
                all.set(member.getKey(), member.getValue());
            }
        }
    }
}
