package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.wire.json.JsonOut;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes parts as content blocks. */
final class BlockWriter {
    /** Fields beside a block's own that are this API's. */
    private static final Set<String> FIELDS =
            Set.of("cache_control", "citations", "context", "transformations", "caller", "toolset_name");

    /** The one part that stands in no message: what a legacy completion has behind its gap. */
    private static final String SUFFIX = "suffix";

    private final JsonOut out;
    private final Set<String> dropped;

    BlockWriter(JsonOut out, Set<String> dropped) {
        this.out = out;
        this.dropped = dropped;
    }

    void block(Part part) throws GatewayException {
        switch (part) {
            case Part.Text e -> text(e.text(), e.hints());
            case Part.Refusal e -> text(e.text(), e.hints());
            case Part.Image e -> {
                open("image").name("source");
                source(e.source(), "an image");
                if (e.detail() != null) {
                    dropped.add("image_url.detail");
                }
                close(e.hints());
            }
            case Part.Document e -> {
                open("document").name("source");
                document(e);
                out.member("title", e.name());
                close(e.hints());
            }
            case Part.ToolCall e -> {
                open("tool_use").name("id").value(id(e.id())).name("name").value(e.name());
                out.name("input").value(Arguments.object(e.arguments()));
                close(e.hints());
            }
            case Part.ToolResult e -> result(e);
            case Part.Reasoning e -> {
                open("thinking").name("thinking").value(e.text());
                // Endpoints that want none still want the field.
                out.name("signature").value(e.signature() == null ? "" : e.signature());
                close(e.hints());
            }
            case Part.RedactedReasoning e -> {
                open("redacted_thinking").name("data").value(e.data());
                close(e.hints());
            }
            case Part.Other e -> {
                if (!e.dialect().equals(MessagesOriginal.DIALECT)) {
                    String field = e.type().equals(SUFFIX) ? SUFFIX : "messages";
                    throw RequestWriter.unsupported(field, "A part of type \"" + e.type() + "\"");
                }
                out.value(e.json());
            }
            case Part.Audio e -> throw RequestWriter.unsupported("messages", "Audio");
            default -> throw RequestWriter.unsupported("messages", "A part of this kind");
        }
    }

    private JsonOut open(String type) {
        return out.beginObject().name("type").value(type);
    }

    private void close(Map<String, Json> hints) {
        new TreeMap<>(hints).forEach((name, value) -> {
            if (FIELDS.contains(name)) {
                out.name(name).value(value);
            } else {
                dropped.add("messages." + name);
            }
        });
        out.endObject();
    }

    private void text(String text, Map<String, Json> hints) {
        open("text").name("text").value(text);
        close(hints);
    }

    /** This API takes no other characters in ids; calls and their results are changed alike. */
    private static String id(String id) {
        return id.replaceAll("[^a-zA-Z0-9_-]", "_");
    }

    private void result(Part.ToolResult result) throws GatewayException {
        open("tool_result").name("tool_use_id").value(id(result.callId()));
        List<Part> parts = result.content().stream()
                .filter(part -> !MessageWriter.isBlank(part))
                .toList();
        if (parts.size() == 1
                && parts.get(0) instanceof Part.Text only
                && only.hints().isEmpty()) {
            out.name("content").value(only.text());
        } else if (!parts.isEmpty()) {
            out.name("content").beginArray();
            for (Part part : parts) {
                block(part);
            }
            out.endArray();
        }
        if (result.error()) {
            out.name("is_error").value(true);
        }
        close(result.hints());
    }

    private void source(Part.Source source, String what) throws GatewayException {
        switch (source) {
            case Part.Source.Data data -> {
                open("base64").name("media_type").value(data.mediaType());
                out.name("data").value(data.base64()).endObject();
            }
            case Part.Source.Url url -> open("url").name("url").value(url.url()).endObject();
            default -> throw RequestWriter.unsupported("messages", what + " stored at another vendor");
        }
    }

    private void document(Part.Document document) throws GatewayException {
        if (document.source() instanceof Part.Source.Data data
                && data.mediaType().startsWith("text/")) {
            open("text").name("media_type").value("text/plain").name("data");
            out.value(new String(decoded(data.base64()), StandardCharsets.UTF_8))
                    .endObject();
        } else {
            source(document.source(), "a document");
        }
    }

    private static byte[] decoded(String base64) throws GatewayException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw RequestWriter.unsupported("messages", "A text document that is not in base64");
        }
    }
}
