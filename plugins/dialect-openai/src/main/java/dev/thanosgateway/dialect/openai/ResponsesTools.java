package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts the tools of a Responses request and the choice among them into its content. A tool that runs at OpenAI is an offer
 * that others leave out, and becomes a hint; only where it must be called, the request is refused. For one request.
 */
final class ResponsesTools {
    /** What the names of hints begin with that are tools, by their type. */
    static final String HOSTED = "tools.";

    private static final String CHOICE = "tool_choice";

    private final ChatContent.Builder content;
    private final OfferedTools offered;

    ResponsesTools(ChatContent.Builder content, OfferedTools offered) {
        this.content = content;
        this.offered = offered;
    }

    /**
     * @param hints where the tools go that run at OpenAI
     * @throws GatewayException UNSUPPORTED naming the field that forces such a tool
     * @throws JsonException when a call is forced and no tool is offered
     */
    void read(@Nullable Value choice, Map<String, Json> hints) throws JsonException, GatewayException {
        offered.hosted().forEach((type, all) -> hints.put(HOSTED + type, OfferedTools.array(all)));
        List<Tool> left = choice == null ? offered.tools() : choice(choice, offered.tools());
        content.tools(left);
        if (left.isEmpty()) {
            // Servers refuse tool fields in a request without tools.
            content.toolChoice(null).parallelToolCalls(null);
        }
    }

    private static GatewayException hosted(String path, String type) {
        return RequestBody.unsupported(
                path,
                "asks for a tool of type \"" + type + "\", which only OpenAI itself runs. Choose a function, or name a"
                        + " provider whose responses are relayed.");
    }

    /** Reads the choice, and gives the tools it leaves: others than those allowed are not offered at all. */
    private List<Tool> choice(Value value, List<Tool> tools) throws JsonException, GatewayException {
        if (value.isString()) {
            ToolChoice word = word(value, value.text());
            required(value, word, tools);
            content.toolChoice(word);
            return tools;
        }
        Map<String, Value> members = value.members();
        String type = ResponsesInput.required(value, members, "type").text();
        if (!type.equals("allowed_tools")) {
            content.toolChoice(new ToolChoice.Named(one(value, members, type)));
            return tools;
        }
        Value mode = members.get("mode");
        ToolChoice word = mode == null ? new ToolChoice.Auto() : word(mode, mode.text());
        List<Tool> allowed = allowed(ResponsesInput.required(value, members, "tools"), tools);
        required(value, word, allowed);
        content.toolChoice(word);
        return allowed;
    }

    /** Whether a call is required, and nothing but what runs at OpenAI could be called. */
    private void required(Value value, ToolChoice choice, List<Tool> left) throws JsonException, GatewayException {
        if (!(choice instanceof ToolChoice.Required) || !left.isEmpty()) {
            return;
        }
        Set<String> types = new TreeSet<>(offered.hosted().keySet());
        if (types.isEmpty()) {
            throw new JsonException(
                    value.path(), "requires a call, and no tool is offered: add the tool, or leave it out");
        }
        throw hosted(CHOICE, types.iterator().next());
    }

    /** The function that must be called. */
    private String one(Value value, Map<String, Value> members, String type) throws JsonException, GatewayException {
        OutputItem.Kind kind = kind(type);
        if (kind == null) {
            throw hosted(value.path() + ".type", type);
        }
        String name = name(kind, value, members, type);
        if (name == null && offered.hosted().containsKey(type)) {
            throw hosted(value.path() + ".type", type);
        }
        if (name == null) {
            boolean named = kind == OutputItem.Kind.CALL || kind == OutputItem.Kind.CUSTOM;
            throw new JsonException(
                    value.path() + (named ? ".name" : ".type"),
                    "must be a tool that is offered, with its namespace where several have the name");
        }
        return name;
    }

    /** The function that a choice is about; null = it is not offered. */
    private @Nullable String name(OutputItem.Kind kind, Value value, Map<String, Value> members, String type)
            throws JsonException {
        if (kind != OutputItem.Kind.CALL && kind != OutputItem.Kind.CUSTOM) {
            return offered.named(kind, null, type);
        }
        String name = ResponsesInput.required(value, members, "name").text();
        Value space = members.get("namespace");
        return offered.named(kind, space == null ? null : space.text(), name);
    }

    private static OutputItem.@Nullable Kind kind(String type) {
        return switch (type) {
            case "function" -> OutputItem.Kind.CALL;
            case "custom" -> OutputItem.Kind.CUSTOM;
            case "local_shell" -> OutputItem.Kind.LOCAL_SHELL;
            case "shell" -> OutputItem.Kind.SHELL;
            case "apply_patch" -> OutputItem.Kind.PATCH;
            case "tool_search" -> OutputItem.Kind.SEARCH;
            default -> null;
        };
    }

    private List<Tool> allowed(Value value, List<Tool> tools) throws JsonException {
        Set<String> names = new HashSet<>();
        for (Value one : value.elements()) {
            Map<String, Value> members = one.members();
            String type = ResponsesInput.required(one, members, "type").text();
            if (type.equals("namespace")) {
                names.addAll(offered.within(
                        ResponsesInput.required(one, members, "name").text()));
            } else {
                OutputItem.Kind kind = kind(type);
                String name = kind == null ? null : name(kind, one, members, type);
                if (name != null) {
                    names.add(name);
                }
            }
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
