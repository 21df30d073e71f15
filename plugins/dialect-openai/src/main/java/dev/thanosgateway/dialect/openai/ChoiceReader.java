package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.wire.answer.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes events of what an answer says of one choice. */
final class ChoiceReader {
    /** What an answer that was spoken has beside its text. */
    static final String AUDIO = "audio";

    private final int index;
    private final CallReader calls;
    private final ReasoningDetails details;
    private boolean spoke;
    private boolean called;
    private boolean finished;

    ChoiceReader(int index) {
        this.index = index;
        this.calls = new CallReader(index);
        this.details = new ReasoningDetails(index);
    }

    boolean finished() {
        return finished;
    }

    /** What one payload says of a choice. */
    static final class Delta {
        private int index;
        private boolean present;
        private String reasoning = "";
        private String otherReasoning = "";
        private final StringBuilder text = new StringBuilder();
        private String refusal = "";
        private @Nullable String reason;
        private final List<CallReader.Piece> calls = new ArrayList<>(0);
        private final List<Part.Source.Data> images = new ArrayList<>(0);
        private final List<Json> annotations = new ArrayList<>(0);
        private final List<Json> contentLogprobs = new ArrayList<>(0);
        private final List<Json> refusalLogprobs = new ArrayList<>(0);
        private final List<Json> details = new ArrayList<>(0);
        private String signature = "";
        private @Nullable Json audio;
        private @Nullable GatewayException failure;

        int index() {
            return index;
        }

        /** Notes a source that was named beside the choice. */
        void cite(Json annotation) {
            annotations.add(annotation);
        }

        boolean says() {
            return !reasoning.isEmpty() || !otherReasoning.isEmpty() || !details.isEmpty() || answers();
        }

        /** Whether it has more than thoughts. */
        boolean answers() {
            return !text.isEmpty() || !refusal.isEmpty() || !calls.isEmpty() || !images.isEmpty() || audio != null;
        }
    }

