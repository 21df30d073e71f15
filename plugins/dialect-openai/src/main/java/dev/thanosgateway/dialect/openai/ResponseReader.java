package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.wire.answer.Protocol;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of a response. A stream tells everything twice, in pieces and then whole: of what is whole only that is
 * told on which no piece has told, so that a stream and a whole answer say the same. For one answer, used by one thread
 * at a time.
 */
final class ResponseReader {
    /** The most items an answer may have, and the most stretches of text an item may. */
    private static final int MOST = 4096;

    /** What comes in pieces, by what its events' types begin with, and what holds it when it is whole. */
    private enum Kind {
        TEXT("response.output_text", "output_text", "message"),
        REFUSAL("response.refusal", "refusal", "message"),
        THOUGHT("response.reasoning_text", "reasoning_text", "reasoning"),
        SUMMARY("response.reasoning_summary_text", "summary_text", "reasoning"),
        ARGUMENTS("response.function_call_arguments", "", "function_call"),
        INPUT("response.custom_tool_call_input", "", "custom_tool_call");

        static final Map<String, Kind> OF_EVENTS =
                Arrays.stream(values()).collect(Collectors.toMap(kind -> kind.events, Function.identity()));
        static final Map<String, Kind> OF_CONTENT = Arrays.stream(values())
                .filter(kind -> !kind.content.isEmpty())
                .collect(Collectors.toMap(kind -> kind.content, Function.identity()));

        private final String events;
        private final String content;
        private final String item;

        Kind(String events, String content, String item) {
            this.events = events;
            this.content = content;
            this.item = item;
        }
    }

    /** Where a stretch of text is in its item. */
    private record Place(Kind kind, int part) {}

    /** How much of a stretch of text was told. */
    private static final class Stretch {
        private int characters;
        private int annotations;
        private boolean measured;
    }

    /** What was told of an item. */
    private static final class Item {
        private final String type;
        private final Map<Place, Stretch> stretches = new HashMap<>(2);
        /** Its place among the calls; -1 = it was not told of as one. */
        private int call = -1;
        /** Thoughts come open or as a summary; where both do, the first. */
        private @Nullable Kind thoughts;

        private boolean ended;

        Item(String type) {
            this.type = type;
        }

        Stretch stretch(Kind kind, int part) throws GatewayException {
            return limited(stretches, stretches.computeIfAbsent(new Place(kind, part), key -> new Stretch()));
        }
    }

    private final Map<Integer, Item> items = new HashMap<>();
    private int calls;
    private boolean started;
    private boolean refused;
    private boolean complete;
    private @Nullable Usage usage;

    private static <T> T limited(Map<?, ?> all, T one) throws GatewayException {
        if (all.size() > MOST) {
            throw Protocol.failure("The upstream's answer has more than " + MOST + " items.");
        }
        return one;
    }

    boolean complete() {
        return complete;
    }

    /** What was counted; null = nothing, so far. */
    @Nullable
    Usage usage() {
        return usage;
    }

    /** The next event of a stream. What nobody knows is read over, and so is what comes behind the end. */
    void event(ResponseAnswer told, EventTarget out) throws GatewayException {
        if (complete) {
            return;
        }
        GatewayException failure = told.failure();
        if (failure != null) {
            throw failure;
        }
        if (told.type.startsWith("response.")) {
            start(told.response, out);
        }
        ResponseAnswer.Item item = told.item;
        switch (told.type) {
            case "response.output_item.added" -> {
                if (item != null) {
                    // Some number every item alike.
                    items.remove(told.output);
                    begin(item(told.output, item.type), item, out);
                }
            }
            case "response.output_item.done" -> {
                if (item != null) {
                    end(item(told.output, item.type), item, out);
                }
            }
            case "response.content_part.done" -> {
                if (told.content != null) {
                    content(item(told.output, Kind.TEXT.item), told.part, told.content, out);
                }
            }
            case "response.output_text.annotation.added" -> {
                Json annotation = told.annotation;
                if (annotation != null) {
                    item(told.output, Kind.TEXT.item).stretch(Kind.TEXT, told.part).annotations++;
                    cite(annotation, out);
                }
            }
            case "response.completed", "response.incomplete" -> {
                ended(told.response, told.type.endsWith("incomplete"), out);
                if (usage != null) {
                    out.event(new ChatEvent.UsageSoFar(usage));
                }
            }
            default -> piece(told, out);
        }
    }

