package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Writes {@code messages}. Reasoning of earlier turns goes back only where the endpoint has a place for it. A tool's result
 * can be text only: what else is in the results of a turn is said by the user behind them.
 */
final class MessageWriter {
    private final JsonWriter json;
    private final Thoughts thoughts;
    private final boolean nullContent;
    private final boolean withHints;
    private final Set<String> customs;
    private final List<Part> seen = new ArrayList<>();
    private int place;

    /**
     * @param traits of the model, for the field of its reasoning
     * @param nullContent whether a turn that only calls tools may have null for its content
     * @param customs the names of the custom tools that are written as such
     */
    MessageWriter(JsonWriter json, ModelTraits traits, boolean nullContent, Set<String> customs) {
        this(json, traits, nullContent, customs, false);
    }

    private MessageWriter(
            JsonWriter json, ModelTraits traits, boolean nullContent, Set<String> customs, boolean withHints) {
        this.customs = customs;
        this.json = json;
        this.nullContent = nullContent;
        this.withHints = withHints;
        this.thoughts = new Thoughts(json, traits);
    }

    /** A message that is added to a relayed request, whose parts keep the fields unknown here. */
    static String added(Message message, ModelTraits traits) {
        JsonWriter json = new JsonWriter(256);
        try {
            new MessageWriter(json, traits, true, Set.of(), true).message(message);
        } catch (GatewayException e) {
            throw new IllegalStateException("parts that were read from this language", e);
        }
        return json.toString();
    }

    /** The content of a message in a relayed request, whose parts keep the fields unknown here. */
    static String content(List<Part> parts, ModelTraits traits) {
        JsonWriter json = new JsonWriter(256);
        try {
            new MessageWriter(json, traits, true, Set.of(), true).content(parts);
        } catch (GatewayException e) {
            throw new IllegalStateException("parts that were read from this language", e);
        }
        return json.toString();
    }

    void write(List<Message> messages) throws GatewayException {
        json.name("messages").beginArray();
        for (Message message : messages) {
            message(message);
            place++;
        }
        seen();
        json.endArray();
    }

    /** What tools gave that is no text. Their results must stand together, so this comes behind the last one. */
    private void seen() throws GatewayException {
        if (!seen.isEmpty()) {
            json.beginObject().name("role").value("user").name("content");
            content(List.copyOf(seen));
            json.endObject();
            seen.clear();
        }
    }

    /** Results of tools are messages of their own here, before what else a message says. */
    private void message(Message message) throws GatewayException {
        List<Part> content = new ArrayList<>();
        List<Part> calls = new ArrayList<>();
        StringBuilder refusal = new StringBuilder();
        boolean results = false;
        for (Part part : message.parts()) {
            switch (part) {
                case Part.ToolResult e -> {
                    result(e, message);
                    results = true;
                }
                case Part.ToolCall e -> {
                    thoughts.called(e);
                    calls.add(e);
                }
                case Part.Refusal e -> refusal.append(e.text());
                case Part.Reasoning e -> thoughts.add(e);
                case Part.RedactedReasoning e -> {}
                case Part.Other e -> (e.type().equals(MessageReader.OTHER_CALL) ? calls : content).add(e);
                default -> add(content, part, message.role() == Role.ASSISTANT);
            }
        }
        boolean nothingElse = content.isEmpty() && calls.isEmpty() && refusal.isEmpty();
        if (results && nothingElse) {
            return;
        }
        seen();
        json.beginObject().name("role").value(role(message.role()));
        name(message);
        thoughts.beside();
        json.name("content");
        if (thoughts.amongParts()) {
            json.beginArray();
            thoughts.parts();
            for (Part part : content) {
                part(part);
            }
            json.endArray();
        } else if (content.isEmpty() && !nothingElse && nullContent) {
            json.nullValue();
        } else {
            content(content);
        }
        if (!refusal.isEmpty()) {
            json.name("refusal").value(refusal.toString());
        }
        calls(calls);
        json.endObject();
    }

    /** Pieces of an answer's text become one: clients keep the pieces of a stream apart. */
    private static void add(List<Part> content, Part part, boolean answer) {
        int last = content.size() - 1;
        boolean piece = answer && last >= 0 && part.hints().isEmpty();
        if (piece
                && part instanceof Part.Text text
                && content.get(last) instanceof Part.Text before
                && before.hints().isEmpty()) {
            content.set(last, new Part.Text(before.text() + text.text()));
        } else {
            content.add(part);
        }
    }

