package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of one tool that the caller wants in any case. Ollama cannot be told to call, but to hold its answer to a
 * schema: with that of the tool's arguments the answer is the call, and the caller sees nothing of it.
 *
 * @param id the call's, other than those of calls before in the conversation
 */
record ForcedCall(Tool tool, String id) {
    private static final Json NO_PARAMETERS = new Json("{\"type\":\"object\",\"properties\":{}}");

    /** The call that must be made; null = none, or which one is the model's choice. */
    static @Nullable ForcedCall of(ChatContent content) {
        ToolChoice choice = content.toolChoice();
        List<Tool> tools = content.tools();
        Tool only = null;
        if (choice instanceof ToolChoice.Named named) {
            only = tools.stream()
                    .filter(tool -> tool.name().equals(named.name()))
                    .findFirst()
                    .orElse(null);
        } else if (choice instanceof ToolChoice.Required && tools.size() == 1) {
            only = tools.get(0);
        }
        return only == null
                ? null
                : new ForcedCall(only, "call_" + content.messages().size());
    }

    Json schema() {
        return schema(tool);
    }

    /** What a tool's arguments must match. */
    static Json schema(Tool tool) {
        Json parameters = tool.parameters();
        return parameters == null ? NO_PARAMETERS : parameters;
    }

    /** What the model is told, since what holds it to a schema tells it nothing. */
    String words() {
        String does = tool.description();
        return "Call the function \"" + tool.name() + "\""
                + (does == null || does.isBlank() ? "" : " (" + does.strip() + ")")
                + ": answer with its arguments and nothing else, as a JSON object that matches this JSON schema: "
                + schema().text();
    }
}
