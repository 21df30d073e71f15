package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Members;
import dev.thanosgateway.wire.json.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A source an answer names: chat completions nest what Responses have flat. */
final class UrlCitation {
    private static final String TYPE = "url_citation";

    private UrlCitation() {}

    /** The annotation for a source of which only the address is known. */
    static Json of(String url) {
        JsonWriter json = new JsonWriter(url.length() * 2 + 128).beginObject();
        json.name("type").value(TYPE).name(TYPE).beginObject();
        json.name("start_index").value(0).name("end_index").value(0);
        json.name("url").value(url).name("title").value(url).endObject();
        return new Json(json.endObject().toString());
    }

    /** An annotation of Responses in the form of chat completions; one of another kind has the same in both. */
    static Json nested(Json annotation) {
        try {
            Value whole = Value.of(annotation);
            Map<String, Value> members = whole.isObject() ? whole.members() : new LinkedHashMap<>();
            Value type = members.remove("type");
            if (type == null || !type.isString() || !type.text().equals(TYPE) || members.containsKey(TYPE)) {
                return annotation;
            }
            JsonWriter nested = new JsonWriter(256).beginObject().name("type").value(TYPE);
            nested.name(TYPE).beginObject();
            members.forEach((name, value) -> nested.name(name).value(value.json()));
            return new Json(nested.endObject().endObject().toString());
        } catch (JsonException e) {
            return annotation;
        }
    }

    /** The annotation in the form of Responses; null = it is none this language knows. */
    static @Nullable Json flat(Json annotation) {
        try {
            Value whole = Value.of(annotation);
            Map<String, Value> members = whole.isObject() ? whole.members() : Map.of();
            Value type = members.get("type");
            if (type == null || !type.isString() || !type.text().equals(TYPE)) {
                return null;
            }
            Value nested = members.get(TYPE);
            Map<String, Value> said = nested == null ? members : nested.members();
            JsonWriter flat = new JsonWriter(256).beginObject().name("type").value(TYPE);
            for (String place : new String[] {"start_index", "end_index"}) {
                Value index = said.get(place);
                flat.name(place).value(index == null ? 0 : index.integer());
            }
            for (String word : new String[] {"url", "title"}) {
                flat.name(word).value(Members.text(said, word));
            }
            return new Json(flat.endObject().toString());
        } catch (JsonException e) {
            return null;
        }
    }
}
