package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Members;
import dev.thanosgateway.wire.json.Value;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes canonical events of an answer's own. For one answer. Event types and blocks it does not know are read over. */
final class EventReader {
    private static final int MOST_BLOCKS = 4096;
    private static final int MOST_BESIDE = 64 * 1024;

    private final boolean answerTool;
    private final UsageJson usage = new UsageJson();
    private final Map<Long, Call> open = new HashMap<>();
    /** Words beside {@link AnswerTool}: the answer only where the tool is not called, or where there are many of them. */
    private final StringBuilder beside = new StringBuilder(0);

    private int calls;
    private boolean answered;
    /** Whether the words are the answer, whatever the tool is called with. */
    private boolean written;

    private boolean said;
    private boolean started;
    private boolean complete;
    private boolean finished;

    /** A tool call whose arguments are coming. */
    private static final class Call {
        /** -1 = it is {@link AnswerTool}. */
        private final int index;

        private final String input;
        private boolean told;

        Call(int index, String input) {
            this.index = index;
            this.input = input;
        }
    }

    /** @param answerTool whether the arguments of {@link AnswerTool} are the answer */
    EventReader(boolean answerTool) {
        this.answerTool = answerTool;
    }

    boolean complete() {
        return complete;
    }

    void event(String type, Map<String, Value> members, EventTarget out) throws GatewayException, JsonException {
        switch (type) {
            case "message_start" -> {
                Value message = members.get("message");
                start(message == null ? members : message.members(), out);
            }
            case "content_block_start" -> {
                Value block = members.get("content_block");
                if (block != null) {
                    blockStart(index(members), block.members(), out);
                }
            }
            case "content_block_delta" -> {
                Value delta = members.get("delta");
                if (delta != null) {
                    delta(index(members), delta.members(), out);
                }
            }
            case "content_block_stop" -> blockStop(index(members), out);
            case "message_delta" -> {
                usage.read(members.get("usage"));
                Value delta = members.get("delta");
                if (delta != null) {
                    stop(delta.members(), out);
                }
            }
            case "ping" -> {
                if (started && !complete) {
                    out.event(new ChatEvent.Heartbeat());
                }
            }
            default -> {}
        }
    }

    /** An answer in one piece. */
    void whole(Map<String, Value> members, EventTarget out) throws GatewayException, JsonException {
        start(members, out);
        Value content = members.get("content");
        long index = 0;
        if (content != null) {
            for (Value block : content.elements()) {
                blockStart(index, block.members(), out);
                blockStop(index++, out);
            }
        }
        stop(members, out);
        if (!complete && said) {
            // It came in one piece, so it is whole although it does not say why it ended.
            complete(calls > 0 ? FinishReason.TOOL_CALLS : FinishReason.STOP, null, out);
        }
        finish(out);
    }

    void finish(EventTarget out) throws GatewayException {
        if (!complete) {
            throw Protocol.cut();
        }
        if (!finished) {
            finished = true;
            out.event(new ChatEvent.Finished(usage.usage()));
        }
    }

    private void start(Map<String, Value> message, EventTarget out) throws GatewayException, JsonException {
        started = true;
        out.event(new ChatEvent.Started(Members.text(message, "id"), Members.text(message, "model"), 0));
        usage.read(message.get("usage"));
        if (usage.usage() != null) {
            out.event(new ChatEvent.UsageSoFar(usage.usage()));
        }
    }

    private static long index(Map<String, Value> members) throws JsonException {
        Value index = members.get("index");
        return index == null ? 0 : index.integer();
    }

    private void blockStart(long index, Map<String, Value> block, EventTarget out)
            throws GatewayException, JsonException {
        switch (Members.text(block, "type")) {
            case "text" -> {
                say(Members.text(block, "text"), out);
                Value citations = block.get("citations");
                if (citations != null && !answerTool) {
                    for (Value one : citations.elements()) {
                        out.event(new ChatEvent.Citation(0, MessagesOriginal.DIALECT, one.json()));
                    }
                }
            }
            case "thinking" -> {
                think(Members.text(block, "thinking"), out);
                sign(Members.text(block, "signature"), out);
            }
            case "redacted_thinking" -> out.event(new ChatEvent.RedactedReasoning(0, Members.text(block, "data")));
            case "tool_use" -> call(index, block, out);
            default -> {}
        }
    }

