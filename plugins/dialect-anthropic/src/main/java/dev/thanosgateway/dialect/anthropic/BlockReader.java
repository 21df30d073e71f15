package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Members;
import dev.thanosgateway.wire.json.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads content blocks into parts. */
final class BlockReader {
    private BlockReader() {}

    static Value required(Value at, Map<String, Value> members, String name) throws JsonException {
        Value value = members.get(name);
        if (value == null) {
            throw new JsonException(at.path().isEmpty() ? name : at.path() + '.' + name, "is required");
        }
        return value;
    }

    /** Content as text or as a list of blocks. */
    static List<Part> content(Value value) throws JsonException {
        if (value.isString()) {
            return List.of(new Part.Text(value.text()));
        }
        List<Part> parts = new ArrayList<>();
        for (Value block : value.elements()) {
            parts.add(block(block));
        }
        return parts;
    }

    /** What a user says, and what tools gave back: here one message, elsewhere several, in the order of the blocks. */
    static void user(Value content, List<Message> messages) throws JsonException {
        List<Part> run = new ArrayList<>();
        boolean results = false;
        for (Part part : content(content)) {
            boolean result = part instanceof Part.ToolResult;
            if (result != results && !run.isEmpty()) {
                messages.add(Message.of(results ? Role.TOOL : Role.USER, run));
                run.clear();
            }
            results = result;
            run.add(part);
        }
        messages.add(Message.of(results ? Role.TOOL : Role.USER, run));
    }

    private static Part block(Value block) throws JsonException {
        Map<String, Value> members = block.members();
        String type = required(block, members, "type").text();
        return switch (type) {
            case "text" -> new Part.Text(text(block, members, "text"), beside(members, "text"));
            case "image" -> {
                Part.Source source = source(required(block, members, "source"));
                yield source == null ? other(type, block) : new Part.Image(source, null, beside(members, "source"));
            }
            case "document" -> {
                Part.Source source = source(required(block, members, "source"));
                Value title = members.get("title");
                yield source == null
                        ? other(type, block)
                        : new Part.Document(
                                source, title == null ? null : title.text(), beside(members, "source", "title"));
            }
            case "tool_use" ->
                new Part.ToolCall(
                        text(block, members, "id"),
                        text(block, members, "name"),
                        required(block, members, "input").json().text(),
                        beside(members, "id", "name", "input"));
            case "tool_result" -> result(block, members);
            case "thinking" -> {
                Value signature = members.get("signature");
                yield new Part.Reasoning(
                        text(block, members, "thinking"),
                        signature == null ? null : signature.text(),
                        beside(members, "thinking", "signature"));
            }
            case "redacted_thinking" ->
                new Part.RedactedReasoning(text(block, members, "data"), beside(members, "data"));
            // Claude Code's answer to a search for tools. All tools go along anyway, so their names are all it says.
            case "tool_reference" ->
                new Part.Text(
                        "The tool " + text(block, members, "tool_name") + " is available.",
                        beside(members, "tool_name"));
            default -> other(type, block);
        };
    }

    private static Part other(String type, Value block) {
        return new Part.Other(MessagesOriginal.DIALECT, type, block.json(), Map.of());
    }

    private static Part result(Value block, Map<String, Value> members) throws JsonException {
        Value content = members.get("content");
        return new Part.ToolResult(
                text(block, members, "tool_use_id"),
                content == null ? List.of() : content(content),
                Members.bool(members, "is_error"),
                beside(members, "tool_use_id", "content", "is_error"));
    }

    private static String text(Value block, Map<String, Value> members, String name) throws JsonException {
        return required(block, members, name).text();
    }

    private static Map<String, Json> beside(Map<String, Value> members, String... known) {
        Set<String> names = Set.of(known);
        Map<String, Json> rest = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (!name.equals("type") && !names.contains(name)) {
                rest.put(name, value.json());
            }
        });
        return rest;
    }

    /** Null for a source of a kind nobody else has. */
    private static Part.@Nullable Source source(Value source) throws JsonException {
        Map<String, Value> members = source.members();
        return switch (required(source, members, "type").text()) {
            case "base64" -> new Part.Source.Data(text(source, members, "media_type"), text(source, members, "data"));
            case "url" -> new Part.Source.Url(text(source, members, "url"));
            case "file" -> new Part.Source.FileId(text(source, members, "file_id"));
            case "text" -> {
                byte[] data = text(source, members, "data").getBytes(StandardCharsets.UTF_8);
                yield new Part.Source.Data("text/plain", Base64.getEncoder().encodeToString(data));
            }
            default -> null;
        };
    }
}
