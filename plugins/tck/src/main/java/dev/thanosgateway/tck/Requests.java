package dev.thanosgateway.tck;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code request.json}: a chat as a provider is given it, in OpenAI's words. Known are {@code model},
 * {@code stream}, {@code messages} ({@code role}; {@code content} as text or as parts {@code text} and
 * {@code image_url}; {@code tool_calls}; {@code tool_call_id}), {@code tools}, {@code temperature}, {@code top_p},
 * {@code max_tokens}, {@code stop}, {@code n}, and {@code extensions}, the gateway's own fields.
 */
final class Requests {
    private static final Set<String> KNOWN = Set.of(
            "model", "stream", "messages", "tools", "temperature", "top_p", "max_tokens", "stop", "n", "extensions");

    private Requests() {}

    static ChatRequest read(JsonNode json) {
        json.propertyNames().forEach(name -> {
            if (!KNOWN.contains(name)) {
                throw new AssertionError("request.json has the unknown field " + name + ".");
            }
        });
        Map<String, Json> extensions = new LinkedHashMap<>();
        json.path("extensions")
                .properties()
                .forEach(one ->
                        extensions.put(one.getKey(), new Json(one.getValue().toString())));
        return ChatRequest.builder(json.path("model").asString()).stream(
                        json.path("stream").asBoolean(false))
                .streamUsage(true)
                .extensions(extensions)
                .content(content(json))
                .build();
    }

    private static ChatContent content(JsonNode json) {
        List<Message> messages = new ArrayList<>();
        json.path("messages").forEach(message -> messages.add(message(message)));
        List<Tool> tools = new ArrayList<>();
        json.path("tools").forEach(tool -> tools.add(tool(tool.path("function"))));
        List<String> stop = new ArrayList<>();
        json.path("stop").forEach(one -> stop.add(one.asString()));
        return ChatContent.builder()
                .messages(messages)
                .tools(tools)
                .sampling(Sampling.builder()
                        .temperature(
                                json.has("temperature")
                                        ? json.path("temperature").asDouble()
                                        : null)
                        .topP(json.has("top_p") ? json.path("top_p").asDouble() : null)
                        .build())
                .maxOutputTokens(
                        json.has("max_tokens") ? json.path("max_tokens").asLong() : null)
                .stop(stop)
                .choices(json.path("n").asInt(1))
                .build();
    }

    private static Tool tool(JsonNode function) {
        return Tool.function(
                function.path("name").asString(),
                function.has("description") ? function.path("description").asString() : null,
                function.has("parameters")
                        ? new Json(function.path("parameters").toString())
                        : null);
    }

    private static Message message(JsonNode message) {
        Role role = Role.valueOf(message.path("role").asString().toUpperCase(Locale.ROOT));
        List<Part> parts = new ArrayList<>();
        JsonNode content = message.path("content");
        if (content.isString()) {
            parts.add(new Part.Text(content.asString()));
        } else {
            content.forEach(part -> parts.add(part(part)));
        }
        if (role == Role.TOOL) {
            String id = message.path("tool_call_id").asString();
            return Message.of(role, List.of(new Part.ToolResult(id, parts, false, Map.of())));
        }
        message.path("tool_calls")
                .forEach(call -> parts.add(new Part.ToolCall(
                        call.path("id").asString(),
                        call.path("function").path("name").asString(),
                        call.path("function").path("arguments").asString(),
                        Map.of())));
        return Message.of(role, parts);
    }

    private static Part part(JsonNode part) {
        if (part.path("type").asString().equals("text")) {
            return new Part.Text(part.path("text").asString());
        }
        String url = part.path("image_url").path("url").asString();
        int comma = url.indexOf(";base64,");
        Part.Source source = url.startsWith("data:") && comma > 0
                ? new Part.Source.Data(url.substring("data:".length(), comma), url.substring(comma + 8))
                : new Part.Source.Url(url);
        return new Part.Image(source, null, Map.of());
    }
}
