package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the canonical content of a request. For one request. */
final class ContentReader {
    /** What a generation may ask of the model's own prompt format, which nobody else has. */
    private static final List<String> OF_THE_TEMPLATE = List.of("suffix", "template", "context", "raw");

    private static final Set<String> LEVELS = Set.of("low", "medium", "high", "max");

    private final ChatContent.Builder content = ChatContent.builder();
    private final Sampling.Builder sampling = Sampling.builder();
    private final Map<String, Json> hints = new LinkedHashMap<>();
    private boolean logprobs;
    private int topLogprobs;

    private ContentReader() {}

    /** @throws GatewayException INVALID_REQUEST naming the field; UNSUPPORTED where only a model server could do it */
    static ChatContent read(Operation operation, Value root) throws GatewayException {
        try {
            return new ContentReader().read(operation, root.members());
        } catch (JsonException e) {
            throw Requests.invalid(e);
        }
    }

    private ChatContent read(Operation operation, Map<String, Value> members) throws JsonException, GatewayException {
        List<Message> messages = operation == Operation.CHAT ? chat(members) : generate(members);
        for (Map.Entry<String, Value> member : members.entrySet()) {
            member(member.getKey(), member.getValue());
        }
        if (logprobs) {
            content.topLogprobs(topLogprobs);
        }
        return content.messages(messages)
                .sampling(sampling.build())
                .hints(OllamaOriginal.DIALECT, hints)
                .build();
    }

    private List<Message> chat(Map<String, Value> members) throws JsonException, GatewayException {
        Value said = members.remove("messages");
        List<Message> messages = said == null ? List.of() : MessageReader.read(said);
        if (messages.isEmpty()) {
            throw Requests.unsupported(
                    "messages",
                    "is empty: that loads a model, which only an Ollama can do. Send at least one message.");
        }
        return messages;
    }

    private List<Message> generate(Map<String, Value> members) throws JsonException, GatewayException {
        for (String field : OF_THE_TEMPLATE) {
            Value asked = members.remove(field);
            if (asked != null && needed(asked)) {
                throw Requests.unsupported(
                        field, "is something only an Ollama can do, and this provider is none. Leave it out.");
            }
        }
        Value system = members.remove("system");
        Value prompt = members.remove("prompt");
        Value images = members.remove("images");
        List<Message> messages = new ArrayList<>();
        if (system != null && !system.text().isEmpty()) {
            messages.add(Message.text(Role.SYSTEM, system.text()));
        }
        List<Part> parts = new ArrayList<>();
        if (prompt != null && !prompt.text().isEmpty()) {
            parts.add(new Part.Text(prompt.text()));
        }
        if (images != null) {
            Images.read(images, parts);
        }
        if (parts.isEmpty()) {
            throw Requests.unsupported(
                    "prompt", "is empty: that loads a model, which only an Ollama can do. Send a prompt.");
        }
        messages.add(Message.of(Role.USER, parts));
        return messages;
    }

    /** Whether a value asks for something: it is not empty, and not false. */
    private static boolean needed(Value value) throws JsonException {
        if (value.isArray()) {
            return !value.elements().isEmpty();
        }
        return value.isString() ? !value.text().isEmpty() : value.bool();
    }

    private void member(String name, Value value) throws JsonException {
        switch (name) {
            case "model", "stream" -> {}
            case "tools" -> content.tools(tools(value));
            case "tool_choice" -> toolChoice(value);
            case "format" -> content.responseFormat(format(value));
            case "options" -> options(value);
            case "think" -> content.reasoning(think(value));
            case "logprobs" -> logprobs = value.bool();
            case "top_logprobs" -> topLogprobs = (int) between(value, 0, 20);
            default -> {
                if (!RequestScan.isOwn(name)) {
                    hints.put(name, value.json());
                }
            }
        }
    }

    private static @Nullable ResponseFormat format(Value value) throws JsonException {
        if (value.isObject()) {
            return new ResponseFormat.JsonSchema("answer", null, value.json(), null);
        }
        return switch (value.text()) {
            case "" -> null;
            case "json" -> new ResponseFormat.JsonObject();
            default -> throw new JsonException(value.path(), "must be \"json\" or a JSON schema");
        };
    }

