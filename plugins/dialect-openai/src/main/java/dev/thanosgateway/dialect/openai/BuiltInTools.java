package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tools that OpenAI's models know by their type and callers run themselves: {@code local_shell}, {@code shell},
 * {@code apply_patch}, and {@code tool_search} where the caller executes it. Each is offered as a function with the fields
 * of its calls (OpenAI's API reference, Responses, November 2026).
 */
final class BuiltInTools {
    private static final Json LOCAL_SHELL =
            new Json("{\"type\":\"object\",\"properties\":{\"command\":{\"type\":\"array\","
                    + "\"items\":{\"type\":\"string\"},\"description\":\"The program and its arguments.\"},"
                    + "\"working_directory\":{\"type\":\"string\"},\"timeout_ms\":{\"type\":\"integer\"},"
                    + "\"env\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}},"
                    + "\"user\":{\"type\":\"string\"}},\"required\":[\"command\"]}");

    private static final Json SHELL = new Json("{\"type\":\"object\",\"properties\":{\"commands\":{\"type\":\"array\","
            + "\"items\":{\"type\":\"string\"},\"description\":\"Shell command lines, run in this order.\"},"
            + "\"timeout_ms\":{\"type\":\"integer\"},\"max_output_length\":{\"type\":\"integer\"}},"
            + "\"required\":[\"commands\"]}");

    private static final Json PATCH = new Json("{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\","
            + "\"enum\":[\"create_file\",\"update_file\",\"delete_file\"]},\"path\":{\"type\":\"string\"},"
            + "\"diff\":{\"type\":\"string\",\"description\":\"A V4A diff; for a new file every line begins with +. Not for"
            + " delete_file.\"}},\"required\":[\"type\",\"path\"]}");

    private static final Json SEARCH = new Json(
            "{\"type\":\"object\",\"properties\":{\"query\":{\"type\":\"string\"}}," + "\"required\":[\"query\"]}");

    private BuiltInTools() {}

    /** The kind of call that a tool of this type makes; null = the caller does not run it. */
    static OutputItem.@Nullable Kind kind(String type, Map<String, Value> members) throws JsonException {
        return switch (type) {
            case "local_shell" -> OutputItem.Kind.LOCAL_SHELL;
            case "shell" -> local(members.get("environment")) ? OutputItem.Kind.SHELL : null;
            case "apply_patch" -> OutputItem.Kind.PATCH;
            case "tool_search" -> {
                Value execution = members.get("execution");
                yield execution != null && execution.text().equals("client") ? OutputItem.Kind.SEARCH : null;
            }
            default -> null;
        };
    }

    /** In a container the commands run at OpenAI. */
    private static boolean local(@Nullable Value environment) throws JsonException {
        Value type = environment == null ? null : environment.members().get("type");
        return type == null || type.text().equals("local");
    }

    /** The function that stands for a tool. */
    static Tool function(OutputItem.Kind kind, String name, Map<String, Value> members) throws JsonException {
        return switch (kind) {
            case LOCAL_SHELL -> Tool.function(name, "Runs a program on the user's computer.", LOCAL_SHELL);
            case SHELL -> Tool.function(name, "Runs shell commands on the user's computer.", SHELL);
            case PATCH -> Tool.function(name, "Creates, changes or deletes one file.", PATCH);
            default -> {
                Value description = members.get("description");
                Value parameters = members.get("parameters");
                yield Tool.function(
                        name,
                        description == null ? "Finds further tools by what they do." : description.text(),
                        parameters == null ? SEARCH : parameters.json());
            }
        };
    }
}
