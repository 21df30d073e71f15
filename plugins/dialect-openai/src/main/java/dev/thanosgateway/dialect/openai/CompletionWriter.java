package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one answer as {@code text_completion} objects: frames of a stream, or one that is whole. */
final class CompletionWriter implements ChatWriter {
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FRAME_END = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

    private final JsonWriter json = new JsonWriter(512);
    private final Map<Integer, CompletionTokens> begun = new HashMap<>();
    private final Completion asked;
    private String id;
    private String model;
    private long created;

    CompletionWriter(Completion asked, Served served) {
        this.asked = asked;
        this.id = "cmpl-" + served.requestId();
        this.model = served.model();
        this.created = served.created();
    }

    /** A whole answer. */
    ByteBuffer whole(ChatResponse answer) {
        started(answer.id(), answer.model(), answer.created());
        head();
        json.name("choices").beginArray();
        for (ChatResponse.Choice choice : answer.choices()) {
            StringBuilder text = new StringBuilder(asked.before());
            for (Part part : choice.parts()) {
                text.append(part instanceof Part.Text t ? t.text() : part instanceof Part.Refusal r ? r.text() : "");
            }
            List<Json> tokens =
                    choice.logprobs() == null ? List.of() : choice.logprobs().content();
            choice(choice.index(), text.toString(), tokens, FinishReasons.write(choice.reason()));
        }
        json.endArray();
        if (answer.usage() != null) {
            UsageJson.write(json.name("usage"), answer.usage());
        }
        return json.endObject().toBuffer();
    }

    @Override
    public String contentType() {
        return "text/event-stream";
    }

    @Override
    public void event(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Started e -> started(e.id(), e.model(), e.created());
            case ChatEvent.TextDelta e -> chunk(e.choice(), e.text(), List.of(), null);
            case ChatEvent.RefusalDelta e -> chunk(e.choice(), e.text(), List.of(), null);
            case ChatEvent.Logprobs e -> chunk(e.choice(), "", e.content(), null);
            case ChatEvent.ChoiceFinished e -> chunk(e.choice(), "", List.of(), FinishReasons.write(e.reason()));
            case ChatEvent.Finished e -> {
                if (asked.usage() && e.usage() != null) {
                    json.raw(DATA);
                    head();
                    json.name("choices").beginArray().endArray();
                    UsageJson.write(json.name("usage"), e.usage());
                    json.endObject().raw(FRAME_END);
                }
            }
            // What else there is has no counterpart here: thoughts, calls, sources.
            default -> {}
        }
        json.drainTo(out);
    }

    private void started(@Nullable String id, @Nullable String model, long created) {
        this.id = id == null || id.isEmpty() ? this.id : id;
        this.model = model == null || model.isEmpty() ? this.model : model;
        this.created = created > 0 ? created : this.created;
    }

    private void chunk(int index, String text, List<Json> tokens, @Nullable String reason) {
        String said = begun.containsKey(index) ? text : asked.before() + text;
        if (said.isEmpty() && tokens.isEmpty() && reason == null) {
            return;
        }
        json.raw(DATA);
        head();
        json.name("choices").beginArray();
        choice(index, said, tokens, reason);
        json.endArray().endObject().raw(FRAME_END);
    }

    private void head() {
        json.beginObject().name("id").value(id).name("object").value("text_completion");
        json.name("created").value(created).name("model").value(model);
    }

    private void choice(int index, String text, List<Json> tokens, @Nullable String reason) {
        CompletionTokens writer = begun.computeIfAbsent(
                index, i -> new CompletionTokens(asked.before().length()));
        json.beginObject().name("text").value(text).name("index").value(index).name("logprobs");
        writer.write(json, tokens);
        json.name("finish_reason");
        if (reason == null) {
            json.nullValue();
        } else {
            json.value(reason);
        }
        json.endObject();
    }

    @Override
    public void frames(ByteBuffer frames, ByteArrayOutputStream out) {
        out.writeBytes(ChatOriginal.copy(frames));
    }

    @Override
    public void end(ByteArrayOutputStream out) {
        out.writeBytes(DONE);
    }

    @Override
    public void fail(GatewayException error, ByteArrayOutputStream out) {
        out.writeBytes(DATA);
        out.writeBytes(ErrorJson.write(error));
        out.writeBytes(FRAME_END);
    }

    @Override
    public void heartbeat(ByteArrayOutputStream out) {
        out.writeBytes(KEEP_ALIVE);
    }
}
