package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.wire.answer.CustomInput;
import dev.thanosgateway.wire.answer.KeptText;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a response's output of an answer's events, the same for a stream and for a whole answer. A response is one
 * answer: other choices than the first are left out. For one answer, used by one thread at a time.
 */
final class OutputItems {
    /** What is told as the output grows; each step after it was taken. */
    interface Steps {
        default void itemAdded(OutputItem item) {}

        default void stretchAdded(OutputItem item, OutputItem.Stretch stretch) {}

        /** Text or arguments came; {@code stretch} is null for arguments. */
        default void delta(OutputItem item, OutputItem.@Nullable Stretch stretch, String text) {}

        default void annotated(OutputItem item, OutputItem.Stretch stretch, Json annotation) {}

        default void stretchDone(OutputItem item, OutputItem.Stretch stretch) {}

        default void itemDone(OutputItem item) {}
    }

    private final String key;
    private final Steps steps;
    /** How the caller knows the tools, by the names of their functions. */
    private final Supplier<Map<String, CallForm>> forms;

    private final ItemOrder order = new ItemOrder(this::ordered);
    private long bytes;
    private final List<OutputItem> items = new ArrayList<>();
    private int openCall = -1;
    private @Nullable OutputItem open;
    private OutputItem.@Nullable Stretch stretch;
    private @Nullable FinishReason reason;

    /**
     * @param key what tells this answer's items from others', part of their ids
     * @param forms asked where a tool is called
     */
    OutputItems(String key, Supplier<Map<String, CallForm>> forms, Steps steps) {
        this.key = key;
        this.forms = forms;
        this.steps = steps;
    }

    List<OutputItem> items() {
        return items;
    }

    /** Bytes of memory that the output takes. */
    long bytes() {
        CustomInput input = open == null ? null : open.input;
        return bytes + order.bytes() + (input == null ? 0 : input.bytes());
    }

    /** Why the answer ended; null = it has not. */
    @Nullable
    FinishReason reason() {
        return reason;
    }

    void event(ChatEvent event) {
        if (event.choice() == 0) {
            order.event(event);
        }
    }

    /** The next event in the order of the items. */
    private void ordered(ChatEvent event) {
        switch (event) {
            case ChatEvent.TextDelta e -> text(OutputItem.Kind.MESSAGE, false, e.text());
            case ChatEvent.RefusalDelta e -> text(OutputItem.Kind.MESSAGE, true, e.text());
            case ChatEvent.ReasoningDelta e -> {
                OutputItem current = open;
                if (current != null && !current.signature.isEmpty() && !e.text().isEmpty()) {
                    // The signature proves the text before it; what comes now is another thought.
                    close("completed");
                }
                text(OutputItem.Kind.REASONING, false, e.text());
            }
            case ChatEvent.ReasoningSignature e -> {
                open(OutputItem.Kind.REASONING).signature.append(e.signature());
                bytes += e.signature().length();
            }
            case ChatEvent.RedactedReasoning e -> {
                close("completed");
                open(OutputItem.Kind.REASONING).redacted = e.data();
                bytes += e.data().length();
                close("completed");
            }
            case ChatEvent.ToolCallStart e -> call(e.index(), e.id(), form(e.name()), true);
            case ChatEvent.CustomCallStart e -> {
                CallForm known = form(e.name());
                boolean custom = known.kind() == OutputItem.Kind.CUSTOM;
                call(e.index(), e.id(), custom ? known : CallForm.custom(null, e.name()), false);
            }
            case ChatEvent.ToolCallDelta e -> piece(e.index(), e.arguments());
            case ChatEvent.CustomCallDelta e -> piece(e.index(), e.input());
            case ChatEvent.Media e -> image(e.data());
            case ChatEvent.Citation e -> annotation(UrlCitation.flat(e.json()));
            case ChatEvent.Logprobs e -> {
                OutputItem.Stretch current = stretch;
                if (current != null && !current.refusal) {
                    current.logprobs.addAll(e.content());
                    e.content().forEach(token -> bytes += token.text().length());
                }
            }
            case ChatEvent.ChoiceFinished e -> finished(e.reason());
            // What else there is has no counterpart here.
            default -> {}
        }
    }

