package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads calls and their results from a Responses request's input: of functions, of custom tools, and of the tools that
 * callers run by their type. For one request.
 */
final class InputCalls {
    private final OfferedTools offered;
    /** The call that a result without an id answers. */
    private String last = "";

    private int searches;

    InputCalls(OfferedTools offered) {
        this.offered = offered;
    }

    /** Null = the item is no call. */
    @Nullable
    Part call(Value item, String type, Map<String, Value> members) throws JsonException {
        return switch (type) {
            case "function_call" ->
                call(
                        item,
                        members,
                        CallForm.function(namespace(members), text(item, members, "name")),
                        text(item, members, "arguments"));
            case "custom_tool_call" ->
                Part.ToolCall.custom(
                        id(item, members),
                        offered.name(CallForm.custom(namespace(members), text(item, members, "name"))),
                        text(item, members, "input"));
            case "local_shell_call" ->
                call(item, members, builtIn(OutputItem.Kind.LOCAL_SHELL), fields(item, members, "action", "type"));
            case "shell_call" ->
                call(item, members, builtIn(OutputItem.Kind.SHELL), fields(item, members, "action", ""));
            case "apply_patch_call" ->
                call(item, members, builtIn(OutputItem.Kind.PATCH), fields(item, members, "operation", ""));
            case "tool_search_call" -> {
                Value arguments = members.get("arguments");
                last = members.containsKey("call_id") ? id(item, members) : "tool_search_" + searches++;
                String name = offered.name(builtIn(OutputItem.Kind.SEARCH));
                yield new Part.ToolCall(last, name, arguments(arguments), Map.of());
            }
            default -> null;
        };
    }

    private Part call(Value item, Map<String, Value> members, CallForm form, String arguments) throws JsonException {
        return new Part.ToolCall(id(item, members), offered.name(form), arguments, Map.of());
    }

    private static String arguments(@Nullable Value said) throws JsonException {
        return said == null ? "{}" : said.isString() ? said.text() : said.json().text();
    }

    private static CallForm builtIn(OutputItem.Kind kind) {
        return new CallForm(kind, null, kind.type.substring(0, kind.type.length() - "_call".length()));
    }

    /** Null = the item is no result. */
    @Nullable
    Part result(Value item, String type, Map<String, Value> members) throws JsonException, GatewayException {
        return switch (type) {
            case "function_call_output", "custom_tool_call_output" ->
                result(text(item, members, "call_id"), said(ResponsesInput.required(item, members, "output")), false);
            case "local_shell_call_output", "shell_call_output" ->
                result(id(item, members), plain(ResponsesInput.required(item, members, "output")), false);
            case "apply_patch_call_output" -> {
                Value output = members.get("output");
                Value status = members.get("status");
                boolean failed = status != null && status.text().equals("failed");
                String words = status == null ? "completed" : status.text();
                yield result(id(item, members), output == null ? words(words) : plain(output), failed);
            }
            case "tool_search_output" -> {
                List<String> names = offered.add(members.get("tools"));
                String found = names.isEmpty()
                        ? "No tool was found."
                        : "Now there are also the tools " + String.join(", ", names) + ".";
                yield result(members.containsKey("call_id") ? id(item, members) : last, words(found), false);
            }
            default -> null;
        };
    }

    private static Part result(String id, List<Part> content, boolean failed) {
        return new Part.ToolResult(id, content, failed, Map.of());
    }

    private static List<Part> said(Value output) throws JsonException, GatewayException {
        return output.isString() || output.isArray() ? ResponsesInput.parts(output) : plain(output);
    }

    /** A text, or what the model reads best of anything else: its JSON. */
    private static List<Part> plain(Value output) throws JsonException {
        return words(output.isString() ? output.text() : output.json().text());
    }

    private static List<Part> words(String text) {
        return List.of(new Part.Text(text));
    }

    private static @Nullable String namespace(Map<String, Value> members) throws JsonException {
        Value said = members.get("namespace");
        return said == null ? null : said.text();
    }

    private static String text(Value item, Map<String, Value> members, String name) throws JsonException {
        return ResponsesInput.required(item, members, name).text();
    }

    /** Results of {@code local_shell} name their call by {@code id}. */
    private static String id(Value item, Map<String, Value> members) throws JsonException {
        Value id = members.get("call_id");
        return id != null
                ? id.text()
                : members.containsKey("id") ? text(item, members, "id") : text(item, members, "call_id");
    }

    /** The members of an object that are not null, as arguments. */
    private static String fields(Value item, Map<String, Value> members, String name, String without)
            throws JsonException {
        JsonWriter json = new JsonWriter(256).beginObject();
        ResponsesInput.required(item, members, name).members().forEach((field, value) -> {
            if (!field.equals(without)) {
                json.name(field).value(value.json());
            }
        });
        return json.endObject().toString();
    }
}