    /**
     * @param whole whether the choice has a message, which is all there will be
     * @throws GatewayException what the upstream failed by, where the choice says that it did
     */
    static Delta read(JsonReader json, boolean whole) throws JsonException, GatewayException {
        Delta delta = new Delta();
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            if (json.skipNull()) {
                continue;
            }
            switch (name) {
                case "index" -> delta.index = Math.clamp(json.integer(), -1, Integer.MAX_VALUE);
                case "delta", "message" -> message(json, delta);
                case "finish_reason" -> delta.reason = json.string();
                case "logprobs" -> logprobs(json, delta);
                case "error" -> delta.failure = UpstreamError.beside(json);
                default -> json.skip();
            }
        }
        if (delta.failure != null || FinishReasons.failed(delta.reason)) {
            throw delta.failure == null ? NoAnswer.withoutReason() : delta.failure;
        }
        if (delta.index < 0) {
            throw new JsonException("a choice has an index below zero");
        }
        if (whole && !delta.present) {
            throw new JsonException("a choice has no message");
        }
        String reason = delta.reason;
        if (whole && reason == null && !delta.says()) {
            throw new JsonException("a choice has neither content nor a finish_reason");
        }
        if (whole && (reason == null || reason.isEmpty())) {
            delta.reason = FinishReasons.unsaid(!delta.calls.isEmpty());
        }
        return delta;
    }

    private static void message(JsonReader json, Delta delta) throws JsonException {
        delta.present = true;
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            if (json.skipNull()) {
                continue;
            }
            switch (name) {
                case "content" -> content(json, delta);
                case "reasoning_details" -> all(json, delta.details);
                case "extra_content" -> delta.signature = ThoughtSignature.read(json);
                case "reasoning_content" -> delta.reasoning = text(json);
                case "reasoning" -> delta.otherReasoning = text(json);
                case "refusal" -> delta.refusal = text(json);
                case "tool_calls" -> CallReader.pieces(json, delta.calls);
                case "function_call" -> delta.calls.add(CallReader.legacy(json));
                case "images" -> images(json, delta.images);
                case "annotations" -> all(json, delta.annotations);
                case "audio" -> delta.audio = json.json();
                default -> json.skip();
            }
        }
    }

    /** A string, or parts: of text, and of thoughts as Mistral has them, which hold parts of text themselves. */
    private static void content(JsonReader json, Delta delta) throws JsonException {
        if (json.peek() != '[') {
            delta.text.append(text(json));
            return;
        }
        json.enterArray();
        while (json.nextElement()) {
            if (json.peek() != '{') {
                json.skip();
                continue;
            }
            json.enterObject();
            while (json.nextMember()) {
                switch (json.name()) {
                    case "text" -> delta.text.append(text(json));
                    case "thinking" -> delta.reasoning += thinking(json);
                    default -> json.skip();
                }
            }
        }
    }

    private static String thinking(JsonReader json) throws JsonException {
        if (json.peek() != '[') {
            return text(json);
        }
        Delta thought = new Delta();
        content(json, thought);
        return thought.text.toString();
    }

    /** Pictures within the answer, as the compatibles that make them send them; those in another form are left out. */
    private static void images(JsonReader json, List<Part.Source.Data> images) throws JsonException {
        List<Json> all = new ArrayList<>();
        all(json, all);
        for (Json one : all) {
            byte[] bytes = one.text().getBytes(StandardCharsets.UTF_8);
            try {
                if (PartReader.read(JsonReader.lenient(bytes, 0, bytes.length)) instanceof Part.Image image
                        && image.source() instanceof Part.Source.Data data) {
                    images.add(data);
                }
            } catch (JsonException e) {
                // Another form, which nobody here knows: the words of the answer are worth more.
            }
        }
    }

    private static void logprobs(JsonReader json, Delta delta) throws JsonException {
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "content" -> all(json, delta.contentLogprobs);
                case "refusal" -> all(json, delta.refusalLogprobs);
                default -> json.skip();
            }
        }
    }

    static void all(JsonReader json, List<Json> elements) throws JsonException {
        if (json.peek() != '[') {
            json.skip();
            return;
        }
        json.enterArray();
        while (json.nextElement()) {
            elements.add(json.json());
        }
    }

    /** A string; anything else is none. */
    static String text(JsonReader json) throws JsonException {
        if (json.peek() == '"') {
            return json.string();
        }
        json.skip();
        return "";
    }

    /** A number from 0 on; anything else is 0. */
    static long count(JsonReader json) throws JsonException {
        int c = json.peek();
        if (c >= '0' && c <= '9') {
            return (long) json.number();
        }
        json.skip();
        return 0;
    }

    /** Tells an event of this choice that was read elsewhere; what comes behind the finish is lost. */
    void tell(ChatEvent event, EventTarget out) throws GatewayException {
        if (!finished) {
            finished = event instanceof ChatEvent.ChoiceFinished;
            out.event(event);
        }
    }

    /** The answer is whole, but the choice was not finished in words: it said enough to be an answer, or it was cut. */
    void end(EventTarget out) throws GatewayException {
        if (finished) {
            return;
        }
        if (!spoke) {
            throw Protocol.cut();
        }
        finish(FinishReasons.unsaid(called), out);
    }

    private void finish(String word, EventTarget out) throws GatewayException {
        finished = true;
        details.sign(out);
        calls.end();
        out.event(new ChatEvent.ChoiceFinished(index, FinishReasons.read(word), null));
    }

    /** Tells what a payload says in the order of the canonical answer, however its members stood. */
    void tell(Delta delta, EventTarget out) throws GatewayException {
        boolean says = delta.says();
        spoke |= says;
        called |= !delta.calls.isEmpty();
        // Some send the same thoughts under both names.
        String reasoning = delta.reasoning.isEmpty() ? delta.otherReasoning : delta.reasoning;
        String detailed = details.add(delta.details, !reasoning.isEmpty());
        String thought = reasoning.isEmpty() ? detailed : reasoning;
        spoke |= !thought.isEmpty();
        if (!thought.isEmpty()) {
            out.event(new ChatEvent.ReasoningDelta(index, thought));
        }
        if (delta.answers()) {
            details.sign(out);
        }
        if (!delta.signature.isEmpty()) {
            out.event(new ChatEvent.ReasoningSignature(index, delta.signature));
        }
        if (!delta.text.isEmpty()) {
            out.event(new ChatEvent.TextDelta(index, delta.text.toString()));
        }
        if (!delta.refusal.isEmpty()) {
            out.event(new ChatEvent.RefusalDelta(index, delta.refusal));
        }
        for (CallReader.Piece piece : delta.calls) {
            calls.tell(piece, out);
        }
        for (Part.Source.Data image : delta.images) {
            out.event(new ChatEvent.Media(index, image));
        }
        if (delta.audio != null) {
            out.event(new ChatEvent.Extension(index, ChatOriginal.DIALECT, AUDIO, delta.audio));
        }
        if (!delta.contentLogprobs.isEmpty() || !delta.refusalLogprobs.isEmpty()) {
            out.event(new ChatEvent.Logprobs(index, delta.contentLogprobs, delta.refusalLogprobs));
        }
        for (Json annotation : delta.annotations) {
            out.event(new ChatEvent.Citation(index, ChatOriginal.DIALECT, annotation));
        }
        String reason = delta.reason;
        // An empty reason ends a choice only where there is nothing else to say: some send it with every chunk.
        if (reason != null && !finished && (!reason.isEmpty() || (spoke && !says))) {
            finish(reason.isEmpty() ? FinishReasons.unsaid(called) : reason, out);
        }
    }
}
