package dev.thanosgateway.api.chat;

import dev.thanosgateway.api.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One message of a conversation: a role and its parts in order. Immutable. */
public final class Message {
    private final Role role;
    private final @Nullable String name;
    private final List<Part> parts;
    private final Map<String, Json> hints;

    private Message(Role role, @Nullable String name, List<Part> parts, Map<String, Json> hints) {
        this.role = role;
        this.name = name;
        this.parts = List.copyOf(parts);
        this.hints = Map.copyOf(hints);
    }

    public static Message of(Role role, List<Part> parts) {
        return new Message(role, null, parts, Map.of());
    }

    public static Message text(Role role, String text) {
        return of(role, List.of(new Part.Text(text)));
    }

    /** @param name tells several speakers of one role apart */
    public Message withName(@Nullable String name) {
        return new Message(role, name, parts, hints);
    }

    /** @param hints fields of the message that the model has no word for, by their wire names */
    public Message withHints(Map<String, Json> hints) {
        return new Message(role, name, parts, hints);
    }

    public Role role() {
        return role;
    }

    public @Nullable String name() {
        return name;
    }

    public List<Part> parts() {
        return parts;
    }

    public Map<String, Json> hints() {
        return hints;
    }

    /** The text parts joined, without anything between them. */
    public String text() {
        if (parts.size() == 1 && parts.get(0) instanceof Part.Text one) {
            return one.text();
        }
        StringBuilder all = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Text text) {
                all.append(text.text());
            }
        }
        return all.toString();
    }
}
