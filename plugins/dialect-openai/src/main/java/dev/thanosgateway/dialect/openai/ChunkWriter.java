package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.answer.CustomInput;
import dev.thanosgateway.wire.answer.KeptThoughts;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes one answer as {@code chat.completion.chunk} frames. */
final class ChunkWriter implements ChatWriter {
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] DONE = ascii("data: [DONE]\n\n");
    private static final byte[] FRAME_END = ascii("}\n\n");
    private static final byte[] BLANK_LINE = ascii("\n\n");
    private static final byte[] KEEP_ALIVE = ascii(": keep-alive\n\n");

    /** The types of calls, with the name of the member that grows. */
    private enum Kind {
        FUNCTION("function", "arguments"),
        CUSTOM(ToolTypes.CUSTOM, "input");

        private final String type;
        private final String text;

        Kind(String type, String text) {
            this.type = type;
            this.text = text;
        }
    }

    private record Call(int choice, int index) {}

    private final boolean withUsage;
    private final JsonWriter json = new JsonWriter(512);
    private final Map<String, Json> extensions = new LinkedHashMap<>();
    private final BitSet greeted = new BitSet();
    private final Map<Integer, KeptThoughts> thoughts = new HashMap<>(0);
    /** Texts of calls of custom tools that an upstream calls as functions, in the order of the calls. */
    private final Map<Call, CustomInput> inputs = new LinkedHashMap<>(0);

    private Set<String> customs = Set.of();
    private String id;
    private String model;
    private long created;
    private byte @Nullable [] head;

    /** @param withUsage whether the answer ends with its usage; id, model and created stand until the answer says others */
    ChunkWriter(String id, String model, long created, boolean withUsage) {
        this.id = id;
        this.model = model;
        this.created = created;
        this.withUsage = withUsage;
    }

    /** @param names of the custom tools that were offered */
    ChunkWriter with(Set<String> names) {
        customs = names;
        return this;
    }

    @Override
    public String contentType() {
        return "text/event-stream";
    }

    @Override
    public void event(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Started e -> started(e);
            case ChatEvent.TextDelta e -> {
                if (!e.text().isEmpty()) {
                    prove(e.choice(), out);
                }
                text(e.choice(), "content", e.text(), out);
            }
            case ChatEvent.ReasoningDelta e -> {
                thoughts(e.choice()).text(e.text());
                text(e.choice(), "reasoning_content", e.text(), out);
            }
            case ChatEvent.ReasoningSignature e -> thoughts(e.choice()).signature(e.signature());
            case ChatEvent.RedactedReasoning e -> thoughts(e.choice()).redacted(e.data());
            case ChatEvent.RefusalDelta e -> text(e.choice(), "refusal", e.text(), out);
            case ChatEvent.ToolCallStart e -> {
                boolean custom = customs.contains(e.name());
                if (custom) {
                    inputs.put(new Call(e.choice(), e.index()), new CustomInput());
                }
                call(e.choice(), e.index(), custom ? Kind.CUSTOM : Kind.FUNCTION, e.id(), e.name(), out);
            }
            case ChatEvent.CustomCallStart e -> call(e.choice(), e.index(), Kind.CUSTOM, e.id(), e.name(), out);
            case ChatEvent.ToolCallDelta e -> {
                CustomInput input = inputs.get(new Call(e.choice(), e.index()));
                if (input == null) {
                    piece(e.choice(), e.index(), Kind.FUNCTION, e.arguments(), out);
                } else {
                    piece(e.choice(), e.index(), Kind.CUSTOM, input.more(e.arguments()), out);
                }
            }
            case ChatEvent.CustomCallDelta e -> piece(e.choice(), e.index(), Kind.CUSTOM, e.input(), out);
            case ChatEvent.Citation e -> {
                if (e.dialect().equals(ChatOriginal.DIALECT)) {
                    begin(e.choice(), true, out);
                    end(json.name("annotations").beginArray().value(e.json()).endArray(), null, null, out);
                }
            }
            case ChatEvent.Media e -> {
                begin(e.choice(), true, out);
                json.name("images").beginArray();
                AnswerJson.image(json, e.data());
                end(json.endArray(), null, null, out);
            }
            case ChatEvent.Logprobs e -> {
                begin(e.choice(), true, out);
                end(json, e, null, out);
            }
            case ChatEvent.Extension e -> extension(e, out);
            case ChatEvent.ChoiceFinished e -> {
                rest(e.choice(), out);
                prove(e.choice(), out);
                begin(e.choice(), true, out);
                end(json, null, FinishReasons.write(e.reason()), out);
            }
            case ChatEvent.Finished e -> usage(e.usage(), out);
            // What else there is has no counterpart here: usage so far, heartbeats.
            default -> {}
        }
    }

    private KeptThoughts thoughts(int choice) {
        return thoughts.computeIfAbsent(choice, c -> new KeptThoughts());
    }

    /** What proves the thoughts so far goes out before what they led to. */
    private void prove(int choice, ByteArrayOutputStream out) {
        prove(choice, taken(choice), out);
    }

    private ThoughtProofs taken(int choice) {
        KeptThoughts kept = thoughts.get(choice);
        if (kept == null) {
            return ThoughtProofs.of(List.of(), 0);
        }
        int first = kept.taken();
        return ThoughtProofs.of(kept.take(), first);
    }

    private void prove(int choice, ThoughtProofs proofs, ByteArrayOutputStream out) {
        if (!proofs.isEmpty()) {
            begin(choice, true, out);
            proofs.write(json);
            end(json, null, null, out);
        }
    }

    private void started(ChatEvent.Started event) {
        id = event.id() == null || event.id().isEmpty() ? id : event.id();
        model = event.model() == null || event.model().isEmpty() ? model : event.model();
        created = event.created() > 0 ? event.created() : created;
        head = null;
    }

    private void text(int choice, String field, String text, ByteArrayOutputStream out) {
        if (!text.isEmpty()) {
            begin(choice, true, out);
            end(json.name(field).value(text), null, null, out);
        }
    }

    private void call(int choice, int index, Kind kind, String id, String name, ByteArrayOutputStream out) {
        ThoughtProofs proofs = taken(choice);
        prove(choice, proofs.inMessage(), out);
        begin(choice, false, out);
        json.name("tool_calls").beginArray().beginObject().name("index").value(index);
        json.name("id").value(id).name("type").value(kind.type).name(kind.type).beginObject();
        json.name("name").value(name).name(kind.text).value("").endObject();
        proofs.beside().write(json);
        end(json.endObject().endArray(), null, null, out);
    }

    private void piece(int choice, int index, Kind kind, String text, ByteArrayOutputStream out) {
        if (!text.isEmpty()) {
            begin(choice, false, out);
            json.name("tool_calls").beginArray().beginObject().name("index").value(index);
            json.name(kind.type).beginObject().name(kind.text).value(text);
            end(json.endObject().endObject().endArray(), null, null, out);
        }
    }

    /** Text of custom tools' calls that only shows at their end. */
    private void rest(int choice, ByteArrayOutputStream out) {
        inputs.forEach((call, input) -> {
            if (call.choice == choice) {
                piece(choice, call.index, Kind.CUSTOM, input.end(), out);
            }
        });
        inputs.keySet().removeIf(call -> call.choice == choice);
    }

    /** Thoughts until their proof goes out, and calls of custom tools whose text only shows at their end. */
    @Override
    public long kept() {
        long bytes = 0;
        for (KeptThoughts kept : thoughts.values()) {
            bytes += kept.kept();
        }
        for (CustomInput input : inputs.values()) {
            bytes += input.bytes();
        }
        return bytes;
    }

    private void extension(ChatEvent.Extension event, ByteArrayOutputStream out) {
        if (!event.dialect().equals(ChatOriginal.DIALECT)) {
            return;
        }
        if (event.choice() < 0) {
            extensions.put(event.name(), event.json());
            head = null;
        } else {
            begin(event.choice(), true, out);
            end(json.name(event.name()).value(event.json()), null, null, out);
        }
    }

    private void usage(@Nullable Usage usage, ByteArrayOutputStream out) {
        if (withUsage && usage != null) {
            json.raw(head()).name("choices").beginArray().endArray().name("usage");
            UsageJson.write(json, usage);
            json.raw(FRAME_END).drainTo(out);
        }
    }

    /** Opens a frame as far as the inside of its delta; a choice's first frame is one that names the role. */
    private void begin(int choice, boolean text, ByteArrayOutputStream out) {
        if (!greeted.get(choice)) {
            greeted.set(choice);
            open(choice);
            json.name("role").value("assistant").name("content");
            end(text ? json.value("") : json.nullValue(), null, null, out);
        }
        open(choice);
    }

    private void open(int choice) {
        json.raw(head()).name("choices").beginArray().beginObject();
        json.name("index").value(choice).name("delta").beginObject();
    }

    private void end(
            JsonWriter delta,
            ChatEvent.@Nullable Logprobs logprobs,
            @Nullable String reason,
            ByteArrayOutputStream out) {
        delta.endObject();
        if (logprobs != null) {
            AnswerJson.logprobs(json, logprobs);
        }
        json.name("finish_reason");
        if (reason == null) {
            json.nullValue();
        } else {
            json.value(reason);
        }
        json.endObject().endArray();
        if (withUsage) {
            json.name("usage").nullValue();
        }
        json.raw(FRAME_END).drainTo(out);
    }

    /** What every frame begins with, up to its choices. */
    private byte[] head() {
        byte[] made = head;
        if (made == null) {
            JsonWriter start = new JsonWriter(256).raw(DATA);
            start.beginObject().name("id").value(id).name("object").value("chat.completion.chunk");
            start.name("created").value(created).name("model").value(model);
            extensions.forEach((name, value) -> start.name(name).value(value));
            made = start.raw(new byte[] {','}).toBytes();
            head = made;
        }
        return made;
    }

    @Override
    public void frames(ByteBuffer frame, ByteArrayOutputStream out) {
        if (frame.hasArray()) {
            out.write(frame.array(), frame.arrayOffset() + frame.position(), frame.remaining());
        } else {
            out.writeBytes(ChatOriginal.copy(frame));
        }
    }

    @Override
    public void end(ByteArrayOutputStream out) {
        out.writeBytes(DONE);
    }

    @Override
    public void fail(GatewayException error, ByteArrayOutputStream out) {
        for (byte[] piece : List.of(DATA, ErrorJson.write(error), BLANK_LINE)) {
            out.writeBytes(piece);
        }
    }

    @Override
    public void heartbeat(ByteArrayOutputStream out) {
        out.writeBytes(KEEP_ALIVE);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
