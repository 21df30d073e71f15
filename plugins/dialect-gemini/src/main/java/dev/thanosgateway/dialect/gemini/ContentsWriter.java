package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.wire.json.JsonString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes messages as {@code contents} and {@code systemInstruction}. For one request. */
final class ContentsWriter {
    private static final String SIGNATURE = "thoughtSignature";
    private static final String INLINE = "inlineData";

    private final ObjectNode root;
    private final Set<String> dropped;
    private final boolean signed;
    private final Map<String, String> names = new HashMap<>();
    private @Nullable String pending;

    /** @param signed whether the model insists on a signature with the calls it made */
    ContentsWriter(ObjectNode root, Set<String> dropped, boolean signed) {
        this.root = root;
        this.dropped = dropped;
        this.signed = signed;
    }

    /** Instructions go to the one place there is for them, wherever they stood; alone they are what the user says. */
    void write(List<Message> messages) throws GatewayException {
        ArrayNode system = Trees.array();
        ArrayNode contents = Trees.array();
        Role before = Role.SYSTEM;
        for (Message message : messages) {
            if (message.name() != null) {
                dropped.add("messages.name");
            }
            drop(message.hints());
            if (message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER) {
                parts(message, system);
                continue;
            }
            boolean model = message.role() == Role.ASSISTANT;
            ArrayNode parts = Trees.array();
            parts(message, parts);
            if (message.role() == Role.TOOL && before == Role.TOOL) {
                // The results of one turn's calls must come together.
                ((ArrayNode) contents.get(contents.size() - 1).get("parts")).addAll(parts);
            } else if (!parts.isEmpty()) {
                contents.addObject().put("role", model ? "model" : "user").set("parts", parts);
            }
            before = parts.isEmpty() ? before : message.role();
        }
        if (contents.isEmpty()) {
            contents.addObject().put("role", "user").set("parts", system);
        } else if (!system.isEmpty()) {
            root.putObject("systemInstruction").set("parts", system);
        }
        root.set("contents", contents);
    }

    private void parts(Message message, ArrayNode out) throws GatewayException {
        boolean signatures = false;
        pending = null;
        for (Part part : message.parts()) {
            drop(part.hints());
            switch (part) {
                case Part.Reasoning p -> reasoning(p, out);
                case Part.Text p -> text(p.text(), p.hints(), out);
                case Part.Refusal p -> text(p.text(), Map.of(), out);
                case Part.ToolCall p -> {
                    ObjectNode call = call(p, out);
                    if (signed && !signatures && !call.has(SIGNATURE)) {
                        call.put(SIGNATURE, Signatures.NONE);
                    }
                    signatures = true;
                }
                case Part.ToolResult p -> result(p, out);
                case Part.Image p -> {
                    if (p.detail() != null && !p.detail().equals("auto")) {
                        dropped.add("image_url.detail");
                    }
                    media(p.source(), "image/jpeg", null, p.hints(), out);
                }
                case Part.Document p -> media(p.source(), "application/pdf", p.name(), p.hints(), out);
                case Part.Audio p -> media(p.source(), Media.audioType(p.format()), null, p.hints(), out);
                case Part.Other p -> other(p, out);
                // Only its own vendor can read it.
                case Part.RedactedReasoning p -> {}
                default -> throw RequestWriter.unsupported("messages.content");
            }
        }
        if (pending != null) {
            sign(out.addObject().put("text", ""));
        }
    }

    private void drop(Map<String, Json> hints) {
        hints.keySet().stream().filter(name -> !own(name)).forEach(name -> dropped.add("messages." + name));
    }

    private static boolean own(String hint) {
        return Set.of("videoMetadata", "mediaResolution", "partMetadata", "extra_content")
                .contains(hint);
    }

    private static void beside(Map<String, Json> hints, ObjectNode part) {
        hints.forEach((name, value) -> {
            if (own(name) && !name.equals("extra_content")) {
                part.set(name, Trees.read(value.text()));
            }
        });
    }