    /** The open item, if it is of this kind, else a new one. */
    private OutputItem open(OutputItem.Kind kind) {
        OutputItem current = open;
        if (current == null || current.kind != kind) {
            close("completed");
            current = added(new OutputItem(kind, items.size(), key));
            open = current;
        }
        return current;
    }

    private OutputItem added(OutputItem item) {
        items.add(item);
        steps.itemAdded(item);
        return item;
    }

    private void text(OutputItem.Kind kind, boolean refusal, String text) {
        if (text.isEmpty()) {
            return;
        }
        OutputItem item = open(kind);
        OutputItem.Stretch current = stretch;
        if (current == null || current.refusal != refusal) {
            endStretch(item);
            current = new OutputItem.Stretch(item.stretches.size(), refusal);
            steps.stretchAdded(item, current);
            item.stretches.add(current);
            stretch = current;
        }
        append(current.text, text);
        steps.delta(item, current, text);
    }

    private void append(KeptText to, String text) {
        bytes -= to.bytes();
        to.append(text);
        bytes += to.bytes();
    }

    private void endStretch(OutputItem item) {
        OutputItem.Stretch current = stretch;
        stretch = null;
        if (current != null) {
            steps.stretchDone(item, current);
        }
    }

    private void close(String status) {
        OutputItem item = open;
        if (item != null) {
            endStretch(item);
            boolean whole = isWhole(item);
            if (item.input != null) {
                grow(item, item.input.end());
                item.input = null;
            }
            if (item.kind == OutputItem.Kind.CALL && item.arguments.isEmpty() && status.equals("completed")) {
                // OpenAI always has an object, and clients parse it.
                grow(item, "{}");
            }
            open = null;
            openCall = -1;
            done(item, whole ? status : "incomplete");
        }
    }

    private static boolean isJson(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            Value.lenient(bytes, 0, bytes.length);
            return true;
        } catch (JsonException e) {
            return false;
        }
    }

    /** Whether the arguments of a call, if it is one, did not end amid their JSON. Texts have no such end. */
    private static boolean isWhole(OutputItem item) {
        if (item.input != null) {
            return !item.input.cut();
        }
        if (!item.kind.isCall() || item.arguments.isEmpty()) {
            return true;
        }
        String arguments = item.arguments.toString().stripLeading();
        JsonEnd end = new JsonEnd();
        end.read(arguments);
        boolean json = arguments.startsWith("{") || arguments.startsWith("[") || arguments.startsWith("\"");
        return end.whole() || !json || isJson(arguments);
    }

    private void done(OutputItem item, String status) {
        item.status = status;
        steps.itemDone(item);
    }

    private CallForm form(String name) {
        CallForm known = forms.get().get(name);
        return known == null ? CallForm.function(null, name) : known;
    }

    /** @param function whether the text comes as a function's arguments */
    private void call(int index, String id, CallForm form, boolean function) {
        close("completed");
        OutputItem call = new OutputItem(form.kind(), items.size(), key);
        call.callId = id;
        call.name = form.name();
        call.namespace = form.namespace();
        call.input = function && form.kind() == OutputItem.Kind.CUSTOM ? new CustomInput() : null;
        open = added(call);
        openCall = index;
    }

    private void piece(int index, String text) {
        OutputItem call = open;
        if (call != null && index == openCall) {
            CustomInput input = call.input;
            grow(call, input == null ? text : input.more(text));
        }
    }

    private void grow(OutputItem call, String text) {
        if (!text.isEmpty()) {
            append(call.arguments, text);
            steps.delta(call, null, text);
        }
    }

    private void image(Part.Source.Data data) {
        close("completed");
        OutputItem image = added(new OutputItem(OutputItem.Kind.IMAGE, items.size(), key));
        image.image = data;
        bytes += data.base64().length();
        done(image, "completed");
    }

    private void annotation(@Nullable Json annotation) {
        OutputItem item = open;
        OutputItem.Stretch current = stretch;
        if (annotation == null || item == null || current == null) {
            return;
        }
        if (item.kind == OutputItem.Kind.MESSAGE && !current.refusal) {
            current.annotations.add(annotation);
            bytes += annotation.text().length();
            steps.annotated(item, current, annotation);
        }
    }

    private void finished(FinishReason why) {
        reason = why;
        boolean whole = why != FinishReason.LENGTH && why != FinishReason.CONTENT_FILTER;
        close(whole ? "completed" : "incomplete");
    }
}
