package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.wire.json.JsonOut;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Models as {@code /api/tags} lists and {@code /api/show} describes them; sizes are those of no file: 0. */
final class ModelJson {
    private ModelJson() {}

    static HttpBody list(List<ModelCard> models) {
        JsonOut out = new JsonOut().beginObject().name("models").beginArray();
        for (ModelCard card : models) {
            out.beginObject().name("name").value(card.id()).name("model").value(card.id());
            out.name("modified_at").value(modified(card.model())).name("size").value(0);
            out.name("digest").value(digest(card.id()));
            details(out, card);
            capabilities(out, card.model());
            out.endObject();
        }
        return body(out.endArray().endObject());
    }

    static HttpBody show(ModelCard card) {
        JsonOut out = new JsonOut().beginObject();
        out.name("license").value("").name("modelfile").value("# Served by the provider " + card.provider());
        out.name("parameters").value("").name("template").value("{{ .Prompt }}");
        details(out, card);
        out.name("model_info").beginObject();
        out.name("general.architecture").value(card.provider());
        out.name("general.basename").value(name(card.model()));
        if (card.model().contextLength() > 0) {
            // Clients look for it under the architecture's name.
            out.name(card.provider() + ".context_length").value(card.model().contextLength());
        }
        out.endObject();
        capabilities(out, card.model());
        return body(out.name("modified_at").value(modified(card.model())).endObject());
    }

    private static String name(Model model) {
        return model.name() == null ? model.id() : model.name();
    }

    private static String modified(Model model) {
        return Instant.ofEpochSecond(Math.max(0, model.created())).toString();
    }

    /** Sixty-four digits, the same for the same name: clients tell models apart by it. */
    private static String digest(String id) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void details(JsonOut out, ModelCard card) {
        out.name("details")
                .beginObject()
                .name("parent_model")
                .value("")
                .name("format")
                .value("");
        out.name("family").value(card.provider());
        out.name("families").beginArray().value(card.provider()).endArray();
        out.name("parameter_size").value("").name("quantization_level").value("");
        if (card.model().contextLength() > 0) {
            out.name("context_length").value(card.model().contextLength());
        }
        out.endObject();
    }

    /** What is not known counts as able: a client would not even try what is not listed. */
    private static void capabilities(JsonOut out, Model model) {
        Set<String> known = model.capabilities();
        out.name("capabilities").beginArray().value("completion");
        if (known.isEmpty() || known.contains("functions")) {
            out.value("tools");
        }
        if (known.isEmpty() || known.contains("vision")) {
            out.value("vision");
        }
        if (known.contains("reasoning")) {
            out.value("thinking");
        }
        out.endArray();
    }

    private static HttpBody body(JsonOut out) {
        return new HttpBody(200, "application/json", ByteBuffer.wrap(out.toBytes()));
    }
}
