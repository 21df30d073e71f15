package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Models as OpenAI lists them, with what the gateway knows beside: null where it does not. */
final class ModelJson {
    private ModelJson() {}

    static HttpBody list(List<ModelCard> models) {
        JsonWriter json = new JsonWriter(256 + models.size() * 256);
        json.beginObject().name("object").value("list").name("data").beginArray();
        models.forEach(model -> write(json, model).endObject());
        json.endArray().endObject();
        return new HttpBody(200, "application/json", json.toBuffer());
    }

    static HttpBody one(ModelCard model) {
        JsonWriter json = new JsonWriter(512);
        write(json, model);
        Map<Trait, List<String>> traits = new TreeMap<>(model.model().traits().values());
        if (!traits.isEmpty()) {
            json.name("traits").beginObject();
            traits.forEach((trait, words) -> trait(json.name(trait.key()), trait, words));
            json.endObject();
        }
        json.endObject();
        return new HttpBody(200, "application/json", json.toBuffer());
    }

    private static void trait(JsonWriter json, Trait trait, List<String> words) {
        if (!trait.isList()) {
            json.value(words.get(0));
            return;
        }
        json.beginArray();
        words.forEach(json::value);
        json.endArray();
    }

    /** The members of a model in a list; its object is still open. */
    private static JsonWriter write(JsonWriter json, ModelCard card) {
        Model model = card.model();
        String owner = model.ownedBy();
        String name = model.name();
        json.beginObject().name("id").value(card.id()).name("object").value("model");
        json.name("created").value(model.created());
        json.name("owned_by").value(owner == null ? card.provider() : owner);
        json.name("provider").value(card.provider());
        json.name("name").value(name == null ? model.id() : name);
        tokens(json, "context_length", model.contextLength());
        tokens(json, "max_output", model.maxOutput());
        if (model.dimensions() > 0) {
            json.name("dimensions").value(model.dimensions());
        }
        json.name("capabilities").beginArray();
        new TreeSet<>(model.capabilities()).forEach(json::value);
        json.endArray().name("pricing");
        if (model.pricing().isEmpty()) {
            json.nullValue();
        } else {
            json.beginObject();
            new TreeMap<>(model.pricing())
                    .forEach((kind, dollars) -> json.name(kind).value(dollars));
            json.endObject();
        }
        return json;
    }

    private static void tokens(JsonWriter json, String name, int count) {
        json.name(name);
        if (count > 0) {
            json.value(count);
        } else {
            json.nullValue();
        }
    }
}
