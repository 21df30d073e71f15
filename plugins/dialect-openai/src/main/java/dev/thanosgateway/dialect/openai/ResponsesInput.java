package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Responses request's {@code input}. What an assistant did is a list of items here (thoughts, texts, calls)
 * and one message elsewhere: items of its side in a row are one. For one request.
 */
final class ResponsesInput {
    /** Items that say how the conversation is kept or shown, nothing of what was said. */
    private static final Set<String> ASIDE = Set.of("additional_tools", "compaction_trigger", "ghost_snapshot");

    private final List<Message> messages;
    private final InputCalls calls;
    private final Set<String> left = new TreeSet<>();
    private final List<Part> turn = new ArrayList<>();

    /** @param messages where they go, behind those that are there */
    ResponsesInput(List<Message> messages, OfferedTools offered) {
        this.messages = messages;
        this.calls = new InputCalls(offered);
    }

    /** The types of the items that have no counterpart and were left out. */
    Set<String> left() {
        return left;
    }

    /** @throws JsonException when {@code members}, those of {@code value}, have none of this name */
    static Value required(Value value, Map<String, Value> members, String name) throws JsonException {
        Value member = members.get(name);
        if (member == null) {
            throw new JsonException(value.path() + '.' + name, "is required");
        }
        return member;
    }

    void read(Value input) throws JsonException, GatewayException {
        if (input.isString()) {
            messages.add(Message.text(Role.USER, input.text()));
            return;
        }
        if (!input.isArray()) {
            throw new JsonException(input.path(), "must be a text or a list of items");
        }
        List<Value> items = input.elements();
        if (items.isEmpty()) {
            throw new JsonException(input.path(), "must have at least one item");
        }
        for (Value item : items) {
            item(item, item.members());
        }
        endTurn();
    }

    private void endTurn() {
        if (!turn.isEmpty()) {
            messages.add(Message.of(Role.ASSISTANT, turn));
            turn.clear();
        }
    }

    private void item(Value item, Map<String, Value> members) throws JsonException, GatewayException {
        String type = type(item, members);
        switch (type) {
            case "message" -> message(item, members);
            case "reasoning" -> {
                Part thought = thought(members);
                if (thought != null) {
                    turn.add(thought);
                }
            }
            case "image_generation_call" -> {
                Value made = members.get("result");
                if (made != null) {
                    turn.add(new Part.Image(new Part.Source.Data("image/png", made.text()), null, Map.of()));
                }
            }
            case "item_reference" ->
                throw RequestBody.unsupported(
                        item.path(),
                        "refers to an item of a stored response, and this provider's endpoint stores none. "
                                + ResponsesContent.STATELESS);
            case "compaction", "compaction_summary" ->
                throw RequestBody.unsupported(
                        item.path(),
                        "holds a part of the conversation that only OpenAI can read. Send the items it stands for, or name"
                                + " a provider whose responses are relayed.");
            default -> called(item, type, members);
        }
    }

    /** The type may be left out of a message, and of a reference, which has nothing but an id. */
    private static String type(Value item, Map<String, Value> members) throws JsonException {
        if (!members.containsKey("type")) {
            if (members.containsKey("role")) {
                return "message";
            }
            if (members.size() == 1 && members.containsKey("id")) {
                return "item_reference";
            }
        }
        return required(item, members, "type").text();
    }

    private void called(Value item, String type, Map<String, Value> members) throws JsonException, GatewayException {
        Part call = calls.call(item, type, members);
        Part result = call == null ? calls.result(item, type, members) : null;
        String note = HostedItems.note(type, members);
        if (call != null) {
            turn.add(call);
        } else if (result != null) {
            endTurn();
            messages.add(Message.of(Role.TOOL, List.of(result)));
        } else if (note != null) {
            turn.add(new Part.Text(note));
        } else if (!ASIDE.contains(type)) {
            left.add(type);
        }
    }

    private void message(Value item, Map<String, Value> members) throws JsonException, GatewayException {
        Value named = required(item, members, "role");
        Role role = switch (named.text()) {
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "system" -> Role.SYSTEM;
            case "developer" -> Role.DEVELOPER;
            default ->
                throw new JsonException(named.path(), "must be \"user\", \"assistant\", \"system\" or \"developer\"");
        };
        List<Part> said = parts(required(item, members, "content"));
        if (role == Role.ASSISTANT) {
            Part last = turn.isEmpty() ? null : turn.get(turn.size() - 1);
            if (last instanceof Part.Text || last instanceof Part.Refusal) {
                endTurn();
            }
            turn.addAll(said);
        } else {
            endTurn();
            messages.add(Message.of(role, said));
        }
    }

    /** A thought of which the client kept nothing is none. */
    private static @Nullable Part thought(Map<String, Value> members) throws JsonException {
        StringBuilder text = new StringBuilder();
        Value open = members.get("content");
        Value told = open != null && !open.elements().isEmpty() ? open : members.get("summary");
        if (told != null) {
            for (Value part : told.elements()) {
                Value piece = part.members().get("text");
                if (piece != null) {
                    text.append(text.isEmpty() ? "" : "\n\n").append(piece.text());
                }
            }
        }
        Value encrypted = members.get("encrypted_content");
        return text.isEmpty() && encrypted == null
                ? null
                : EncryptedReasoning.read(text.toString(), encrypted == null ? null : encrypted.text());
    }

    static List<Part> parts(Value content) throws JsonException, GatewayException {
        if (content.isString()) {
            return List.of(new Part.Text(content.text()));
        }
        List<Part> parts = new ArrayList<>();
        for (Value part : content.elements()) {
            parts.add(ResponsesPart.read(part));
        }
        return parts;
    }
}
