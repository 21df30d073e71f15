package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Tool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads tools. Those that run at Google have no counterpart anywhere else. */
final class ToolReader {
    private ToolReader() {}

    static List<Tool> read(Field value) throws GatewayException {
        List<Tool> tools = new ArrayList<>();
        for (Field tool : value.elements()) {
            for (Map.Entry<String, Field> member : tool.members().entrySet()) {
                if (!member.getKey().equals("functionDeclarations")) {
                    throw member.getValue().unsupported();
                }
                for (Field function : member.getValue().elements()) {
                    tools.add(function(function));
                }
            }
        }
        return tools;
    }

    private static Tool function(Field value) throws GatewayException {
        Map<String, Field> members = value.members();
        Field name = members.remove("name");
        if (name == null) {
            throw value.invalid("needs a name");
        }
        Field description = members.remove("description");
        Field schema = members.remove("parametersJsonSchema");
        Field reduced = members.remove("parameters");
        Json parameters =
                schema != null ? schema.json() : reduced == null ? null : Trees.json(SchemaReader.read(reduced.node()));
        Map<String, Json> hints = new LinkedHashMap<>();
        members.forEach((hint, other) -> hints.put(hint, other.json()));
        return Tool.function(name.text(), description == null ? null : description.text(), parameters)
                .withHints(hints);
    }
}
