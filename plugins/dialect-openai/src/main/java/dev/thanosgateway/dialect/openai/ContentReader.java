package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the canonical content of a request's bytes that {@link RequestScan} has found good. For one request. */
final class ContentReader {
    private static final Set<String> ELSEWHERE = Set.of("model", "stream", "fallbacks", "tags", "omen", "echo");

    private final JsonReader json;
    private final ChatContent.Builder content = ChatContent.builder();
    private final Sampling.Builder sampling = Sampling.builder();
    private final Map<String, Json> hints = new LinkedHashMap<>();
    private final List<Message> messages = new ArrayList<>();
    private final List<Tool> tools = new ArrayList<>();
    private final List<Json> otherTools = new ArrayList<>();
    private @Nullable String system;
    private @Nullable AllowedTools allowed;
    private boolean logprobs;
    private @Nullable Integer topLogprobs;

    private ContentReader(byte[] bytes, int from) {
        json = JsonReader.lenient(bytes, from, bytes.length);
    }

    static ChatContent read(byte[] bytes, int from) throws JsonException {
        return new ContentReader(bytes, from).read();
    }

    private ChatContent read() throws JsonException {
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            if (ELSEWHERE.contains(name)) {
                json.skip();
            } else if (!json.skipNull()) {
                member(name);
            }
        }
        if (system != null && !system.isEmpty()) {
            messages.add(0, Message.text(Role.SYSTEM, system));
        }
        if (logprobs) {
            content.topLogprobs(topLogprobs == null ? 0 : topLogprobs);
        }
        if (!otherTools.isEmpty()) {
            JsonWriter all = new JsonWriter(256).beginArray();
            otherTools.forEach(all::value);
            hints.put("tools", new Json(all.endArray().toString()));
        }
        return content.messages(messages)
                .tools(allowed == null ? tools : allowed.of(tools))
                .sampling(sampling.build())
                .hints(ChatOriginal.DIALECT, hints)
                .build();
    }

    private void member(String name) throws JsonException {
        switch (name) {
            case "messages" -> new MessageReader(json, messages).read();
            case "system" -> system = json.string();
            case "tools" -> tools(this::tool);
            case "functions" -> tools(this::function);
            case "tool_choice", "function_call" -> toolChoice(name);
            case "parallel_tool_calls" -> content.parallelToolCalls(json.bool());
            case "temperature" -> sampling.temperature(json.number());
            case "top_p" -> sampling.topP(json.number());
            case "presence_penalty" -> sampling.presencePenalty(json.number());
            case "frequency_penalty" -> sampling.frequencyPenalty(json.number());
            case "seed" -> sampling.seed(json.integer());
            case "logit_bias" -> sampling.logitBias(numbers());
            case "max_tokens", "max_completion_tokens" -> content.maxOutputTokens(json.integer());
            case "stop" -> content.stop(json.peek() == '"' ? List.of(json.string()) : strings());
            case "n" -> content.choices((int) json.integer());
            case "response_format" -> responseFormat();
            case "reasoning_effort" -> content.reasoning(Reasoning.effort(json.string()));
            case "logprobs" -> logprobs = json.bool();
            case "top_logprobs" -> topLogprobs = (int) json.integer();
            case "user" -> content.user(json.string());
            case "stream_options" -> streamOptions();
            case "modalities" -> modalities();
            default -> hints.put(name, json.json());
        }
    }

    private void streamOptions() throws JsonException {
        JsonWriter rest = new JsonWriter(64).beginObject();
        boolean any = false;
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            if (name.equals("include_usage")) {
                json.skip();
            } else {
                rest.name(name).value(json.json());
                any = true;
            }
        }
        if (any) {
            hints.put("stream_options", new Json(rest.endObject().toString()));
        }
    }

    /** Text is what there is anyway. */
    private void modalities() throws JsonException {
        Json whole = json.json();
        if (!whole.text().replaceAll("\\s", "").equals("[\"text\"]")) {
            hints.put("modalities", whole);
        }
    }

    private Map<String, Double> numbers() throws JsonException {
        Map<String, Double> all = new LinkedHashMap<>();
        json.enterObject();
        while (json.nextMember()) {
            all.put(json.name(), json.number());
        }
        return all;
    }

    private List<String> strings() throws JsonException {
        List<String> all = new ArrayList<>();
        json.enterArray();
        while (json.nextElement()) {
            all.add(json.string());
        }
        return all;
    }

    /** Reads one element of an array. */
    private interface Element {
        void read() throws JsonException;
    }

    private void tools(Element each) throws JsonException {
        json.enterArray();
        while (json.nextElement()) {
            each.read();
        }
    }

    /** A tool of another type than function is the vendor's own: a hint. */
    private void tool() throws JsonException {
        Json whole = json.json();
        byte[] bytes = whole.text().getBytes(StandardCharsets.UTF_8);
        JsonReader one = JsonReader.lenient(bytes, 0, bytes.length);
        Tool function = null;
        Tool custom = null;
        String type = "";
        Map<String, Json> beside = new LinkedHashMap<>();
        one.enterObject();
        while (one.nextMember()) {
            switch (one.name()) {
                case "type" -> type = one.string();
                case "function" -> function = function(one);
                case "custom" -> custom = CustomToolJson.read(one);
                default -> beside.put(one.name(), one.json());
            }
        }
        if (type.equals("function") && function != null) {
            Map<String, Json> all = new LinkedHashMap<>(function.hints());
            all.putAll(beside);
            tools.add(function.withHints(all));
        } else if (type.equals(ToolTypes.CUSTOM) && custom != null) {
            tools.add(custom.withHints(beside));
        } else {
            otherTools.add(whole);
        }
    }

    private void function() throws JsonException {
        tools.add(function(json));
    }

    private static Tool function(JsonReader json) throws JsonException {
        String name = "";
        String description = null;
        Json parameters = null;
        Boolean strict = null;
        Map<String, Json> hints = new LinkedHashMap<>();
        json.enterObject();
        while (json.nextMember()) {
            String member = json.name();
            if (json.skipNull()) {
                continue;
            }
            switch (member) {
                case "name" -> name = json.string();
                case "description" -> description = json.string();
                case "parameters" -> parameters = json.json();
                case "strict" -> strict = json.bool();
                default -> hints.put(member, json.json());
            }
        }
        return Tool.function(name, description, parameters).withStrict(strict).withHints(hints);
    }

    /** Words, named functions, and some of the functions; what else there is is a hint. */
    private void toolChoice(String field) throws JsonException {
        Json whole = json.json();
        byte[] bytes = whole.text().getBytes(StandardCharsets.UTF_8);
        JsonReader one = JsonReader.lenient(bytes, 0, bytes.length);
        ToolChoice choice;
        if (one.peek() == '"') {
            choice = switch (one.string()) {
                case "auto" -> new ToolChoice.Auto();
                case "none" -> new ToolChoice.None();
                case "required" -> new ToolChoice.Required();
                default -> null;
            };
        } else {
            String name = functionName(one);
            choice = name == null ? null : new ToolChoice.Named(name);
        }
        allowed = choice == null ? AllowedTools.of(whole) : null;
        if (allowed != null) {
            content.toolChoice(allowed.choice());
        } else if (choice == null) {
            hints.put(field, whole);
        } else {
            content.toolChoice(choice);
        }
    }

    static @Nullable String functionName(JsonReader json) throws JsonException {
        String name = null;
        json.enterObject();
        while (json.nextMember()) {
            String member = json.name();
            if (member.equals("name") && json.peek() == '"') {
                name = json.string();
            } else if ((member.equals("function") || member.equals(ToolTypes.CUSTOM)) && json.peek() == '{') {
                name = functionName(json);
            } else {
                json.skip();
            }
        }
        return name;
    }

    private void responseFormat() throws JsonException {
        Json whole = json.json();
        byte[] bytes = whole.text().getBytes(StandardCharsets.UTF_8);
        JsonReader one = JsonReader.lenient(bytes, 0, bytes.length);
        String type = "";
        ResponseFormat schema = null;
        one.enterObject();
        while (one.nextMember()) {
            switch (one.name()) {
                case "type" -> type = one.string();
                case "json_schema" -> schema = one.skipNull() ? null : schema(one);
                default -> one.skip();
            }
        }
        switch (type) {
            case "text" -> content.responseFormat(new ResponseFormat.Text());
            case "json_object" -> content.responseFormat(new ResponseFormat.JsonObject());
            default -> {
                if (type.equals("json_schema") && schema != null) {
                    content.responseFormat(schema);
                } else {
                    hints.put("response_format", whole);
                }
            }
        }
    }

    private static ResponseFormat schema(JsonReader json) throws JsonException {
        String name = "";
        String description = null;
        Json schema = new Json("{}");
        Boolean strict = null;
        json.enterObject();
        while (json.nextMember()) {
            String member = json.name();
            if (json.skipNull()) {
                continue;
            }
            switch (member) {
                case "name" -> name = json.string();
                case "description" -> description = json.string();
                case "schema" -> schema = json.json();
                case "strict" -> strict = json.bool();
                default -> json.skip();
            }
        }
        return new ResponseFormat.JsonSchema(name, description, schema, strict);
    }
}
