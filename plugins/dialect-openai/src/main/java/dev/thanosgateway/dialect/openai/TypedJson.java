package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes objects that bear a type: chat completions nest below its name what Responses have beside it. */
final class TypedJson {
    private static final String FUNCTION = "function";

    private final JsonWriter json;
    private final boolean nests;
    private final Set<String> customs;

    private TypedJson(JsonWriter json, boolean nests, Set<String> customs) {
        this.json = json;
        this.nests = nests;
        this.customs = customs;
    }

    static TypedJson nested(JsonWriter json) {
        return new TypedJson(json, true, Set.of());
    }

    static TypedJson flat(JsonWriter json) {
        return new TypedJson(json, false, Set.of());
    }

    /** @param customs the names of the custom tools that are written as such; others are functions */
    TypedJson with(Set<String> customs) {
        return new TypedJson(json, nests, customs);
    }

    /** Begins an object, as far as what it says of its type. */
    private JsonWriter begin(String type) {
        json.beginObject().name("type").value(type);
        return nests ? json.name(type).beginObject() : json;
    }

    private void end() {
        json.endObject();
        if (nests) {
            json.endObject();
        }
    }

    void tool(Tool tool) {
        if (customs.contains(tool.name())) {
            custom(tool);
            return;
        }
        begin(FUNCTION).name("name").value(tool.name());
        described(tool.description());
        if (tool.parameters() != null) {
            json.name("parameters").value(tool.parameters());
        } else if (!nests) {
            // Chat completions know what it means that there are none, Responses want to be told.
            json.name("parameters").beginObject().name("type").value("object");
            json.name("properties").beginObject().endObject().endObject();
        }
        // Responses take a tool for strict unless they are told otherwise, and refuse many a schema then.
        boolean said = nests || tool.strict() != null;
        strict(said ? tool.strict() : Boolean.FALSE);
        end();
    }

    private void custom(Tool tool) {
        begin(ToolTypes.CUSTOM).name("name").value(tool.name());
        described(tool.ownDescription());
        Tool.Grammar grammar = tool.grammar();
        if (grammar != null) {
            json.name("format").beginObject().name("type").value("grammar");
            if (nests) {
                json.name("grammar").beginObject();
            }
            json.name("syntax").value(grammar.syntax()).name("definition").value(grammar.definition());
            if (nests) {
                json.endObject();
            }
            json.endObject();
        }
        end();
    }

    void choice(ToolChoice choice) {
        if (choice instanceof ToolChoice.Named named) {
            begin(customs.contains(named.name()) ? ToolTypes.CUSTOM : FUNCTION)
                    .name("name")
                    .value(named.name());
            end();
        } else {
            boolean must = choice instanceof ToolChoice.Required;
            json.value(choice instanceof ToolChoice.None ? "none" : must ? "required" : "auto");
        }
    }

    void format(ResponseFormat format) {
        if (format instanceof ResponseFormat.JsonSchema schema) {
            begin("json_schema").name("name").value(schema.name());
            described(schema.description());
            json.name("schema").value(schema.schema());
            strict(schema.strict());
            end();
        } else {
            String type = format instanceof ResponseFormat.JsonObject ? "json_object" : "text";
            json.beginObject().name("type").value(type).endObject();
        }
    }

    private void described(@Nullable String description) {
        if (description != null) {
            json.name("description").value(description);
        }
    }

    private void strict(@Nullable Boolean strict) {
        if (strict != null) {
            json.name("strict").value(strict.booleanValue());
        }
    }

    /** Writes a value of chat completions as Responses have it: without the nesting, at any depth. */
    static void flatten(Value value, JsonWriter json) throws JsonException {
        if (value.isArray()) {
            json.beginArray();
            for (Value element : value.elements()) {
                flatten(element, json);
            }
            json.endArray();
        } else if (value.isObject()) {
            json.beginObject();
            flattenMembers(value, json);
            json.endObject();
        } else {
            json.value(value.json());
        }
    }

    /** The members of an object, without the brackets round them. */
    static void flattenMembers(Value object, JsonWriter json) throws JsonException {
        Map<String, Value> members = object.members();
        Value type = members.get("type");
        String nested = type != null && type.isString() ? type.text() : null;
        for (Map.Entry<String, Value> member : members.entrySet()) {
            if (member.getKey().equals(nested) && member.getValue().isObject()) {
                flattenMembers(member.getValue(), json);
            } else {
                flatten(member.getValue(), json.name(member.getKey()));
            }
        }
    }
}
