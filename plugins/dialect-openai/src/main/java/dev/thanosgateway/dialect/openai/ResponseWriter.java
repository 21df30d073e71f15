package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes one answer as the events of a Responses stream, each with its number. */
final class ResponseWriter implements ChatWriter, OutputItems.Steps {
    private static final byte[] FRAME_END = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

    /** Copies of the output: in a buffer that grew by doubling, and four times more in the events that tell its end. */
    private static final long WRITTEN = 16;

    private final ResponseJson response;
    private final OutputItems output;
    private final JsonWriter json = new JsonWriter(1024);
    private long sequence;
    /** Where events go one by one: the last ones tell all of the output each. */
    private @Nullable ByteArrayOutputStream target;

    ResponseWriter(ResponseJson response) {
        this.response = response;
        this.output = new OutputItems(response.key(), response::forms, this);
    }

    @Override
    public String contentType() {
        return "text/event-stream";
    }

    @Override
    public void event(ChatEvent event, ByteArrayOutputStream out) {
        target = out;
        if (event instanceof ChatEvent.Started e) {
            response.startedBy(e.model(), e.created());
            for (String type : new String[] {"response.created", "response.in_progress"}) {
                begin(type).name("response");
                response.begun(json);
                end();
            }
        } else if (event instanceof ChatEvent.Finished e) {
            begin(ResponseJson.lastEvent(output.reason())).name("response");
            response.ended(json, output, e.usage());
            end();
        } else {
            output.event(event);
        }
        target = null;
    }

    /** The end of an answer tells all of it again. */
    @Override
    public long kept() {
        return WRITTEN * output.bytes();
    }

    private JsonWriter begin(String type) {
        json.raw(("event: " + type + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        json.beginObject().name("type").value(type);
        return json.name("sequence_number").value(sequence++);
    }

    private void end() {
        json.endObject().raw(FRAME_END);
        ByteArrayOutputStream out = target;
        if (out != null) {
            json.drainTo(out);
        }
    }

    /** Begins an event about {@code item}. */
    private JsonWriter about(String type, OutputItem item) {
        return begin(type).name("item_id").value(item.id).name("output_index").value(item.index);
    }

    @Override
    public void itemAdded(OutputItem item) {
        if (item.kind.grows()) {
            added(item);
        }
    }

    private void added(OutputItem item) {
        begin("response.output_item.added").name("output_index").value(item.index);
        item.write(json.name("item"));
        end();
    }

    @Override
    public void stretchAdded(OutputItem item, OutputItem.Stretch stretch) {
        part("added", item, stretch);
    }

    private void part(String step, OutputItem item, OutputItem.Stretch stretch) {
        if (item.kind == OutputItem.Kind.REASONING) {
            about("response.reasoning_summary_part." + step, item)
                    .name("summary_index")
                    .value(stretch.index);
            stretch.writeSummary(json.name("part"));
        } else {
            about("response.content_part." + step, item).name("content_index").value(stretch.index);
            stretch.write(json.name("part"));
        }
        end();
    }

    @Override
    public void delta(OutputItem item, OutputItem.@Nullable Stretch stretch, String text) {
        if (!item.kind.grows()) {
            return;
        }
        if (stretch == null) {
            boolean custom = item.kind == OutputItem.Kind.CUSTOM;
            about(custom ? "response.custom_tool_call_input.delta" : "response.function_call_arguments.delta", item);
        } else {
            stretch(item, stretch, "delta");
        }
        json.name("delta").value(text);
        if (stretch != null && !stretch.refusal && item.kind == OutputItem.Kind.MESSAGE) {
            // They are told after the text they are about: with all of it.
            json.name("logprobs").beginArray().endArray();
        }
        end();
    }

    /** Begins an event about a stretch of text. */
    private void stretch(OutputItem item, OutputItem.Stretch stretch, String step) {
        if (item.kind == OutputItem.Kind.REASONING) {
            about("response.reasoning_summary_text." + step, item)
                    .name("summary_index")
                    .value(stretch.index);
        } else {
            about((stretch.refusal ? "response.refusal." : "response.output_text.") + step, item)
                    .name("content_index")
                    .value(stretch.index);
        }
    }

    @Override
    public void annotated(OutputItem item, OutputItem.Stretch stretch, Json annotation) {
        stretch(item, stretch, "annotation.added");
        json.name("annotation_index").value(stretch.annotations.size() - 1);
        json.name("annotation").value(annotation);
        end();
    }

    @Override
    public void stretchDone(OutputItem item, OutputItem.Stretch stretch) {
        stretch(item, stretch, "done");
        json.name(stretch.refusal ? "refusal" : "text").value(stretch.text.toString());
        if (!stretch.refusal && item.kind == OutputItem.Kind.MESSAGE) {
            OutputItem.all(json.name("logprobs"), stretch.logprobs);
        }
        end();
        part("done", item, stretch);
    }

    @Override
    public void itemDone(OutputItem item) {
        if (item.kind == OutputItem.Kind.CALL) {
            about("response.function_call_arguments.done", item);
            json.name("name").value(item.name);
            json.name("arguments").value(item.arguments.toString());
            end();
        } else if (item.kind == OutputItem.Kind.CUSTOM) {
            about("response.custom_tool_call_input.done", item);
            json.name("input").value(item.arguments.toString());
            end();
        } else if (!item.kind.grows()) {
            String status = item.status;
            item.status = OutputItem.BEGUN;
            added(item);
            item.status = status;
        } else if (item.kind == OutputItem.Kind.IMAGE) {
            about("response.image_generation_call.completed", item);
            end();
        }
        begin("response.output_item.done").name("output_index").value(item.index);
        item.write(json.name("item"));
        end();
    }

    /** Frames have the numbers the upstream gave them, one after the other; an error of ours has the next. */
    @Override
    public void frames(ByteBuffer frames, ByteArrayOutputStream out) {
        byte[] bytes = ChatOriginal.copy(frames);
        for (int i = 1; i < bytes.length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\n') {
                sequence++;
            }
        }
        out.writeBytes(bytes);
    }

    /** The last event says that the answer is complete; there is no end mark. */
    @Override
    public void end(ByteArrayOutputStream out) {}

    /**
     * As an {@code error}, which the SDKs throw and which has its members as published and nested as they look for them, and
     * as {@code response.failed}, which Codex and others wait for.
     */
    @Override
    public void fail(GatewayException error, ByteArrayOutputStream out) {
        begin("error");
        ErrorJson.members(json, error, false);
        json.name("error").beginObject();
        ErrorJson.members(json, error, true);
        json.endObject();
        end();
        begin("response.failed").name("response");
        response.failed(json, error);
        end();
        json.drainTo(out);
    }

    @Override
    public void heartbeat(ByteArrayOutputStream out) {
        out.writeBytes(KEEP_ALIVE);
    }
}
