package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import dev.thanosgateway.wire.request.ModelFit;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out whether a conversation ends in words of the assistant's, which most models do not go on from. */
final class TrailingTurn {
    private static final byte[] ASSISTANT = "\"assistant\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] USER = "\"user\"".getBytes(StandardCharsets.US_ASCII);

    /** A turn with other blocks, such as one that a server's tool interrupted, goes back as it is. */
    private static final Set<String> WORDS = Set.of("text", "thinking", "redacted_thinking");

    private TrailingTurn() {}

    /**
     * Whether the last message is the assistant's and has nothing but words.
     *
     * @param bytes of the request
     */
    static boolean is(byte[] bytes, Value messages) throws JsonException {
        if (!mayBe(bytes, messages.from(), messages.to())) {
            return false;
        }
        List<Value> all = messages.elements();
        Value last = all.isEmpty() ? null : all.get(all.size() - 1);
        Map<String, Value> members = last == null || !last.isObject() ? Map.of() : last.members();
        Value content = members.get("content");
        if (content == null || !says(members.get("role"), Set.of("assistant"))) {
            return false;
        }
        if (content.isString() || !content.isArray()) {
            return content.isString();
        }
        for (Value block : content.elements()) {
            if (!block.isObject() || !says(block.members().get("type"), WORDS)) {
                return false;
            }
        }
        return true;
    }

    private static boolean says(@Nullable Value value, Set<String> words) throws JsonException {
        return value != null && value.isString() && words.contains(value.text());
    }

    /** Looks for the last role without reading the messages: inside of a text its quotes would be escaped. */
    private static boolean mayBe(byte[] bytes, int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            if (bytes[i] == '"') {
                if (begins(bytes, i, to, USER)) {
                    return false;
                }
                if (begins(bytes, i, to, ASSISTANT)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean begins(byte[] bytes, int at, int to, byte[] word) {
        return at + word.length <= to && Arrays.equals(bytes, at, at + word.length, word, 0, word.length);
    }

    /** The messages, and behind them the user's that asks for more. */
    static Json continued(Json messages) {
        String all = messages.text().strip();
        JsonOut more = new JsonOut().beginObject().name("role").value("user");
        more.name("content").value(ModelFit.GO_ON).endObject();
        return new Json(all.substring(0, all.length() - 1) + ',' + more + ']');
    }
}
