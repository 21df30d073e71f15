package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes what a call of a tool asks for that callers know by its type, out of the arguments of the function that stood for
 * it. A model that kept to another form is understood where it can be: one command as a text, text that is no JSON.
 */
final class ActionJson {
    private static final Set<String> OPERATIONS = Set.of("create_file", "update_file", "delete_file");

    private final JsonWriter json;
    private final String text;
    private final Map<String, Value> members;

    private ActionJson(JsonWriter json, String text, Map<String, Value> members) {
        this.json = json;
        this.text = text;
        this.members = members;
    }

    /** Writes the members of an item of this kind that hold its action. */
    static void write(JsonWriter json, OutputItem.Kind kind, String arguments) {
        byte[] bytes = arguments.getBytes(StandardCharsets.UTF_8);
        Map<String, Value> members;
        try {
            Value value = Value.lenient(bytes, 0, bytes.length);
            members = value.isObject() ? value.members() : Map.of();
        } catch (JsonException e) {
            members = Map.of();
        }
        ActionJson action = new ActionJson(json, members.isEmpty() ? arguments : "", members);
        try {
            switch (kind) {
                case LOCAL_SHELL -> action.localShell();
                case SHELL -> action.shell();
                case PATCH -> action.patch();
                default -> action.search();
            }
        } catch (JsonException e) {
            throw new IllegalStateException("values whose types were looked at", e);
        }
    }

    private void localShell() throws JsonException {
        json.name("action").beginObject().name("type").value("exec").name("command");
        commands("command", true);
        json.name("env");
        Value env = members.get("env");
        if (env != null && env.isObject()) {
            json.value(env.json());
        } else {
            json.beginObject().endObject();
        }
        for (String field : List.of("timeout_ms", "user", "working_directory")) {
            orNull(field);
        }
        json.endObject();
    }

    private void shell() throws JsonException {
        json.name("action").beginObject().name("commands");
        commands("commands", false);
        orNull("timeout_ms");
        orNull("max_output_length");
        json.endObject().name("environment").nullValue();
    }

    /** @param program whether the list is one program and its arguments; a text is then for a shell */
    private void commands(String field, boolean program) throws JsonException {
        Value said = members.get(field);
        json.beginArray();
        if (said != null && said.isArray()) {
            for (Value one : said.elements()) {
                json.value(one.isString() ? one.text() : one.json().text());
            }
        } else {
            String line = said != null && said.isString() ? said.text() : text;
            if (program && !line.isEmpty()) {
                json.value("bash").value("-lc");
            }
            if (!line.isEmpty()) {
                json.value(line);
            }
        }
        json.endArray();
    }

    private void orNull(String field) {
        Value value = members.get(field);
        json.name(field).value(value == null ? Json.NULL : value.json());
    }

    private void patch() throws JsonException {
        Value nested = members.get("operation");
        Map<String, Value> operation = nested != null && nested.isObject() ? nested.members() : members;
        Value said = operation.get("type");
        String type = said != null && said.isString() && OPERATIONS.contains(said.text()) ? said.text() : "update_file";
        json.name("operation").beginObject().name("type").value(type);
        json.name("path").value(string(operation, "path"));
        if (!type.equals("delete_file")) {
            json.name("diff").value(members.isEmpty() ? text : string(operation, "diff"));
        }
        json.endObject();
    }

    private static String string(Map<String, Value> members, String field) throws JsonException {
        Value value = members.get(field);
        return value == null
                ? ""
                : value.isString() ? value.text() : value.json().text();
    }

    private void search() {
        json.name("execution").value("client").name("arguments").beginObject();
        members.forEach((name, value) -> json.name(name).value(value.json()));
        if (!text.isBlank()) {
            json.name("query").value(text);
        }
        json.endObject();
    }
}
