package dev.thanosgateway.tck;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code messages} of {@code request.json}: {@code role}, {@code name}, {@code content} as a text or as parts,
 * {@code tool_calls}; of a tool's result {@code tool_call_id} and {@code is_error}. Parts are, by their {@code type}:
 *
 * <ul>
 *   <li>{@code text}, {@code refusal}
 *   <li>{@code image_url} with {@code url} (an address or {@code data:}) and {@code detail}
 *   <li>{@code file} with {@code file_data} ({@code data:}), {@code file_url} or {@code file_id}, and {@code filename}
 *   <li>{@code input_audio} with {@code data} and {@code format}
 *   <li>{@code reasoning}, a text, with {@code signature}; {@code redacted_reasoning}, which only its vendor can read
 *   <li>{@code other}, what the model has no word for, with {@code dialect}, {@code kind} and {@code json}
 * </ul>
 *
 * <p>Further fields of a part or a call, such as {@code cache_control}, are its hints.
 */
final class Messages {
    private static final String BASE64 = ";base64,";

    private Messages() {}

    static List<Message> read(JsonNode messages) {
        List<Message> all = new ArrayList<>();
        messages.forEach(message -> all.add(message(message)));
        return all;
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
        String name = Requests.optional(message, "name", JsonNode::asString);
        if (role == Role.TOOL) {
            Requests.only(message, Set.of("role", "name", "content", "tool_call_id", "is_error"));
            String id = message.path("tool_call_id").asString();
            boolean error = message.path("is_error").asBoolean(false);
            return Message.of(role, List.of(new Part.ToolResult(id, parts, error, Map.of())))
                    .withName(name);
        }
        Requests.only(message, Set.of("role", "name", "content", "tool_calls"));
        message.path("tool_calls").forEach(call -> parts.add(call(call)));
        return Message.of(role, parts).withName(name);
    }

    private static Part call(JsonNode call) {
        JsonNode function = call.path("function");
        return new Part.ToolCall(
                call.path("id").asString(),
                function.path("name").asString(),
                function.path("arguments").asString(),
                Requests.values(call, Set.of("id", "type", "function")));
    }

    private static Part part(JsonNode part) {
        String type = part.path("type").asString();
        JsonNode own = part.path(type);
        return switch (type) {
            case "text" -> new Part.Text(own.asString(), hints(part));
            case "refusal" -> new Part.Refusal(own.asString(), hints(part));
            case "image_url" -> {
                Requests.only(own, Set.of("url", "detail"));
                String detail = Requests.optional(own, "detail", JsonNode::asString);
                yield new Part.Image(source(own.path("url").asString()), detail, hints(part));
            }
            case "file" -> {
                Requests.only(own, Set.of("file_data", "file_url", "file_id", "filename"));
                Part.Source source = own.has("file_id")
                        ? new Part.Source.FileId(own.path("file_id").asString())
                        : source(own.path(own.has("file_url") ? "file_url" : "file_data")
                                .asString());
                String name = Requests.optional(own, "filename", JsonNode::asString);
                yield new Part.Document(source, name, hints(part));
            }
            case "input_audio" -> {
                Requests.only(own, Set.of("data", "format"));
                String format = own.path("format").asString();
                Part.Source source =
                        new Part.Source.Data("audio/" + format, own.path("data").asString());
                yield new Part.Audio(source, format, hints(part));
            }
            case "reasoning" ->
                new Part.Reasoning(
                        own.asString(),
                        Requests.optional(part, "signature", JsonNode::asString),
                        hints(part, "signature"));
            case "redacted_reasoning" -> new Part.RedactedReasoning(own.asString(), hints(part));
            case "other" ->
                new Part.Other(
                        own.path("dialect").asString(),
                        own.path("kind").asString(),
                        new Json(own.path("json").toString()),
                        hints(part));
            default -> throw new AssertionError("request.json has a part of the unknown type " + type + ".");
        };
    }

    /** @param more fields that are the part's own, beside its type and the one of the type's name */
    private static Map<String, Json> hints(JsonNode part, String... more) {
        Set<String> own = new HashSet<>(Set.of(more));
        own.add("type");
        own.add(part.path("type").asString());
        return Requests.values(part, own);
    }

    private static Part.Source source(String url) {
        int comma = url.indexOf(BASE64);
        return url.startsWith("data:") && comma > 0
                ? new Part.Source.Data(url.substring("data:".length(), comma), url.substring(comma + BASE64.length()))
                : new Part.Source.Url(url);
    }
}
