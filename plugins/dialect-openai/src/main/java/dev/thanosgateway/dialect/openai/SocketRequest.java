package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@code response.create} as the body of a request over HTTP: what belongs to the socket is gone, it streams, and what
 * came before stands in its input.
 *
 * @param body of the request
 * @param items of all of its input
 */
record SocketRequest(ByteBuffer body, SocketItems items) {
    private static final Set<String> SOCKETS =
            Set.of("type", "event_id", "generate", "previous_response_id", "stream", "background", "input");
    /** What is written beside what was said. */
    private static final int WRITTEN_BYTES = 1024;

    /** @throws JsonException when the input is no text and no list */
    static SocketRequest of(RequestBody said, SocketPast before) throws JsonException {
        SocketItems items = new SocketItems();
        items.append(before.items());
        Value input = said.member("input");
        if (input != null) {
            items.append(input.isString() ? message(input) : elements(said, input));
        }
        // Large enough, as one that grows is there twice for a while.
        JsonWriter json = new JsonWriter(before.items().length + said.bytes().remaining() + WRITTEN_BYTES);
        json.beginObject();
        for (Map.Entry<String, Value> member : said.all().entrySet()) {
            if (!SOCKETS.contains(member.getKey())) {
                json.name(member.getKey()).value(member.getValue().json());
            }
        }
        json.name("stream").value(true);
        if (items.size() > 0 || input != null) {
            items.writeTo(json.name("input").beginArray());
            json.endArray();
        }
        return new SocketRequest(json.endObject().toBuffer(), items);
    }

    private static byte[] message(Value text) throws JsonException {
        JsonWriter json = new JsonWriter(256);
        json.beginObject().name("type").value("message").name("role").value("user");
        return json.name("content").value(text.text()).endObject().toBytes();
    }

    private static byte[] elements(RequestBody said, Value input) throws JsonException {
        if (!input.isArray()) {
            throw new JsonException(input.path(), "must be a text or a list of items");
        }
        ByteBuffer all = said.bytes();
        // Without the brackets, and without white space, which alone would look like an item.
        int from = input.from() + 1;
        int to = input.to() - 1;
        while (from < to && all.get(from) <= ' ') {
            from++;
        }
        while (from < to && all.get(to - 1) <= ' ') {
            to--;
        }
        return ChatOriginal.copy(all.slice(from, to - from));
    }

    /** The first of a response's members by its name; null = it has none, or no text. */
    static @Nullable String text(JsonReader json, String wanted)
            throws dev.thanosgateway.dialect.openai.wire.JsonException {
        String found = null;
        json.enterObject();
        while (json.nextMember()) {
            if (found == null && json.name().equals(wanted) && json.peek() == '"') {
                found = json.string();
            } else {
                json.skip();
            }
        }
        return found;
    }
}
