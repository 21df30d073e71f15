package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.wire.answer.KeptText;
import dev.thanosgateway.wire.answer.KeptThoughts;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer as JSON values, one a line. Calls of tools are told when their arguments are whole, behind
 * everything else: this language has no pieces of them.
 */
final class LineWriter implements ChatWriter {
    /** Copies of arguments: in a buffer that grew by doubling, as one text, as JSON, and before the client has it. */
    private static final long WRITTEN = 10;

    private final Operation operation;
    private final Stopwatch watch;
    private final @Nullable WarmUp warmUp;
    private final Map<Integer, Pending> calls = new TreeMap<>();
    private final KeptThoughts thoughts = new KeptThoughts();
    private String model;
    private long argumentsBytes;
    private boolean relayed;
    private boolean failed;
    private FinishReason reason = FinishReason.STOP;
    private @Nullable Usage usage;

    private record Pending(
            String id,
            String name,
            KeptText arguments,
            @Nullable Json details) {}

    /** @param warmUp what is asked in place of an answer; null = an answer is */
    LineWriter(Operation operation, String model, Stopwatch watch, @Nullable WarmUp warmUp) {
        this.operation = operation;
        this.model = model;
        this.watch = watch;
        this.warmUp = warmUp;
    }

    @Override
    public String contentType() {
        return "application/x-ndjson";
    }

    @Override
    public void event(ChatEvent event, ByteArrayOutputStream out) {
        // One question, one answer: further choices cannot be asked for here.
        if (failed || event.choice() > 0) {
            return;
        }
        AnswerJson.Said said = new AnswerJson.Said();
        switch (event) {
            case ChatEvent.Started e -> model = e.model() == null || e.model().isEmpty() ? model : e.model();
            case ChatEvent.TextDelta e -> {
                thoughts.said();
                said.text.append(e.text());
            }
            case ChatEvent.RefusalDelta e -> said.text.append(e.text());
            case ChatEvent.ReasoningDelta e -> {
                thoughts.text(e.text());
                said.thinking.append(e.text());
            }
            case ChatEvent.ReasoningSignature e -> thoughts.signature(e.signature());
            case ChatEvent.RedactedReasoning e -> thoughts.redacted(e.data());
            case ChatEvent.Media e -> said.images.add(e.data().base64());
            case ChatEvent.Logprobs e -> said.logprobs.addAll(e.content());
            case ChatEvent.ToolCallStart e -> {
                Json details = thoughts.takeDetails();
                calls.put(e.index(), new Pending(e.id(), e.name(), new KeptText(), details));
            }
            case ChatEvent.ToolCallDelta e -> arguments(e);
            case ChatEvent.UsageSoFar e -> usage = e.usage();
            case ChatEvent.ChoiceFinished e -> {
                reason = e.reason();
                calls(out);
            }
            case ChatEvent.Finished e -> usage = e.usage() == null ? usage : e.usage();
            // What else there is has no counterpart here: citations, heartbeats.
            default -> {}
        }
        if (!said.text.isEmpty() || !said.thinking.isEmpty() || !said.images.isEmpty() || !said.logprobs.isEmpty()) {
            line(AnswerJson.more(AnswerJson.open(operation, model, said)), out);
        }
    }

    private void arguments(ChatEvent.ToolCallDelta delta) {
        Pending call = calls.get(delta.index());
        if (call != null) {
            argumentsBytes -= call.arguments().bytes();
            call.arguments().append(delta.arguments());
            argumentsBytes += call.arguments().bytes();
        }
    }

    @Override
    public long kept() {
        return WRITTEN * argumentsBytes + thoughts.kept();
    }

    private void calls(ByteArrayOutputStream out) {
        AnswerJson.Said said = new AnswerJson.Said();
        said.details = operation == Operation.CHAT ? thoughts.takeDetails() : null;
        if (calls.isEmpty() && said.details == null) {
            return;
        }
        try {
            for (Pending call : calls.values()) {
                said.calls.add(
                        AnswerJson.call(call.id(), call.name(), call.arguments().toString(), call.details()));
            }
            line(AnswerJson.more(AnswerJson.open(operation, model, said)), out);
        } catch (GatewayException e) {
            fail(e, out);
        }
        calls.clear();
        argumentsBytes = 0;
    }

    /** Line feeds within can only be white space, and must go. */
    private static void line(byte[] json, ByteArrayOutputStream out) {
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n' || json[i] == '\r') {
                json[i] = ' ';
            }
        }
        out.writeBytes(json);
        out.write('\n');
    }

    @Override
    public void frames(ByteBuffer frames, ByteArrayOutputStream out) {
        relayed = true;
        if (frames.hasArray()) {
            out.write(frames.array(), frames.arrayOffset() + frames.position(), frames.remaining());
        } else {
            out.writeBytes(Requests.copy(frames));
        }
    }

    /** What was relayed brought its own last line. */
    @Override
    public void end(ByteArrayOutputStream out) {
        if (relayed || failed) {
            return;
        }
        AnswerJson.Said nothing = new AnswerJson.Said();
        line(
                warmUp == null
                        ? AnswerJson.end(AnswerJson.open(operation, model, nothing), reason, usage, watch)
                        : AnswerJson.ready(operation, model, warmUp),
                out);
    }

    /** An error once: a second one, or an end, behind it would say that there was more. */
    @Override
    public void fail(GatewayException error, ByteArrayOutputStream out) {
        if (!failed) {
            failed = true;
            line(AnswerJson.errorBytes(error), out);
        }
    }

    /** Nothing: every line is a part of the answer. */
    @Override
    public void heartbeat(ByteArrayOutputStream out) {}
}
