package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a call of a tool asks for that callers know by its type, out of the arguments of the function that stood for
 * it. A model that kept to another form is understood where that is safe: one command as a text, a bare list, a field of
 * the sister tool, text that is no JSON. What begins like JSON and cannot be read, or lacks the field, never becomes a
 * command: callers run what they get, and a shell expands what stands in a fragment.
 */
final class ActionJson {
    private static final Set<String> OPERATIONS = Set.of("create_file", "update_file", "delete_file");

    /** The fields in which models put one command, in either shell. */
    private static final List<String> COMMANDS = List.of("command", "commands", "cmd");

    private static final Set<String> SHELLS = Set.of("bash", "sh", "/bin/bash", "/bin/sh");
    private static final Set<String> SHELL_OPTIONS = Set.of("-c", "-lc");
    private static final Pattern PLAIN_WORD = Pattern.compile("[\\w@%+=:,./-]+");

    private final JsonWriter json;
    /** Arguments that are one text; empty = they are not. */
    private final String text;

    /** Arguments that are a list; null = they are not. */
    private final @Nullable Value list;

    private final Map<String, Value> members;

    private ActionJson(JsonWriter json, String text, @Nullable Value list, Map<String, Value> members) {
        this.json = json;
        this.text = text;
        this.list = list;
        this.members = members;
    }

    private static ActionJson of(JsonWriter json, String arguments) {
        byte[] bytes = arguments.getBytes(StandardCharsets.UTF_8);
        try {
            Value value = Value.lenient(bytes, 0, bytes.length);
            return new ActionJson(
                    json,
                    value.isString() ? value.text() : "",
                    value.isArray() ? value : null,
                    value.isObject() ? value.members() : Map.of());
        } catch (JsonException e) {
            String text = arguments.strip();
            boolean cut = text.startsWith("{") || text.startsWith("[") || text.startsWith("\"");
            return new ActionJson(json, cut ? "" : arguments, null, Map.of());
        }
    }

    /** Writes the members of an item of this kind that hold its action. */
    static void write(JsonWriter json, OutputItem.Kind kind, String arguments) {
        ActionJson action = of(json, arguments);
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
        Value said = members.getOrDefault(field, list);
        json.beginArray();
        if (said != null && said.isArray()) {
            for (Value one : said.elements()) {
                json.value(one.isString() ? one.text() : one.json().text());
            }
        } else {
            String line = program ? lines(members.get("commands")) : shellWords(members.get("command"));
            line = line.isEmpty() ? line() : line;
            if (program && !line.isEmpty()) {
                json.value("bash").value("-lc");
            }
            if (!line.isEmpty()) {
                json.value(line);
            }
        }
        json.endArray();
    }

    /** The commands of the sister tool as one text for a shell; empty = there are none. */
    private static String lines(@Nullable Value commands) throws JsonException {
        return String.join("\n", texts(commands));
    }

    /** The program and its arguments of the sister tool as one command, each a word; empty = there is none. */
    private static String shellWords(@Nullable Value command) throws JsonException {
        List<String> words = texts(command);
        return words.size() == 3 && SHELLS.contains(words.get(0)) && SHELL_OPTIONS.contains(words.get(1))
                ? words.get(2)
                : words.stream().map(ActionJson::shellWord).collect(Collectors.joining(" "));
    }

    /** POSIX, 2.2.2: nothing has a meaning within single quotes, and none of them can stand there. */
    private static String shellWord(String word) {
        return PLAIN_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** The elements of a list of strings; of anything else there are none. */
    private static List<String> texts(@Nullable Value list) throws JsonException {
        List<String> texts = new ArrayList<>();
        if (list != null && list.isArray()) {
            for (Value one : list.elements()) {
                if (!one.isString()) {
                    return List.of();
                }
                texts.add(one.text());
            }
        }
        return texts;
    }

    /** One command as a text; empty = there is none. */
    private String line() throws JsonException {
        for (String field : COMMANDS) {
            Value said = members.get(field);
            if (said != null && said.isString()) {
                return said.text();
            }
        }
        return text;
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
            json.name("diff").value(text.isEmpty() ? string(operation, "diff") : text);
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
