package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.wire.json.JsonOut;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes one answer as the events of a message stream; of several choices the first, as there is no other here. */
final class EventWriter implements ChatWriter {
    private final BlockStream blocks = new BlockStream();
    private final String requestId;
    private final String model;
    private String id;
    private boolean begun;
    private boolean relayed;
    private boolean stopped;
    private boolean refused;
    private @Nullable Usage usage;
    private ChatEvent.@Nullable ChoiceFinished finish;

    /**
     * @param id stands until the answer says another
     * @param model the model's name in the request: clients send thoughts back only if the answer has the same
     */
    EventWriter(String id, String model, String requestId) {
        this.id = id;
        this.model = model;
        this.requestId = requestId;
    }

    @Override
    public String contentType() {
        return "text/event-stream; charset=utf-8";
    }

    @Override
    public void event(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Started e -> id = AnswerJson.known(e.id(), id);
            case ChatEvent.UsageSoFar e -> usage = e.usage();
            case ChatEvent.Heartbeat e -> {}
            case ChatEvent.Finished e -> finish(e.usage() == null ? usage : e.usage(), out);
            default -> {
                if (event.choice() == 0) {
                    begin(out);
                    inChoice(event, out);
                }
            }
        }
    }

    @Override
    public long kept() {
        return blocks.kept();
    }

    private void inChoice(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.TextDelta e -> blocks.text(e.text(), out);
            case ChatEvent.RefusalDelta e -> {
                refused |= !e.text().isEmpty();
                blocks.text(e.text(), out);
            }
            case ChatEvent.ReasoningDelta e -> blocks.thinking(e.text(), out);
            case ChatEvent.ReasoningSignature e -> blocks.signature(e.signature(), out);
            case ChatEvent.RedactedReasoning e -> blocks.redacted(e.data(), out);
            case ChatEvent.ToolCallStart e -> blocks.call(e.index(), e.id(), e.name(), out);
            case ChatEvent.ToolCallDelta e -> blocks.arguments(e.index(), e.arguments(), out);
            case ChatEvent.Citation e -> {
                if (e.dialect().equals(MessagesOriginal.DIALECT)) {
                    blocks.citation(e.json(), out);
                }
            }
            case ChatEvent.ChoiceFinished e -> {
                blocks.end(out);
                finish = e;
            }
            // What else there is has no counterpart here: pictures, log probabilities, others' extensions.
            default -> {}
        }
    }

    /** The message's start is held back until there is something to say, when more may be known of its usage. */
    private void begin(ByteArrayOutputStream out) {
        if (begun) {
            return;
        }
        begun = true;
        JsonOut json = new JsonOut().beginObject().name("type").value("message_start");
        JsonOut message =
                AnswerJson.open(id, model).name("content").beginArray().endArray();
        AnswerJson.stop(message, null, null);
        UsageJson.write(message.name("usage"), usage);
        json.name("message").value(new Json(message.endObject().toString())).endObject();
        frame("message_start", json, out);
    }

    private void finish(@Nullable Usage counted, ByteArrayOutputStream out) {
        begin(out);
        ChatEvent.ChoiceFinished why = finish;
        JsonOut json = new JsonOut().beginObject().name("type").value("message_delta");
        json.name("delta").beginObject();
        if (why != null) {
            String sequence = why.stopSequence();
            String reason = StopReasons.write(why.reason(), sequence != null, blocks.calls() > 0, refused);
            AnswerJson.stop(json, reason, sequence);
        }
        json.endObject();
        UsageJson.write(json.name("usage"), counted);
        frame("message_delta", json.endObject(), out);
    }

    static void frame(String name, JsonOut json, ByteArrayOutputStream out) {
        out.writeBytes(EventFrame.of(name, ByteBuffer.wrap(json.toPiece())));
    }

    @Override
    public void frames(ByteBuffer frames, ByteArrayOutputStream out) {
        if (frames.hasRemaining()) {
            relayed = true;
            stopped |= EventFrame.endsStream(frames);
            out.writeBytes(MessagesOriginal.copy(frames));
        }
    }

    @Override
    public void end(ByteArrayOutputStream out) {
        if (!stopped) {
            frame(
                    "message_stop",
                    new JsonOut()
                            .beginObject()
                            .name("type")
                            .value("message_stop")
                            .endObject(),
                    out);
        }
    }

    @Override
    public void fail(GatewayException error, ByteArrayOutputStream out) {
        out.writeBytes(EventFrame.of("error", ByteBuffer.wrap(ErrorJson.write(error, requestId))));
    }

    /** Before the message has begun no event may come, so a comment stands in for a ping. */
    @Override
    public void heartbeat(ByteArrayOutputStream out) {
        String alive = begun || relayed ? "event: ping\ndata: {\"type\":\"ping\"}\n\n" : ":\n\n";
        out.writeBytes(alive.getBytes(StandardCharsets.US_ASCII));
    }
}
