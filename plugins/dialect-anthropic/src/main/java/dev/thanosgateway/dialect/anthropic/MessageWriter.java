package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.wire.json.JsonOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code system} and {@code messages}. Instructions stand before the conversation wherever they were said, as
 * in Anthropic's own compatibility layer; turns of one side in a row become one, results of tools first, as this API
 * wants them right behind their calls.
 */
final class MessageWriter {
    private final JsonOut out;
    private final Set<String> dropped;
    private final boolean unsigned;

    /**
     * @param dropped is told which hints were left out
     * @param unsigned whether thoughts need no signature
     */
    MessageWriter(JsonOut out, Set<String> dropped, boolean unsigned) {
        this.out = out;
        this.dropped = dropped;
        this.unsigned = unsigned;
    }

    private record Turn(boolean assistant, List<Part> parts) {}

    /** @param words a further instruction; null = none */
    void write(List<Message> messages, @Nullable String words) throws GatewayException {
        List<Part> system = new ArrayList<>();
        List<Turn> turns = new ArrayList<>();
        for (Message message : messages) {
            if (message.name() != null) {
                dropped.add("messages.name");
            }
            if (message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER) {
                system.addAll(message.parts());
            } else {
                add(turns, message);
            }
        }
        if (words != null) {
            system.add(new Part.Text(words));
        }
        trimEnd(turns);
        List<Part> instructions = said(system, unsigned);
        if (turns.isEmpty()) {
            // A conversation has at least one turn here: alone, instructions are what the user says.
            turns.add(new Turn(false, instructions));
        } else {
            system(instructions);
        }
        out.name("messages").beginArray();
        for (Turn turn : turns) {
            out.beginObject().name("role").value(turn.assistant() ? "assistant" : "user");
            content(out.name("content"), turn.assistant() ? turn.parts() : resultsFirst(turn.parts()));
            out.endObject();
        }
        out.endArray();
    }

    /** What says nothing is left out, as this API refuses it. */
    private void add(List<Turn> turns, Message message) {
        boolean assistant = message.role() == Role.ASSISTANT;
        List<Part> parts = said(message.parts(), unsigned);
        if (message.parts().stream().anyMatch(part -> foreign(part, unsigned))) {
            dropped.add("messages.reasoning");
        }
        if (parts.isEmpty()) {
            return;
        }
        if (turns.isEmpty() || turns.get(turns.size() - 1).assistant() != assistant) {
            turns.add(new Turn(assistant, new ArrayList<>(parts)));
        } else {
            turns.get(turns.size() - 1).parts().addAll(parts);
        }
    }

    /** An answer that goes on from words must not begin behind white space here. */
    private static void trimEnd(List<Turn> turns) {
        Turn last = turns.isEmpty() ? null : turns.get(turns.size() - 1);
        if (last == null || !last.assistant()) {
            return;
        }
        List<Part> parts = last.parts();
        while (!parts.isEmpty() && parts.get(parts.size() - 1) instanceof Part.Text text) {
            parts.remove(parts.size() - 1);
            if (!text.text().isBlank()) {
                parts.add(new Part.Text(text.text().stripTrailing(), text.hints()));
                break;
            }
        }
        if (parts.isEmpty()) {
            turns.remove(turns.size() - 1);
        }
    }

    /**
     * Without text of white space only, and without thoughts of others, as this API refuses both.
     *
     * @param unsigned whether thoughts need no signature
     */
    static List<Part> said(List<Part> parts, boolean unsigned) {
        return parts.stream()
                .filter(part -> !foreign(part, unsigned) && !isBlank(part))
                .toList();
    }

    static boolean isBlank(Part part) {
        return (part instanceof Part.Text text && text.text().isBlank())
                || (part instanceof Part.Refusal refusal && refusal.text().isBlank());
    }

    private static boolean foreign(Part part, boolean unsigned) {
        return (part instanceof Part.Reasoning thought && Unsigned.foreign(thought.signature(), unsigned))
                || (part instanceof Part.RedactedReasoning hidden && Unsigned.foreign(hidden.data(), false));
    }

    private void system(List<Part> parts) throws GatewayException {
        for (Part part : parts) {
            if (!(part instanceof Part.Text)) {
                throw RequestWriter.unsupported("messages", "A system prompt that is more than text");
            }
        }
        if (!parts.isEmpty()) {
            content(out.name("system"), parts);
        }
    }

    private static List<Part> resultsFirst(List<Part> parts) {
        List<Part> sorted = new ArrayList<>(parts.size());
        parts.stream().filter(Part.ToolResult.class::isInstance).forEach(sorted::add);
        parts.stream().filter(part -> !(part instanceof Part.ToolResult)).forEach(sorted::add);
        return sorted;
    }

    private void content(JsonOut out, List<Part> parts) throws GatewayException {
        if (parts.isEmpty()) {
            out.value("");
            return;
        }
        if (parts.size() == 1
                && parts.get(0) instanceof Part.Text only
                && only.hints().isEmpty()) {
            out.value(only.text());
            return;
        }
        BlockWriter blocks = new BlockWriter(out, dropped);
        out.beginArray();
        for (Part part : parts) {
            blocks.block(part);
        }
        out.endArray();
    }
}
