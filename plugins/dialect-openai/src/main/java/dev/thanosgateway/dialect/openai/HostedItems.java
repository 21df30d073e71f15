package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What other models read of the calls that ran at OpenAI in earlier turns: a note where something came of one. */
final class HostedItems {
    private HostedItems() {}

    /** Null = nothing of the item is worth a note. */
    static @Nullable String note(String type, Map<String, Value> members) throws JsonException {
        return switch (type) {
            case "mcp_call" -> {
                String tool = text(members, "server_label") + '.' + text(members, "name");
                String failed = text(members, "error");
                String said = failed.isEmpty() ? text(members, "output") : failed;
                yield "[Called " + tool + " with " + text(members, "arguments") + ": " + said + "]";
            }
            case "code_interpreter_call" -> {
                String outputs = text(members, "outputs");
                yield "[Ran this code:\n" + text(members, "code") + "\n" + (outputs.isEmpty() ? "" : outputs) + "]";
            }
            case "file_search_call" -> {
                String results = text(members, "results");
                yield results.isEmpty() ? null : "[Searched files: " + results + "]";
            }
            default -> null;
        };
    }

    private static String text(Map<String, Value> members, String name) throws JsonException {
        Value value = members.get(name);
        return value == null
                ? ""
                : value.isString() ? value.text() : value.json().text();
    }
}
