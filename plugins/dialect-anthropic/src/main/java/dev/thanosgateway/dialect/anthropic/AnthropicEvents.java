package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads events of this language where they come within another's stream, some of them perhaps lost on the way: an answer
 * need not have begun. For one answer, used by one thread at a time.
 */
public final class AnthropicEvents {
    private static final String START = "message_start";

    private final EventReader reader = new EventReader(false);
    private boolean begun;

    /**
     * What one event says.
     *
     * @param bytes the event's data, from {@code from} to before {@code to}
     * @return null = it is none of this language; an error, which has one form in many languages, is none either
     * @throws GatewayException UPSTREAM_PROTOCOL when it is one, but not as it should be
     */
    public @Nullable List<ChatEvent> read(byte[] bytes, int from, int to) throws GatewayException {
        Map<String, Value> members = members(bytes, from, to);
        Value named = members.get("type");
        if (named == null || !named.isString() || members.containsKey("choices") || members.containsKey("error")) {
            return null;
        }
        List<ChatEvent> events = new ArrayList<>();
        try {
            String type = named.text();
            if (!begun && !type.equals(START)) {
                reader.event(START, Map.of(), events::add);
            }
            begun = true;
            reader.event(type, members, events::add);
            if (reader.complete()) {
                // Nothing but the end mark comes behind, and that may be lost.
                reader.finish(events::add);
            }
        } catch (JsonException e) {
            throw Protocol.bad(e.clause());
        }
        return events;
    }

    private static Map<String, Value> members(byte[] bytes, int from, int to) {
        try {
            return Value.lenient(bytes, from, to).members();
        } catch (JsonException e) {
            return Map.of();
        }
    }
}