    private static Reasoning think(Value value) throws JsonException {
        if (!value.isString()) {
            return Reasoning.effort(value.bool() ? "medium" : "none");
        }
        String level = value.text();
        if (!LEVELS.contains(level)) {
            throw new JsonException(
                    value.path(),
                    "must be true, false, \"low\", \"medium\", \"high\" or \"max\", not \"" + level + "\"");
        }
        // The rest of the world calls its most "xhigh".
        return Reasoning.effort(level.equals("max") ? "xhigh" : level);
    }

    /** Not Ollama's own, but a client's that has it from OpenAI. An unknown form is overlooked, as Ollama does. */
    private void toolChoice(Value value) throws JsonException {
        if (!value.isString()) {
            Value function = value.isObject() ? value.members().get("function") : null;
            Value name =
                    function != null && function.isObject() ? function.members().get("name") : null;
            if (name != null && name.isString()) {
                content.toolChoice(new ToolChoice.Named(name.text()));
            }
            return;
        }
        switch (value.text()) {
            case "auto" -> content.toolChoice(new ToolChoice.Auto());
            case "none" -> content.toolChoice(new ToolChoice.None());
            case "required" -> content.toolChoice(new ToolChoice.Required());
            default -> {}
        }
    }

    private static List<Tool> tools(Value value) throws JsonException {
        List<Tool> tools = new ArrayList<>();
        for (Value one : value.elements()) {
            Map<String, Value> members = one.members();
            Value function = members.get("function");
            if (function == null) {
                throw new JsonException(one.path() + ".function", "is required");
            }
            tools.add(tool(function));
        }
        return tools;
    }

    private static Tool tool(Value function) throws JsonException {
        Map<String, Value> members = function.members();
        Value name = members.remove("name");
        if (name == null || name.text().isEmpty()) {
            throw new JsonException(function.path() + ".name", "is required");
        }
        Value description = members.remove("description");
        Value parameters = members.remove("parameters");
        Value strict = members.remove("strict");
        if (parameters != null && !parameters.isObject()) {
            throw new JsonException(parameters.path(), "must be an object");
        }
        Map<String, Json> beside = new LinkedHashMap<>();
        members.forEach((member, said) -> beside.put(member, said.json()));
        return Tool.function(
                        name.text(),
                        description == null ? null : description.text(),
                        parameters == null ? null : parameters.json())
                .withStrict(strict == null ? null : strict.bool())
                .withHints(beside);
    }

    private void options(Value value) throws JsonException {
        JsonOut rest = new JsonOut().beginObject();
        boolean any = false;
        for (Map.Entry<String, Value> option : value.members().entrySet()) {
            if (!option(option.getKey(), option.getValue())) {
                rest.name(option.getKey()).value(option.getValue().json());
                any = true;
            }
        }
        if (any) {
            hints.put("options", new Json(rest.endObject().toString()));
        }
    }

    /** Reads one option; false = the model has no word for it. */
    private boolean option(String name, Value value) throws JsonException {
        switch (name) {
            case "temperature" -> sampling.temperature(value.number());
            case "top_p" -> sampling.topP(value.number());
            case "top_k" -> sampling.topK((int) between(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case "seed" -> sampling.seed(value.integer());
            case "presence_penalty" -> sampling.presencePenalty(value.number());
            case "frequency_penalty" -> sampling.frequencyPenalty(value.number());
            case "stop" -> content.stop(stop(value));
            case "num_predict" -> {
                long most = value.integer();
                // Below 0 means: no limit.
                content.maxOutputTokens(most < 0 ? null : most);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static List<String> stop(Value value) throws JsonException {
        if (value.isString()) {
            return List.of(value.text());
        }
        List<String> sequences = new ArrayList<>();
        for (Value one : value.elements()) {
            sequences.add(one.text());
        }
        return sequences;
    }

    private static long between(Value value, long least, long most) throws JsonException {
        long number = value.integer();
        if (number < least || number > most) {
            throw new JsonException(value.path(), "must be between " + least + " and " + most);
        }
        return number;
    }
}
