package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@code response.create} as the body of a request over HTTP: what belongs to the socket is gone, it streams, and what
 * came before stands in its input.
 *
 * @param body of the request
 * @param items of all of its input, as JSON with commas between them
 */
record SocketRequest(ByteBuffer body, ByteArrayOutputStream items) {
    private static final Set<String> SOCKETS =
            Set.of("type", "event_id", "generate", "previous_response_id", "stream", "background", "input");

    /** @throws JsonException when the input is no text and no list */
    static SocketRequest of(RequestBody said, SocketPast before) throws JsonException {
        ByteArrayOutputStream items = new ByteArrayOutputStream();
        items.writeBytes(before.items());
        Value input = said.member("input");
        if (input != null) {
            append(items, input.isString() ? message(input) : elements(said, input));
        }
        JsonWriter json = new JsonWriter(items.size() + 1024);
        json.beginObject();
        for (Map.Entry<String, Value> member : said.all().entrySet()) {
            if (!SOCKETS.contains(member.getKey())) {
                json.name(member.getKey()).value(member.getValue().json());
            }
        }
        json.name("stream").value(true);
        if (items.size() > 0 || input != null) {
            json.name("input").beginArray().raw(items.toByteArray()).endArray();
        }
        return new SocketRequest(json.endObject().toBuffer(), items);
    }

    /** Puts items behind others. */
    static void append(ByteArrayOutputStream items, byte[] more) {
        if (more.length > 0) {
            if (items.size() > 0) {
                items.write(',');
            }
            items.writeBytes(more);
        }
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
        byte[] list = said.slice(input);
        // Without the brackets, and without white space, which alone would look like an item.
        int from = 1;
        int to = list.length - 1;
        while (from < to && list[from] <= ' ') {
            from++;
        }
        while (from < to && list[to - 1] <= ' ') {
            to--;
        }
        return Arrays.copyOfRange(list, from, to);
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
