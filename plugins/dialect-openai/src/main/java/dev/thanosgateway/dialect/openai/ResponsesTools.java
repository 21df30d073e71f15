package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a Responses request's tools and the choice among them. For one request. */
final class ResponsesTools {
    private final ChatContent.Builder content;

    ResponsesTools(ChatContent.Builder content) {
        this.content = content;
    }

    /** @throws GatewayException UNSUPPORTED naming a tool that runs at OpenAI */
    void read(@Nullable Value tools, @Nullable Value choice) throws JsonException, GatewayException {
        List<Tool> all = new ArrayList<>();
        if (tools != null) {
            for (Value tool : tools.elements()) {
                all.add(tool(tool));
            }
        }
        content.tools(choice == null ? all : choice(choice, all));
    }

    private static Tool tool(Value value) throws JsonException, GatewayException {
        Map<String, Value> members = value.members();
        String type = ResponsesInput.required(value, members, "type").text();
        if (!type.equals("function")) {
            throw hosted(value, type);
        }
        String name = ResponsesInput.required(value, members, "name").text();
        if (name.isEmpty()) {
            throw new JsonException(value.path() + ".name", "must not be empty");
        }
        Value description = members.get("description");
        Value parameters = members.get("parameters");
        if (parameters != null && !parameters.isObject()) {
            throw new JsonException(parameters.path(), "must be an object");
        }
        Value strict = members.get("strict");
        Map<String, Json> beside = new LinkedHashMap<>();
        members.forEach((member, said) -> {
            if (!Set.of("type", "name", "description", "parameters", "strict").contains(member)) {
                beside.put(member, said.json());
            }
        });
        return Tool.function(
                        name,
                        description == null ? null : description.text(),
                        parameters == null ? null : parameters.json())
                .withStrict(strict == null ? null : strict.bool())
                .withHints(beside);
    }

    private static GatewayException hosted(Value value, String type) {
        return RequestBody.unsupported(
                value.path() + ".type",
                "is \"" + type + "\", a tool that only OpenAI itself has. Offer a function instead, or name a provider"
                        + " whose responses are relayed.");
    }

    /** Reads the choice, and gives the tools it leaves: others than those allowed are not told of at all. */
    private List<Tool> choice(Value value, List<Tool> tools) throws JsonException, GatewayException {
        if (value.isString()) {
            content.toolChoice(word(value, value.text()));
            return tools;
        }
        Map<String, Value> members = value.members();
        String type = ResponsesInput.required(value, members, "type").text();
        switch (type) {
            case "function" ->
                content.toolChoice(new ToolChoice.Named(
                        ResponsesInput.required(value, members, "name").text()));
            case "allowed_tools" -> {
                Value mode = members.get("mode");
                content.toolChoice(mode == null ? new ToolChoice.Auto() : word(mode, mode.text()));
                return allowed(ResponsesInput.required(value, members, "tools"), tools);
            }
            default -> throw hosted(value, type);
        }
        return tools;
    }

    private static List<Tool> allowed(Value value, List<Tool> tools) throws JsonException, GatewayException {
        Set<String> names = new HashSet<>();
        for (Value one : value.elements()) {
            Map<String, Value> members = one.members();
            String type = ResponsesInput.required(one, members, "type").text();
            if (!type.equals("function")) {
                throw hosted(one, type);
            }
            names.add(ResponsesInput.required(one, members, "name").text());
        }
        return tools.stream().filter(tool -> names.contains(tool.name())).toList();
    }

    private static ToolChoice word(Value value, String word) throws JsonException {
        return switch (word) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            default -> throw new JsonException(value.path(), "must be \"none\", \"auto\" or \"required\"");
        };
    }
}