    /** The answer in one piece. */
    void whole(ResponseAnswer answer, EventTarget out) throws GatewayException {
        GatewayException failure = answer.failure();
        if (failure != null) {
            throw failure;
        }
        if (answer.items == null) {
            throw NoAnswer.noOutput();
        }
        boolean cut = answer.status.equals("incomplete");
        if (!cut && !answer.status.equals("completed")) {
            throw Protocol.cut();
        }
        start(answer, out);
        ended(answer, cut, out);
    }

    private void start(@Nullable ResponseAnswer response, EventTarget out) throws GatewayException {
        if (!started) {
            started = true;
            out.event(
                    response == null
                            ? new ChatEvent.Started(null, null, 0)
                            : new ChatEvent.Started(response.id, response.model, response.created));
        }
    }

    private Item item(int index, String type) throws GatewayException {
        return limited(items, items.computeIfAbsent(index, key -> new Item(type)));
    }

    /** A piece of text or of arguments, or all of it. */
    private void piece(ResponseAnswer told, EventTarget out) throws GatewayException {
        int dot = told.type.lastIndexOf('.');
        Kind kind = dot < 0 ? null : Kind.OF_EVENTS.get(told.type.substring(0, dot));
        if (kind == null) {
            return;
        }
        Item item = item(told.output, kind.item);
        switch (told.type.substring(dot)) {
            case ".delta" -> more(item, kind, told.part, told.delta, out);
            case ".done" -> rest(item, kind, told.part, told.all, out);
            default -> {}
        }
    }

    /** What of a whole text was not told yet. */
    private void rest(Item item, Kind kind, int part, String text, EventTarget out) throws GatewayException {
        int told = item.stretch(kind, part).characters;
        more(item, kind, part, text.substring(Math.min(told, text.length())), out);
    }

    private void more(Item item, Kind kind, int part, String text, EventTarget out) throws GatewayException {
        Stretch stretch = item.stretch(kind, part);
        boolean thought = kind == Kind.SUMMARY || kind == Kind.THOUGHT;
        boolean other = thought && item.thoughts != null && item.thoughts != kind;
        if (text.isEmpty() || other || (kind.content.isEmpty() && item.call < 0)) {
            return;
        }
        boolean further = thought && item.thoughts == kind && stretch.characters == 0;
        stretch.characters += text.length();
        switch (kind) {
            case TEXT -> out.event(new ChatEvent.TextDelta(0, text));
            case REFUSAL -> {
                refused = true;
                out.event(new ChatEvent.RefusalDelta(0, text));
            }
            case ARGUMENTS -> out.event(new ChatEvent.ToolCallDelta(0, item.call, text));
            case INPUT -> out.event(new ChatEvent.CustomCallDelta(0, item.call, text));
            case SUMMARY, THOUGHT -> {
                item.thoughts = kind;
                out.event(new ChatEvent.ReasoningDelta(0, further ? "\n\n" + text : text));
            }
        }
    }

    private void begin(Item known, ResponseAnswer.Item item, EventTarget out) throws GatewayException {
        boolean custom = item.type.equals(Kind.INPUT.item);
        if ((custom || item.type.equals(Kind.ARGUMENTS.item)) && known.call < 0 && !item.name.isEmpty()) {
            known.call = calls++;
            String said = item.callId.isEmpty() ? item.id : item.callId;
            String id = said.isEmpty() ? "call_" + UUID.randomUUID() : said;
            out.event(
                    custom
                            ? new ChatEvent.CustomCallStart(0, known.call, id, item.name)
                            : new ChatEvent.ToolCallStart(0, known.call, id, item.name));
        }
    }

