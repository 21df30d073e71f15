package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.provider.Model;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Models as Google lists them. */
final class ModelJson {
    private ModelJson() {}

    /** All of them on one page. */
    static HttpBody list(List<ModelCard> models) {
        ObjectNode root = Trees.object();
        ArrayNode all = root.putArray("models");
        models.forEach(model -> all.add(card(model)));
        return HttpBody.json(200, Trees.text(root));
    }

    static HttpBody one(ModelCard model) {
        return HttpBody.json(200, Trees.text(card(model)));
    }

    private static ObjectNode card(ModelCard card) {
        Model model = card.model();
        String name = model.name();
        ObjectNode json = Trees.object().put("name", "models/" + card.id()).put("version", "");
        json.put("displayName", name == null ? model.id() : name);
        json.put("description", "Served by " + card.provider());
        if (model.contextLength() > 0) {
            json.put("inputTokenLimit", model.contextLength());
        }
        if (model.maxOutput() > 0) {
            json.put("outputTokenLimit", model.maxOutput());
        }
        ArrayNode methods = json.putArray("supportedGenerationMethods");
        boolean embeds = model.capabilities().contains("embeddings");
        if (!embeds || model.capabilities().contains("streaming")) {
            methods.add("generateContent").add("streamGenerateContent").add("countTokens");
        }
        if (embeds) {
            methods.add("embedContent").add("batchEmbedContents");
        }
        if (model.capabilities().contains("reasoning")) {
            json.put("thinking", true);
        }
        return json;
    }
}