    static String role(Role role) {
        return switch (role) {
            case SYSTEM -> "system";
            case DEVELOPER -> "developer";
            case ASSISTANT -> "assistant";
            default -> "user";
        };
    }

    private void name(Message message) {
        String name = message.name();
        if (name != null) {
            json.name("name").value(name);
        }
    }

    private void result(Part.ToolResult result, Message message) throws GatewayException {
        List<Part> texts = new ArrayList<>();
        List<Part> others = new ArrayList<>();
        for (Part part : result.content()) {
            (part instanceof Part.Text ? texts : others).add(part);
        }
        json.beginObject().name("role").value("tool").name("tool_call_id").value(result.callId());
        name(message);
        json.name("content");
        content(others.isEmpty() || !texts.isEmpty() ? texts : List.of(new Part.Text("See below.")));
        json.endObject();
        if (!others.isEmpty()) {
            seen.add(new Part.Text("From the tool call " + result.callId() + ":"));
            seen.addAll(others);
        }
    }

    private void content(List<Part> parts) throws GatewayException {
        if (parts.isEmpty()) {
            json.value("");
            return;
        }
        boolean plain = !withHints || parts.get(0).hints().isEmpty();
        if (plain && parts.size() == 1 && parts.get(0) instanceof Part.Text only) {
            json.value(only.text());
            return;
        }
        json.beginArray();
        for (Part part : parts) {
            part(part);
        }
        json.endArray();
    }

    private void part(Part part) throws GatewayException {
        switch (part) {
            case Part.Text e -> {
                open("text").value(e.text());
                close(part);
            }
            case Part.Image e -> {
                open("image_url").beginObject().name("url").value(url(e.source()));
                if (e.detail() != null) {
                    json.name("detail").value(e.detail());
                }
                json.endObject();
                close(part);
            }
            case Part.Audio e -> {
                if (!(e.source() instanceof Part.Source.Data data)) {
                    throw unsupported("audio that is not sent along");
                }
                open("input_audio").beginObject().name("data").value(data.base64());
                json.name("format").value(e.format()).endObject();
                close(part);
            }
            case Part.Document e -> document(e);
            case Part.Other e -> {
                if (!e.dialect().equals(ChatOriginal.DIALECT)) {
                    throw unsupported("a part of type " + e.type());
                }
                json.value(e.json());
            }
            default -> throw unsupported("a part of this kind");
        }
    }

    /** Begins a part, as far as the value of the member that has its type's name. */
    private JsonWriter open(String type) {
        return json.beginObject().name("type").value(type).name(type);
    }

    private void close(Part part) {
        if (withHints) {
            part.hints().forEach((name, value) -> json.name(name).value(value));
        }
        json.endObject();
    }

    private String url(Part.Source source) throws GatewayException {
        if (source instanceof Part.Source.Url url) {
            return url.url();
        }
        if (source instanceof Part.Source.Data data) {
            return url(data);
        }
        throw unsupported("an image stored at a vendor");
    }

    /** A {@code data:} URL, as RFC 2397 has it. */
    static String url(Part.Source.Data data) {
        return "data:" + data.mediaType() + ";base64," + data.base64();
    }

    private void document(Part.Document document) throws GatewayException {
        if (document.source() instanceof Part.Source.Url) {
            throw unsupported("a document by its address");
        }
        open("file").beginObject();
        if (document.source() instanceof Part.Source.FileId file) {
            json.name("file_id").value(file.id());
        } else {
            json.name("file_data").value(url(document.source()));
        }
        if (document.name() != null) {
            json.name("filename").value(document.name());
        } else if (document.source() instanceof Part.Source.Data data) {
            // Without a name the file is refused; its end tells the type.
            json.name("filename").value(data.mediaType().startsWith("text/") ? "file.txt" : "file.pdf");
        }
        json.endObject();
        close(document);
    }

    private void calls(List<Part> calls) throws GatewayException {
        if (calls.isEmpty()) {
            return;
        }
        json.name("tool_calls").beginArray();
        for (Part part : calls) {
            if (part instanceof Part.ToolCall call) {
                AnswerJson.called(json, call, customs);
                thoughts.beside(call);
                json.endObject();
            } else {
                part(part);
            }
        }
        json.endArray();
    }

    private GatewayException unsupported(String what) {
        return unsupported(place, what);
    }

    /** @param place of the message, from 0 */
    static GatewayException unsupported(int place, String what) {
        return new GatewayException(
                        ErrorKind.UNSUPPORTED,
                        "Message " + place + " has " + what + ", which the chat API of this provider has no word for.")
                .withParameter("messages[" + place + "].content");
    }
}