    private void call(long index, Map<String, Value> block, EventTarget out) throws GatewayException, JsonException {
        String name = Members.text(block, "name");
        String id = Members.text(block, "id");
        Value input = block.get("input");
        String whole = input == null ? "{}" : input.json().text();
        if (answerTool && name.equals(AnswerTool.NAME)) {
            beside.setLength(0);
            if (!answered && !written) {
                open.put(index, new Call(-1, whole));
            }
            answered = true;
            said = true;
            return;
        }
        if (name.isEmpty() || id.isEmpty() || calls >= MOST_BLOCKS) {
            throw Protocol.failure("The upstream sent a tool call without its id or the tool's name.");
        }
        open.put(index, new Call(calls, whole));
        said = true;
        out.event(new ChatEvent.ToolCallStart(0, calls++, id, name));
    }

    private void delta(long index, Map<String, Value> delta, EventTarget out) throws GatewayException, JsonException {
        switch (Members.text(delta, "type")) {
            case "text_delta" -> say(Members.text(delta, "text"), out);
            case "thinking_delta" -> think(Members.text(delta, "thinking"), out);
            case "signature_delta" -> sign(Members.text(delta, "signature"), out);
            case "input_json_delta" -> {
                Call call = open.get(index);
                String piece = Members.text(delta, "partial_json");
                if (call != null && !piece.isEmpty()) {
                    arguments(call, piece, out);
                }
            }
            case "citations_delta" -> {
                Value citation = delta.get("citation");
                if (citation != null && !answerTool) {
                    out.event(new ChatEvent.Citation(0, MessagesOriginal.DIALECT, citation.json()));
                }
            }
            default -> {}
        }
    }

    private static void arguments(Call call, String piece, EventTarget out) throws GatewayException {
        call.told = true;
        out.event(
                call.index < 0 ? new ChatEvent.TextDelta(0, piece) : new ChatEvent.ToolCallDelta(0, call.index, piece));
    }

    /** A call without arguments says so here by none at all; elsewhere they are an empty object. */
    private void blockStop(long index, EventTarget out) throws GatewayException {
        Call call = open.remove(index);
        if (call != null && !call.told) {
            arguments(call, call.input, out);
        }
    }

    private void say(String text, EventTarget out) throws GatewayException {
        if (text.isEmpty()) {
            return;
        }
        said = true;
        if (!answerTool) {
            out.event(new ChatEvent.TextDelta(0, text));
        } else if (!answered || written) {
            beside.append(text);
            if (written || beside.length() > MOST_BESIDE) {
                written = true;
                out.event(new ChatEvent.TextDelta(0, beside.toString()));
                beside.setLength(0);
            }
        }
    }

    private void think(String text, EventTarget out) throws GatewayException {
        if (!text.isEmpty()) {
            said = true;
            out.event(new ChatEvent.ReasoningDelta(0, text));
        }
    }

    private static void sign(String signature, EventTarget out) throws GatewayException {
        if (!signature.isEmpty()) {
            out.event(new ChatEvent.ReasoningSignature(0, signature));
        }
    }

    private void stop(Map<String, Value> members, EventTarget out) throws GatewayException, JsonException {
        String reason = Members.text(members, "stop_reason");
        if (reason.isEmpty() || complete) {
            return;
        }
        if (!started) {
            throw Protocol.failure("The upstream ended an answer that it had not begun.");
        }
        Value details = members.get("stop_details");
        String why = details == null || !details.isObject() ? "" : Members.text(details.members(), "explanation");
        if (reason.equals("refusal") && !why.isEmpty()) {
            out.event(new ChatEvent.RefusalDelta(0, why));
        }
        complete(StopReasons.read(reason), sequence(members), out);
    }

    private void complete(FinishReason read, @Nullable String sequence, EventTarget out) throws GatewayException {
        complete = true;
        if (!beside.isEmpty()) {
            out.event(new ChatEvent.TextDelta(0, beside.toString()));
        }
        boolean answer = answerTool && calls == 0 && read == FinishReason.TOOL_CALLS;
        out.event(new ChatEvent.ChoiceFinished(0, answer ? FinishReason.STOP : read, sequence));
    }

    private static @Nullable String sequence(Map<String, Value> members) throws JsonException {
        Value sequence = members.get("stop_sequence");
        return sequence == null ? null : sequence.text();
    }
}
