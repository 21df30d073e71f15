package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.wire.answer.KeptText;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A streamed answer, each piece a {@code GenerateContentResponse}. A call goes out when its arguments are whole, which
 * is when something else comes; the finish goes out with the usage, in the last piece.
 */
final class StreamWriter implements ChatWriter {
    /** Copies of arguments: in a buffer that grew by doubling, as one text, as JSON, in its frame, and before the client has it. */
    private static final long WRITTEN = 10;
    /** What citations and tokens take that are kept as JSON and written from trees. */
    private static final long AS_TREES = 14;

    private final Served served;
    private final boolean array;
    private final Framing framing;
    private final Map<Integer, Candidate> candidates = new TreeMap<>();
    private @Nullable String id;
    private @Nullable String model;
    private @Nullable Usage usage;

    /** @param array whether the pieces are an array's elements instead of events */
    StreamWriter(Served served, boolean array) {
        this.served = served;
        this.array = array;
        this.framing = new Framing(array);
    }

    private static final class Call {
        final String id;
        final String name;
        final KeptText arguments = new KeptText();

        Call(String id, String name) {
            this.id = id;
            this.name = name;
        }
    }

    private static final class Candidate {
        final Parts parts = new Parts();
        final Map<Integer, Call> calls = new LinkedHashMap<>();
        final List<Json> citations = new ArrayList<>();
        final List<Json> tokens = new ArrayList<>();
        /** What Google itself said of the end. */
        final Map<String, Json> finish = new LinkedHashMap<>();
        /** What citations count their places in. */
        final TextPlaces text = new TextPlaces();
        /** Bytes of the arguments, citations and tokens that are kept until they can be written. */
        long arguments;

        long beside;

        @Nullable
        FinishReason reason;

        void endCalls() {
            calls.values().forEach(call -> parts.call(call.id, call.name, call.arguments.toString()));
            calls.clear();
        }

        ArrayNode take() {
            String malformed = parts.malformed();
            arguments = malformed == null ? 0 : malformed.length();
            return parts.take();
        }

        void words(String said) {
            if (!said.isEmpty()) {
                endCalls();
                parts.text(said);
            }
        }
    }

    @Override
    public String contentType() {
        return array ? "application/json; charset=UTF-8" : "text/event-stream";
    }

    @Override
    public void event(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Started e -> {
                id = e.id();
                model = e.model();
            }
            case ChatEvent.UsageSoFar e -> usage = e.usage();
            case ChatEvent.Finished e -> {
                usage = e.usage() == null ? usage : e.usage();
                last(out);
            }
            default -> {
                if (event.choice() >= 0) {
                    Candidate candidate = candidates.computeIfAbsent(event.choice(), i -> new Candidate());
                    said(candidate, event);
                    if (!candidate.parts.isEmpty() && candidate.reason == null) {
                        piece(event.choice(), candidate, out);
                    }
                }
            }
        }
    }

    @Override
    public long kept() {
        long kept = 0;
        for (Candidate candidate : candidates.values()) {
            kept += WRITTEN * candidate.arguments + AS_TREES * candidate.beside;
        }
        return kept;
    }

    private static void said(Candidate candidate, ChatEvent event) {
        switch (event) {
            case ChatEvent.ToolCallStart e -> candidate.calls.put(e.index(), new Call(e.id(), e.name()));
            case ChatEvent.ToolCallDelta e -> {
                Call call = candidate.calls.get(e.index());
                if (call != null) {
                    candidate.arguments -= call.arguments.bytes();
                    call.arguments.append(e.arguments());
                    candidate.arguments += call.arguments.bytes();
                }
            }
            case ChatEvent.Citation e -> {
                candidate.citations.add(e.json());
                candidate.beside += e.json().text().length();
            }
            case ChatEvent.Extension e -> {
                if (e.dialect().equals(GeminiOriginal.DIALECT)) {
                    candidate.finish.put(e.name(), e.json());
                }
            }
            case ChatEvent.Logprobs e -> {
                candidate.tokens.addAll(e.content());
                e.content().forEach(token -> candidate.beside += token.text().length());
            }
            case ChatEvent.ChoiceFinished e -> {
                candidate.endCalls();
                candidate.parts.close();
                candidate.reason = e.reason();
            }
            case ChatEvent.TextDelta e -> {
                candidate.text.append(e.text());
                candidate.words(e.text());
            }
            case ChatEvent.RefusalDelta e -> candidate.words(e.text());
            case ChatEvent.ReasoningDelta e -> {
                if (!e.text().isEmpty()) {
                    candidate.endCalls();
                    candidate.parts.thought(e.text());
                }
            }
            case ChatEvent.ReasoningSignature e -> {
                candidate.endCalls();
                candidate.parts.signature(e.signature());
            }
            case ChatEvent.RedactedReasoning e -> {
                candidate.endCalls();
                candidate.parts.redacted(e.data());
            }
            case ChatEvent.Media e -> {
                candidate.endCalls();
                candidate.parts.media(e.data());
            }
            // What else there is has no counterpart here.
            default -> {}
        }
    }

    private void piece(int index, Candidate candidate, ByteArrayOutputStream out) {
        ObjectNode root = Trees.object();
        ObjectNode json = root.putArray("candidates").addObject();
        AnswerWriter.content(json, candidate.take());
        json.put("index", index);
        write(root, out);
    }

    private void write(ObjectNode root, ByteArrayOutputStream out) {
        AnswerWriter.name(root, id, model, served);
        out.writeBytes(framing.frame(Trees.piece(root)));
    }

    /** Everything that is held back, once. */
    private void last(ByteArrayOutputStream out) {
        if (candidates.isEmpty()) {
            return;
        }
        ObjectNode root = Trees.object();
        ArrayNode all = root.putArray("candidates");
        candidates.forEach((index, candidate) -> {
            ObjectNode json = all.addObject();
            // Google's own clients take a piece without parts for an answer that failed, and forget all of it.
            ArrayNode parts = candidate.take();
            AnswerWriter.content(
                    json, parts.isEmpty() ? parts.add(Trees.object().put("text", "")) : parts);
            FinishReason reason = candidate.reason == null ? FinishReason.OTHER : candidate.reason;
            AnswerWriter.finish(json, reason, candidate.parts.malformed(), candidate.finish);
            json.put("index", index);
            Citations.write(candidate.citations, candidate.text, json);
            Tokens.write(new ChatEvent.Logprobs(index, candidate.tokens, List.of()), json);
        });
        candidates.clear();
        if (usage != null) {
            UsageJson.write(usage, root);
        }
        write(root, out);
    }

    @Override
    public void frames(ByteBuffer frames, ByteArrayOutputStream out) {
        framing.passed();
        out.writeBytes(Trees.copy(frames));
    }

    /** What is complete may still lack its counts, if the upstream broke behind the finish. */
    @Override
    public void end(ByteArrayOutputStream out) {
        last(out);
        out.writeBytes(framing.end());
    }

    @Override
    public void fail(GatewayException error, ByteArrayOutputStream out) {
        out.writeBytes(framing.frame(ErrorJson.write(error).getBytes(StandardCharsets.UTF_8)));
        out.writeBytes(framing.end());
    }

    /** None: Google's own clients fail on comments. */
    @Override
    public void heartbeat(ByteArrayOutputStream out) {}
}
