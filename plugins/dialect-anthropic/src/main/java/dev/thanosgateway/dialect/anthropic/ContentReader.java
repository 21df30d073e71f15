package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the canonical content of a request. For one request. */
final class ContentReader {
    private final ChatContent.Builder content = ChatContent.builder();
    private final Sampling.Builder sampling = Sampling.builder();
    private final Map<String, Json> hints = new LinkedHashMap<>();
    private final List<Message> messages = new ArrayList<>();
    private @Nullable Value thinking;
    private @Nullable String effort;

    /** @throws JsonException naming the member that is not what it must be */
    ChatContent read(Value root) throws JsonException {
        Map<String, Value> members = root.members();
        Value system = members.get("system");
        if (system != null) {
            messages.add(Message.of(Role.SYSTEM, BlockReader.content(system)));
        }
        for (Map.Entry<String, Value> member : members.entrySet()) {
            if (!RequestScan.isOwn(member.getKey(), member.getValue())) {
                member(member.getKey(), member.getValue());
            }
        }
        reasoning();
        return content.messages(messages)
                .sampling(sampling.build())
                .hints(MessagesOriginal.DIALECT, hints)
                .build();
    }

    private void member(String name, Value value) throws JsonException {
        switch (name) {
            case "model", "stream", "system" -> {}
            case "messages" -> {
                for (Value message : value.elements()) {
                    message(message);
                }
            }
            case "max_tokens" -> content.maxOutputTokens(value.integer());
            case "temperature" -> sampling.temperature(value.number());
            case "top_p" -> sampling.topP(value.number());
            case "top_k" -> sampling.topK((int) value.integer());
            case "stop_sequences" -> content.stop(strings(value));
            case "tools" -> tools(value);
            case "tool_choice" -> toolChoice(value);
            case "thinking" -> thinking = value;
            case "output_config" -> outputConfig(value);
            // What it was called while it was tried out.
            case "output_format" -> outputFormat(value);
            case "metadata" -> metadata(value);
            default -> hints.put(name, value.json());
        }
    }

    private static List<String> strings(Value value) throws JsonException {
        List<String> all = new ArrayList<>();
        for (Value one : value.elements()) {
            all.add(one.text());
        }
        return all;
    }

    private void message(Value message) throws JsonException {
        Map<String, Value> members = message.members();
        String role = BlockReader.required(message, members, "role").text();
        Value said = BlockReader.required(message, members, "content");
        switch (role) {
            case "user" -> BlockReader.user(said, messages);
            case "assistant" -> messages.add(Message.of(Role.ASSISTANT, BlockReader.content(said)));
            case "system" -> messages.add(Message.of(Role.SYSTEM, BlockReader.content(said)));
            default -> throw new JsonException(message.path() + ".role", "must be user, assistant or system");
        }
    }

    /** A tool that the vendor runs, or whose form is the vendor's, is a hint. */
    private void tools(Value value) throws JsonException {
        List<Tool> tools = new ArrayList<>();
        JsonOut others = new JsonOut().beginArray();
        boolean any = false;
        for (Value one : value.elements()) {
            Map<String, Value> members = one.members();
            Value type = members.get("type");
            if (type == null || type.text().equals("custom")) {
                tools.add(tool(one, members));
            } else {
                others.value(one.json());
                any = true;
            }
        }
        content.tools(tools);
        if (any) {
            hints.put("tools", new Json(others.endArray().toString()));
        }
    }

    private static Tool tool(Value at, Map<String, Value> members) throws JsonException {
        Map<String, Json> beside = new LinkedHashMap<>();
        Json schema = null;
        String description = null;
        Boolean strict = null;
        for (Map.Entry<String, Value> member : members.entrySet()) {
            Value value = member.getValue();
            switch (member.getKey()) {
                case "name", "type" -> {}
                case "description" -> description = value.text();
                case "input_schema" -> schema = value.json();
                case "strict" -> strict = value.bool();
                default -> beside.put(member.getKey(), value.json());
            }
        }
        String name = BlockReader.required(at, members, "name").text();
        return Tool.function(name, description, schema).withStrict(strict).withHints(beside);
    }

    private void toolChoice(Value value) throws JsonException {
        Map<String, Value> members = value.members();
        Value alone = members.get("disable_parallel_tool_use");
        if (alone != null) {
            content.parallelToolCalls(!alone.bool());
        }
        switch (BlockReader.required(value, members, "type").text()) {
            case "auto" -> content.toolChoice(new ToolChoice.Auto());
            case "any" -> content.toolChoice(new ToolChoice.Required());
            case "none" -> content.toolChoice(new ToolChoice.None());
            case "tool" ->
                content.toolChoice(new ToolChoice.Named(
                        BlockReader.required(value, members, "name").text()));
            default -> hints.put("tool_choice", value.json());
        }
    }

    private void outputConfig(Value value) throws JsonException {
        JsonOut rest = new JsonOut().beginObject();
        boolean any = false;
        for (Map.Entry<String, Value> member : value.members().entrySet()) {
            String name = member.getKey();
            Value said = member.getValue();
            Value schema = name.equals("format") ? said.members().get("schema") : null;
            if (name.equals("effort")) {
                effort = said.text();
            } else if (schema != null) {
                content.responseFormat(format(schema));
            } else {
                rest.name(name).value(said.json());
                any = true;
            }
        }
        if (any) {
            hints.put("output_config", new Json(rest.endObject().toString()));
        }
    }

    private void outputFormat(Value value) throws JsonException {
        Value schema = value.members().get("schema");
        if (schema == null) {
            hints.put("output_format", value.json());
        } else {
            content.responseFormat(format(schema));
        }
    }

    /** Answers are always held to it here; to ask others for that is refused where properties may be left out. */
    private static ResponseFormat format(Value schema) throws JsonException {
        return new ResponseFormat.JsonSchema("answer", null, schema.json(), Schemas.complete(schema) ? true : null);
    }

    private void reasoning() throws JsonException {
        Reasoning asked = effort == null ? null : Reasoning.effort(effort);
        if (thinking != null) {
            Map<String, Value> members = thinking.members();
            Value budget = members.get("budget_tokens");
            Value display = members.get("display");
            switch (BlockReader.required(thinking, members, "type").text()) {
                case "enabled" -> asked = Reasoning.budget(budget == null ? 1024 : budget.integer());
                case "disabled" -> asked = Reasoning.budget(0);
                case "adaptive" -> asked = asked == null ? Reasoning.dynamic() : asked;
                default -> hints.put("thinking", thinking.json());
            }
            if (asked != null && display != null) {
                asked = asked.withVisible(!display.text().equals("omitted"));
            }
        }
        content.reasoning(asked);
    }

    private void metadata(Value value) throws JsonException {
        Value user = value.members().get("user_id");
        if (user != null) {
            content.user(user.text());
        }
    }
}
