package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.wire.answer.ThoughtDetails;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code messages}. Calls of tools need no id in this language and results name at most the tool, so a call
 * without an id gets one by its place, and a result goes to the first call it can belong to.
 */
final class MessageReader {
    /** The mark of a signature of Gemini's: decision 0014. */
    private static final String GEMINI = "gemini:";

    private final List<Message> messages = new ArrayList<>();
    private final List<Part.ToolCall> unanswered = new ArrayList<>();

    private MessageReader() {}

    static List<Message> read(Value messages) throws JsonException {
        MessageReader reader = new MessageReader();
        for (Value message : messages.elements()) {
            reader.message(message);
        }
        return reader.messages;
    }

    private void message(Value message) throws JsonException {
        Map<String, Value> members = message.members();
        Value role = members.get("role");
        if (role == null) {
            throw new JsonException(message.path() + ".role", "is required");
        }
        List<Part> parts = new ArrayList<>();
        switch (role.text().toLowerCase(Locale.ROOT)) {
            case "system" -> add(Role.SYSTEM, said(members, parts));
            case "developer" -> add(Role.DEVELOPER, said(members, parts));
            case "user" -> add(Role.USER, said(members, parts));
            case "assistant" -> assistant(members);
            case "tool" -> {
                String id = answered(text(members.get("tool_call_id")), text(members.get("tool_name")));
                add(Role.TOOL, List.of(new Part.ToolResult(id, said(members, parts), false, Map.of())));
            }
            default ->
                throw new JsonException(
                        role.path(),
                        "must be \"system\", \"user\", \"assistant\" or \"tool\", not \"" + role.text() + '"');
        }
    }

    /**
     * With their proofs the thoughts come once more: those of the first call begin the message, as they did, but for a
     * signature of Gemini's, which belongs to the call.
     */
    private void assistant(Map<String, Value> members) throws JsonException {
        List<Part> thoughts = new ArrayList<>(proven(members));
        List<Part> said = said(members, new ArrayList<>());
        List<Part> calls = new ArrayList<>();
        calls(members.get("tool_calls"), calls);
        while (!calls.isEmpty() && isThought(calls.get(0))) {
            thoughts.add(calls.remove(0));
        }
        String thinking = text(members.get("thinking"));
        if (thoughts.isEmpty() && !thinking.isEmpty()) {
            thoughts.add(new Part.Reasoning(thinking, null, Map.of()));
        }
        List<Part> parts = new ArrayList<>(thoughts);
        parts.addAll(said);
        parts.addAll(calls);
        add(Role.ASSISTANT, parts);
    }

    private static boolean isThought(Part part) {
        boolean ofTheCall = part instanceof Part.Reasoning thought
                && thought.text().isEmpty()
                && thought.signature() != null
                && thought.signature().startsWith(GEMINI);
        return !(part instanceof Part.ToolCall) && !ofTheCall;
    }

    private static List<Part> proven(Map<String, Value> members) {
        Value details = members.get(ThoughtDetails.FIELD);
        return details == null ? List.of() : ThoughtDetails.read(details.json());
    }

    private void add(Role role, List<Part> parts) {
        messages.add(Message.of(role, parts));
    }

    private static String text(@Nullable Value value) throws JsonException {
        return value == null ? "" : value.text();
    }

    private static List<Part> said(Map<String, Value> members, List<Part> parts) throws JsonException {
        String text = text(members.get("content"));
        Value images = members.get("images");
        if (!text.isEmpty()) {
            parts.add(new Part.Text(text));
        }
        if (images != null) {
            Images.read(images, parts);
        }
        return parts;
    }

    private void calls(@Nullable Value calls, List<Part> parts) throws JsonException {
        if (calls == null) {
            return;
        }
        unanswered.clear();
        for (Value call : calls.elements()) {
            Map<String, Value> members = call.members();
            Value function = members.get("function");
            if (function == null) {
                throw new JsonException(call.path() + ".function", "is required");
            }
            Map<String, Value> called = function.members();
            String name = text(called.get("name"));
            if (name.isEmpty()) {
                throw new JsonException(function.path() + ".name", "is required");
            }
            Value arguments = called.get("arguments");
            if (arguments != null && !arguments.isObject()) {
                throw new JsonException(arguments.path(), "must be an object");
            }
            String id = text(members.get("id"));
            Part.ToolCall read = new Part.ToolCall(
                    id.isEmpty() ? "call_" + messages.size() + '_' + unanswered.size() : id,
                    name,
                    arguments == null ? "{}" : arguments.json().text(),
                    Map.of());
            unanswered.add(read);
            parts.addAll(proven(called));
            parts.add(read);
        }
    }

    /** The id of the call that a result answers. */
    private String answered(String id, String tool) {
        for (Part.ToolCall call : unanswered) {
            boolean same = id.isEmpty() ? tool.isEmpty() || tool.equals(call.name()) : id.equals(call.id());
            if (same) {
                unanswered.remove(call);
                return call.id();
            }
        }
        return id.isEmpty() ? "call_" + messages.size() : id;
    }
}