    /** Another vendor's thoughts are not Gemini's to be told. */
    private void reasoning(Part.Reasoning part, ArrayNode out) {
        String own = Signatures.own(part.signature());
        if (own != null) {
            if (pending != null) {
                sign(out.addObject().put("text", ""));
            }
            if (!part.text().isEmpty()) {
                out.addObject().put("text", part.text()).put("thought", true);
            }
            pending = own;
        }
    }

    private void sign(ObjectNode part) {
        if (pending != null) {
            part.put(SIGNATURE, pending);
            pending = null;
        }
    }

    private void text(String text, Map<String, Json> hints, ArrayNode out) {
        if (!text.isEmpty()) {
            ObjectNode part = out.addObject().put("text", text);
            beside(hints, part);
            sign(part);
        }
    }

    private ObjectNode call(Part.ToolCall part, ArrayNode out) {
        JsonNode args = Trees.object(part.arguments());
        if (args == null) {
            // A call that was cut, which the model made all the same.
            args = Trees.object().put("unreadable_arguments", part.arguments());
        }
        names.put(part.id(), part.name());
        ObjectNode wrapped = out.addObject();
        wrapped.putObject("functionCall")
                .put("id", part.id())
                .put("name", part.name())
                .set("args", args);
        if (pending == null) {
            pending = Trees.readable(part.hints().get("extra_content"))
                    .path("google")
                    .path("thought_signature")
                    .stringValue(null);
        }
        sign(wrapped);
        return wrapped;
    }

    private void result(Part.ToolResult part, ArrayNode out) throws GatewayException {
        String name = names.get(part.callId());
        if (name == null) {
            throw new GatewayException(
                            ErrorKind.INVALID_REQUEST,
                            "A tool's result answers the call \"" + part.callId()
                                    + "\", but no message before it makes that call.")
                    .withParameter("messages.tool_call_id");
        }
        ObjectNode response = out.addObject()
                .putObject("functionResponse")
                .put("id", part.callId())
                .put("name", name);
        StringBuilder text = new StringBuilder();
        ArrayNode media = Trees.array();
        for (Part one : part.content()) {
            drop(one.hints());
            switch (one) {
                // Parts are paragraphs: what one ends with and the next begins with are not one word.
                case Part.Text p -> text.append(text.isEmpty() ? "" : "\n").append(p.text());
                case Part.Image p -> media(p.source(), "image/jpeg", null, Map.of(), media);
                case Part.Document p -> media(p.source(), "application/pdf", p.name(), Map.of(), media);
                default -> throw RequestWriter.unsupported("messages.content");
            }
        }
        String words = text.toString();
        // A "$ref" Gemini takes for a reference of its own into the result's parts, and refuses the request.
        String object = part.error() || words.isEmpty() ? null : JsonString.compact(words, "$ref");
        response.set(
                "response",
                object == null ? Trees.object().put(part.error() ? "error" : "output", words) : Trees.raw(object));
        if (!media.isEmpty()) {
            response.set("parts", media);
        }
    }

    private void media(Part.Source source, String type, @Nullable String name, Map<String, Json> hints, ArrayNode out)
            throws GatewayException {
        ObjectNode part = out.addObject();
        switch (source) {
            case Part.Source.Data s -> {
                ObjectNode data =
                        part.putObject(INLINE).put("mimeType", s.mediaType()).put("data", s.base64());
                if (name != null) {
                    data.put("displayName", name);
                }
            }
            case Part.Source.Url s -> {
                String known = Media.typeOf(s.url());
                part.putObject("fileData")
                        .put("mimeType", known == null ? type : known)
                        .put("fileUri", s.url());
            }
            case Part.Source.FileId s -> {
                if (!Media.storedAtGoogle(s.id())) {
                    throw RequestWriter.unsupported("file_id");
                }
                part.putObject("fileData").put("fileUri", s.id());
            }
            default -> throw RequestWriter.unsupported("messages.content");
        }
        beside(hints, part);
        sign(part);
    }

    private void other(Part.Other part, ArrayNode out) throws GatewayException {
        if (!part.dialect().equals(GeminiOriginal.DIALECT)) {
            throw RequestWriter.unsupported(part.type());
        }
        try {
            ObjectNode written = out.addObject();
            written.set(part.type(), Trees.read(part.json().text()));
            sign(written);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("a part that is no JSON", e);
        }
    }
}
