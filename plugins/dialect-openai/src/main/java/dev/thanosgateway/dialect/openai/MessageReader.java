package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.wire.answer.ThoughtDetails;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code messages} that {@link MessageCheck} has found good. For one request. */
final class MessageReader {
    /** Kind of {@link Part.Other} for a call of a tool that is no function. */
    static final String OTHER_CALL = "tool_call";

    private final JsonReader json;
    private final List<Message> messages;
    private int legacyCalls;

    MessageReader(JsonReader json, List<Message> messages) {
        this.json = json;
        this.messages = messages;
    }

    void read() throws JsonException {
        json.enterArray();
        while (json.nextElement()) {
            messages.add(new One().read());
        }
    }

    /** One message; its members may come in any order. */
    private final class One {
        private String role = "user";
        private @Nullable String name;
        private @Nullable String callId;
        private final List<Part> plain = new ArrayList<>();
        private final List<Part> proven = new ArrayList<>();
        private final List<Part> signed = new ArrayList<>();
        private final List<Part> parts = new ArrayList<>();
        private final List<Part> refusals = new ArrayList<>();
        private final List<Part> calls = new ArrayList<>();
        private final Map<String, Json> hints = new LinkedHashMap<>();

        Message read() throws JsonException {
            json.enterObject();
            while (json.nextMember()) {
                String member = json.name();
                if (!json.skipNull()) {
                    member(member);
                }
            }
            // The old form of calls has no ids: a function's message answers the call before it.
            if (role.equals("function") || role.equals("tool")) {
                String id = callId == null ? "call_legacy_" + legacyCalls : callId;
                return Message.of(Role.TOOL, List.of(new Part.ToolResult(id, parts, false, Map.of())))
                        .withName(name)
                        .withHints(hints);
            }
            // With their proofs the same thoughts come once more.
            List<Part> all = new ArrayList<>(proven.isEmpty() ? plain : proven);
            all.addAll(signed);
            all.addAll(parts);
            all.addAll(refusals);
            all.addAll(calls);
            return Message.of(role(), all).withName(name).withHints(hints);
        }

        private Role role() {
            return switch (role) {
                case "system" -> Role.SYSTEM;
                case "developer" -> Role.DEVELOPER;
                case "assistant" -> Role.ASSISTANT;
                default -> Role.USER;
            };
        }

        private void member(String member) throws JsonException {
            switch (member) {
                case "role" -> role = json.string();
                case "name" -> name = json.string();
                case "tool_call_id" -> callId = json.string();
                case "refusal" -> refusals.add(new Part.Refusal(json.string(), Map.of()));
                case "content" -> content();
                case "tool_calls" -> {
                    json.enterArray();
                    while (json.nextElement()) {
                        calls.add(call());
                    }
                }
                case "function_call" -> calls.add(called("call_legacy_" + ++legacyCalls, json, Map.of()));
                case "reasoning_content" -> {
                    if (json.peek() == '"') {
                        plain.add(new Part.Reasoning(json.string(), null, Map.of()));
                    } else {
                        hints.put(member, json.json());
                    }
                }
                case ThoughtDetails.FIELD -> {
                    Json details = json.json();
                    proven.addAll(ThoughtDetails.read(details));
                    if (proven.isEmpty()) {
                        hints.put(member, details);
                    }
                }
                case ThoughtSignature.FIELD -> {
                    Json extra = json.json();
                    String signature = ThoughtSignature.read(extra);
                    if (signature.isEmpty()) {
                        hints.put(member, extra);
                    } else {
                        signed.add(new Part.Reasoning("", signature, Map.of()));
                    }
                }
                default -> hints.put(member, json.json());
            }
        }

        private void content() throws JsonException {
            if (json.peek() == '"') {
                parts.add(new Part.Text(json.string()));
                return;
            }
            json.enterArray();
            while (json.nextElement()) {
                parts.add(PartReader.read(json));
            }
        }
    }

    private Part call() throws JsonException {
        Json whole = json.json();
        byte[] bytes = whole.text().getBytes(StandardCharsets.UTF_8);
        JsonReader one = JsonReader.lenient(bytes, 0, bytes.length);
        String id = "";
        Part.ToolCall call = null;
        Map<String, Json> hints = new LinkedHashMap<>();
        one.enterObject();
        while (one.nextMember()) {
            switch (one.name()) {
                case "id" -> id = one.string();
                case "type", "index" -> one.skip();
                case "function" -> call = called("", one, Map.of());
                case "custom" -> call = CustomToolJson.called(one);
                default -> hints.put(one.name(), one.json());
            }
        }
        return call == null
                ? new Part.Other(ChatOriginal.DIALECT, OTHER_CALL, whole, Map.of())
                : new Part.ToolCall(id, call.name(), call.arguments(), hints);
    }

    private static Part.ToolCall called(String id, JsonReader json, Map<String, Json> hints) throws JsonException {
        String name = "";
        String arguments = "";
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "name" -> name = json.string();
                case "arguments" -> arguments = json.skipNull() ? "" : json.string();
                default -> json.skip();
            }
        }
        return new Part.ToolCall(id, name, arguments, hints);
    }
}
