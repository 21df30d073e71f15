package dev.thanosgateway.host.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Shows what is known of one model: each member on a line of its own, an object's members below its name. */
final class ModelFactsTable {
    private ModelFactsTable() {}

    static void print(JsonNode model, PrintStream out) {
        List<List<String>> rows = new ArrayList<>();
        add("", model, rows);
        Table.print(rows, out);
    }

    private static void add(String prefix, JsonNode object, List<List<String>> rows) {
        object.properties().forEach(member -> {
            JsonNode value = member.getValue();
            String name = prefix + member.getKey();
            if (value.isObject() && !value.isEmpty()) {
                add(name + ".", value, rows);
            } else if (!value.isNull()) {
                rows.add(List.of(name, text(value)));
            }
        });
    }

    private static String text(JsonNode value) {
        if (!value.isArray()) {
            return value.isObject() ? "-" : value.asString();
        }
        List<String> words = new ArrayList<>();
        value.forEach(one -> words.add(one.isString() ? one.asString() : one.toString()));
        return words.isEmpty() ? "-" : String.join(", ", words);
    }
}
