package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes {@code messages}: a text, its images, the calls of tools; a tool's result is a message of its own. */
final class MessageWriter {
    private final JsonOut out;
    private final Set<String> dropped;
    private final Map<String, String> toolNames = new HashMap<>();
    /** When each call was made, by its id. */
    private final Map<String, Integer> order = new HashMap<>();

    private final List<Told> results = new ArrayList<>();
    private int place;

    /** @param dropped where the names of hints go that have no counterpart */
    MessageWriter(JsonOut out, Set<String> dropped) {
        this.out = out;
        this.dropped = dropped;
    }

    /** A result that is not written yet, and the place of its message. */
    private record Told(int place, Part.ToolResult result) {}

    /** What the parts of a message come to. */
    private static final class Collected {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder thinking = new StringBuilder();
        private final List<String> images = new ArrayList<>();
        private final List<AnswerJson.Call> calls = new ArrayList<>();
        private boolean answer;
        private boolean any;
    }

    void write(List<Message> messages) throws GatewayException {
        out.name("messages").beginArray();
        for (Message message : messages) {
            message(message);
            place++;
        }
        results();
        out.endArray();
    }

    /** Writes the results in the order of their calls: models know them by it, their templates have no ids. */
    private void results() throws GatewayException {
        results.sort(
                Comparator.comparing(told -> order.getOrDefault(told.result().callId(), Integer.MAX_VALUE)));
        int after = place;
        for (Told told : results) {
            place = told.place();
            result(told.result());
        }
        place = after;
        results.clear();
    }

    private void message(Message message) throws GatewayException {
        Collected all = new Collected();
        all.answer = message.role() == Role.ASSISTANT;
        boolean told = false;
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                results.add(new Told(place, result));
                told = true;
            } else {
                collect(part, all);
            }
        }
        if (message.name() != null) {
            dropped.add("messages.name");
        }
        drop(message.hints());
        if (!told || all.any) {
            results();
            out.beginObject().name("role").value(role(message.role()));
            body(all);
            out.endObject();
        }
    }

    private static String role(Role role) {
        return switch (role) {
            case SYSTEM, DEVELOPER -> "system";
            case ASSISTANT -> "assistant";
            default -> "user";
        };
    }

    private void drop(Map<String, Json> hints) {
        hints.keySet().forEach(name -> dropped.add("messages." + name));
    }

    private void result(Part.ToolResult result) throws GatewayException {
        drop(result.hints());
        Collected all = new Collected();
        for (Part part : result.content()) {
            collect(part, all);
        }
        out.beginObject().name("role").value("tool");
        body(all);
        out.member("tool_name", toolNames.get(result.callId()));
        out.name("tool_call_id").value(result.callId()).endObject();
    }

    private void body(Collected all) {
        out.name("content").value(all.text.toString());
        if (!all.thinking.isEmpty()) {
            out.name("thinking").value(all.thinking.toString());
        }
        if (!all.images.isEmpty()) {
            out.name("images").beginArray();
            all.images.forEach(out::value);
            out.endArray();
        }
        if (!all.calls.isEmpty()) {
            out.name("tool_calls").beginArray();
            for (int i = 0; i < all.calls.size(); i++) {
                AnswerJson.call(out, all.calls.get(i), i);
            }
            out.endArray();
        }
    }

    private void collect(Part part, Collected all) throws GatewayException {
        all.any = true;
        drop(part.hints());
        switch (part) {
            case Part.Text e -> text(all, e.text());
            case Part.Refusal e -> text(all, e.text());
            case Part.Reasoning e -> all.thinking.append(e.text());
            // Only its vendor can read it.
            case Part.RedactedReasoning e -> {}
            case Part.Image e -> all.images.add(image(e));
            case Part.ToolCall e -> all.calls.add(call(e));
            case Part.Audio e -> throw unsupported("audio", "Send text or images");
            case Part.Document e -> text(all, text(e));
            case Part.Other e -> throw unsupported("a part of type \"" + e.type() + "\"", "Leave it out");
            default -> throw unsupported("a part of this kind", "Leave it out");
        }
    }

    /** Parts of an answer are pieces of a stream, which clients keep apart. Other parts are paragraphs. */
    private static void text(Collected all, String text) {
        if (!all.answer && !all.text.isEmpty() && !text.isEmpty()) {
            all.text.append('\n');
        }
        all.text.append(text);
    }

    private String image(Part.Image image) throws GatewayException {
        if (!(image.source() instanceof Part.Source.Data data)) {
            throw unsupported("an image that is not sent along", "Send its bytes, as a data: URL in base64");
        }
        if (image.detail() != null && !image.detail().equals("auto")) {
            dropped.add("image_url.detail");
        }
        return data.base64();
    }

    private AnswerJson.Call call(Part.ToolCall call) {
        toolNames.put(call.id(), call.name());
        order.put(call.id(), order.size());
        String arguments = call.arguments().isBlank() ? "{}" : call.arguments();
        if (!JsonString.isObject(arguments)) {
            // A call that was cut, which the model made all the same.
            JsonOut told =
                    new JsonOut().beginObject().name("unreadable_arguments").value(arguments);
            arguments = told.endObject().toString();
        }
        return new AnswerJson.Call(call.id(), call.name(), arguments, null);
    }

    /** A document of text is a text here. */
    private String text(Part.Document document) throws GatewayException {
        if (document.source() instanceof Part.Source.Data data
                && data.mediaType().startsWith("text/")) {
            try {
                String text = new String(Base64.getDecoder().decode(data.base64()), StandardCharsets.UTF_8);
                return document.name() == null ? text : document.name() + ":\n" + text;
            } catch (IllegalArgumentException e) {
                throw unsupported("a text document that is not in base64", "Send its text");
            }
        }
        throw unsupported("a document", "Send its text");
    }

    private GatewayException unsupported(String what, String instead) {
        return new GatewayException(
                        ErrorKind.UNSUPPORTED,
                        "Message " + place + " has " + what + ", which Ollama's API has no place for. " + instead
                                + ", or name another provider's model.")
                .withParameter("messages[" + place + "].content");
    }
}
