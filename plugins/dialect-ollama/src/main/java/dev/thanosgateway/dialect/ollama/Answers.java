package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Members;
import dev.thanosgateway.wire.json.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What both lanes ask of an answer, or of one of its lines. */
final class Answers {
    /** Members with something to see, of a message and of a generation. */
    private static final List<String> SEEN = List.of("content", "response", "thinking", "tool_calls", "images");

    private Answers() {}

    /**
     * The members of a piece of an answer.
     *
     * @throws GatewayException the error, when it is one
     */
    static Map<String, Value> members(Value piece) throws JsonException, GatewayException {
        Map<String, Value> members = piece.members();
        if (members.containsKey("error")) {
            throw UpstreamError.within(members);
        }
        return members;
    }

    static boolean done(Map<String, Value> answer) throws JsonException {
        return Members.bool(answer, "done");
    }

    /** Counts the server did not give are unknown; null when it gave none. */
    static @Nullable Usage usage(Map<String, Value> answer) throws JsonException {
        Value input = answer.get("prompt_eval_count");
        Value output = answer.get("eval_count");
        return input == null && output == null ? null : Usage.of(count(input), count(output));
    }

    private static long count(@Nullable Value value) throws JsonException {
        return value == null ? -1 : Math.max(-1, value.integer());
    }

    static Meaning meaning(Map<String, Value> answer) throws JsonException {
        if (done(answer)) {
            return Meaning.FINISH.withUsage(usage(answer));
        }
        Value message = answer.get("message");
        boolean content = seen(answer) || (message != null && seen(message.members()));
        return content ? Meaning.CONTENT : Meaning.PRELUDE;
    }

    /** Neither an empty string nor an empty list can be seen. */
    private static boolean seen(Map<String, Value> members) {
        for (String name : SEEN) {
            Value value = members.get(name);
            if (value != null && value.to() - value.from() > 2) {
                return true;
            }
        }
        return false;
    }
}