    /** An item that is whole. */
    private void end(Item known, ResponseAnswer.Item item, EventTarget out) throws GatewayException {
        if (known.ended) {
            return;
        }
        known.ended = true;
        contents(known, item.content, out);
        contents(known, item.summary, out);
        switch (item.type) {
            case "reasoning" -> proof(item.encrypted, out);
            case "function_call", "custom_tool_call" -> {
                begin(known, item, out);
                if (known.call < 0) {
                    throw NoAnswer.namelessCall();
                }
                Kind kind = item.type.equals(Kind.INPUT.item) ? Kind.INPUT : Kind.ARGUMENTS;
                rest(known, kind, 0, item.arguments, out);
            }
            case "image_generation_call" -> {
                if (!item.picture.isEmpty()) {
                    String format = item.pictureFormat.isEmpty() ? "png" : item.pictureFormat;
                    out.event(new ChatEvent.Media(0, new Part.Source.Data("image/" + format, item.picture)));
                }
            }
            // What runs at OpenAI, and what nobody knows yet, is nothing an answer tells of elsewhere.
            default -> {}
        }
    }

    private void contents(Item item, List<ResponseAnswer.Content> all, EventTarget out) throws GatewayException {
        for (int i = 0; i < all.size(); i++) {
            content(item, i, all.get(i), out);
        }
    }

    /** A stretch of text that is whole. Log probabilities are whole only here. */
    private void content(Item item, int part, ResponseAnswer.Content content, EventTarget out) throws GatewayException {
        Kind kind = Kind.OF_CONTENT.get(content.type);
        if (kind == null) {
            return;
        }
        rest(item, kind, part, content.text, out);
        Stretch stretch = item.stretch(kind, part);
        for (; stretch.annotations < content.annotations.size(); stretch.annotations++) {
            cite(content.annotations.get(stretch.annotations), out);
        }
        if (!content.logprobs.isEmpty() && !stretch.measured) {
            stretch.measured = true;
            out.event(new ChatEvent.Logprobs(0, content.logprobs, List.of()));
        }
    }

    private static void cite(Json annotation, EventTarget out) throws GatewayException {
        out.event(new ChatEvent.Citation(0, ChatOriginal.DIALECT, UrlCitation.nested(annotation)));
    }

    private static void proof(String encrypted, EventTarget out) throws GatewayException {
        Part thought = EncryptedReasoning.read("", encrypted.isEmpty() ? null : encrypted);
        if (thought instanceof Part.RedactedReasoning e) {
            out.event(new ChatEvent.RedactedReasoning(0, e.data()));
        } else if (thought instanceof Part.Reasoning e && e.signature() != null) {
            out.event(new ChatEvent.ReasoningSignature(0, e.signature()));
        }
    }

    /** Items that were not told of are told now where none was: not every upstream numbers them like its whole answer. */
    private void ended(@Nullable ResponseAnswer response, boolean cut, EventTarget out) throws GatewayException {
        if (response != null) {
            List<ResponseAnswer.Item> all = response.items == null ? List.of() : response.items;
            boolean nothingTold = items.isEmpty();
            for (int i = 0; i < all.size(); i++) {
                ResponseAnswer.Item item = all.get(i);
                Item known = nothingTold ? item(i, item.type) : items.get(i);
                if (known != null && known.type.equals(item.type)) {
                    end(known, item, out);
                }
            }
            usage = response.usage;
            if (response.tier != null) {
                out.event(new ChatEvent.Extension(-1, ChatOriginal.DIALECT, "service_tier", response.tier));
            }
        }
        complete = true;
        out.event(new ChatEvent.ChoiceFinished(0, reason(response, cut), null));
    }

    private FinishReason reason(@Nullable ResponseAnswer response, boolean cut) {
        if (cut) {
            // Whatever cut it off, there was more to come.
            boolean filtered = response != null && response.cutBy.equals("content_filter");
            return filtered ? FinishReason.CONTENT_FILTER : FinishReason.LENGTH;
        }
        return calls == 0 || refused ? FinishReason.STOP : FinishReason.TOOL_CALLS;
    }
}
