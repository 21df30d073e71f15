package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.answer.ThoughtDetails;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Members;
import dev.thanosgateway.wire.json.Value;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of an answer of {@code /api/chat}, or of {@code /api/generate}: of the whole, or of its lines one after
 * the other. For one answer.
 */
final class AnswerReader {
    private final @Nullable ForcedCall forced;
    private boolean started;
    private boolean begun;
    private boolean called;
    private int calls;

    /** @param forced the call that the text of the answer is; null = a text is a text */
    AnswerReader(@Nullable ForcedCall forced) {
        this.forced = forced;
    }

    /** @return whether the answer is finished with this */
    boolean read(Map<String, Value> answer, Sink<ChatEvent> out) throws JsonException, GatewayException {
        if (!started) {
            started = true;
            out.event(new ChatEvent.Started(null, string(answer.get("model")), created(answer.get("created_at"))));
        }
        Value message = answer.get("message");
        if (message != null) {
            message(message.members(), out);
        } else {
            said(string(answer.get("thinking")), string(answer.get("response")), out);
        }
        Value logprobs = answer.get("logprobs");
        // Those of a call nobody has a place for.
        if (logprobs != null && !called) {
            logprobs(logprobs, out);
        }
        if (!Answers.done(answer)) {
            return false;
        }
        out.event(new ChatEvent.ChoiceFinished(0, reason(string(answer.get("done_reason"))), null));
        out.event(new ChatEvent.Finished(Answers.usage(answer)));
        return true;
    }

    private void message(Map<String, Value> message, Sink<ChatEvent> out) throws JsonException, GatewayException {
        said(string(message.get("thinking")), string(message.get("content")), out);
        if (message.get("images") != null) {
            for (Value image : message.get("images").elements()) {
                String base64 = image.text();
                out.event(new ChatEvent.Media(0, new Part.Source.Data(Images.mediaType(base64), base64)));
            }
        }
        if (message.get("tool_calls") != null) {
            for (Value call : message.get("tool_calls").elements()) {
                call(call.members(), out);
            }
        }
        details(message, out);
    }

    /** Not Ollama's own, but another gateway's. */
    private static void details(Map<String, Value> members, Sink<ChatEvent> out) throws GatewayException {
        Value details = members.get(ThoughtDetails.FIELD);
        String signature = details == null ? null : ThoughtDetails.carried(details.json());
        if (signature != null) {
            out.event(new ChatEvent.ReasoningSignature(0, signature));
        }
    }

    private void said(@Nullable String thinking, @Nullable String text, Sink<ChatEvent> out) throws GatewayException {
        if (thinking != null && !thinking.isEmpty()) {
            out.event(new ChatEvent.ReasoningDelta(0, thinking));
        }
        if (text == null || text.isEmpty()) {
            return;
        }
        if (forced == null) {
            out.event(new ChatEvent.TextDelta(0, text));
        } else {
            forced(forced, text, out);
        }
    }

    /** What does not begin as an object is no call: the server does not hold its model to a form. */
    private void forced(ForcedCall call, String text, Sink<ChatEvent> out) throws GatewayException {
        String rest = begun ? text : text.stripLeading();
        if (rest.isEmpty()) {
            return;
        }
        if (!begun) {
            begun = true;
            called = rest.charAt(0) == '{';
            if (called) {
                out.event(new ChatEvent.ToolCallStart(
                        0, calls++, call.id(), call.tool().name()));
            }
        }
        out.event(called ? new ChatEvent.ToolCallDelta(0, 0, rest) : new ChatEvent.TextDelta(0, rest));
    }

    /** Older servers give their calls no ids. */
    private void call(Map<String, Value> call, Sink<ChatEvent> out) throws JsonException, GatewayException {
        if (call.get("function") == null && call.get("type") != null) {
            // A kind of call that came later than this.
            return;
        }
        Map<String, Value> function = Members.below(call, "function");
        String name = string(function.get("name"));
        if (name == null || name.isEmpty()) {
            throw Protocol.failure("The upstream sent a tool call without the tool's name.");
        }
        details(function, out);
        String id = string(call.get("id"));
        int index = calls++;
        out.event(new ChatEvent.ToolCallStart(
                0, index, id == null || id.isEmpty() ? "call_" + UUID.randomUUID() : id, name));
        Value arguments = function.get("arguments");
        if (arguments != null) {
            // An object; some servers that only resemble this one give its text.
            String text =
                    arguments.isString() ? arguments.text() : arguments.json().text();
            out.event(new ChatEvent.ToolCallDelta(0, index, text));
        }
    }

    private FinishReason reason(@Nullable String word) {
        if ("length".equals(word)) {
            return FinishReason.LENGTH;
        }
        if ("content_filter".equals(word)) {
            // Not Ollama's own: another gateway's, for which there is no other way to say it.
            return FinishReason.CONTENT_FILTER;
        }
        return calls > 0 ? FinishReason.TOOL_CALLS : FinishReason.STOP;
    }

    /** The form is OpenAI's, but that members without a value are left out. */
    private void logprobs(Value tokens, Sink<ChatEvent> out) throws JsonException, GatewayException {
        List<Json> all = new ArrayList<>();
        for (Value token : tokens.elements()) {
            JsonOut whole = new JsonOut().beginObject();
            Map<String, Value> members = token.members();
            token(whole, members);
            whole.name("top_logprobs").beginArray();
            if (members.get("top_logprobs") != null) {
                for (Value other : members.get("top_logprobs").elements()) {
                    token(whole.beginObject(), other.members());
                    whole.endObject();
                }
            }
            all.add(new Json(whole.endArray().endObject().toString()));
        }
        out.event(new ChatEvent.Logprobs(0, all, List.of()));
    }

    private static void token(JsonOut out, Map<String, Value> members) {
        for (String name : List.of("token", "logprob", "bytes")) {
            Value value = members.get(name);
            out.name(name).value(value == null ? Json.NULL : value.json());
        }
    }

    private static @Nullable String string(@Nullable Value value) throws JsonException {
        return value == null ? null : value.text();
    }

    /** A time that cannot be read is not known. */
    private static long created(@Nullable Value value) throws JsonException {
        try {
            return value == null
                    ? 0
                    : Math.max(0, OffsetDateTime.parse(value.text()).toEpochSecond());
        } catch (DateTimeException e) {
            return 0;
        }
    }
}
