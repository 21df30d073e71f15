package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Log probabilities in the form of legacy completions, made of those of chats. For one choice. */
final class CompletionTokens {
    private int offset;

    /** @param offset how many characters of the answer are before the first token */
    CompletionTokens(int offset) {
        this.offset = offset;
    }

    /** Writes the value of {@code logprobs} for the next tokens: null if there are none. */
    void write(JsonWriter json, List<Json> tokens) {
        if (tokens.isEmpty()) {
            json.nullValue();
            return;
        }
        JsonWriter texts = new JsonWriter(128).beginArray();
        JsonWriter numbers = new JsonWriter(128).beginArray();
        JsonWriter others = new JsonWriter(256).beginArray();
        JsonWriter offsets = new JsonWriter(128).beginArray();
        for (Json token : tokens) {
            Map<String, Value> said = members(token);
            String text = text(said);
            texts.value(text);
            number(numbers, number(said));
            others.beginObject();
            alternatives(said).forEach((name, number) -> number(others.name(name), number));
            others.endObject();
            offsets.value(offset);
            offset += text.length();
        }
        json.beginObject();
        json.name("tokens").value(new Json(texts.endArray().toString()));
        json.name("token_logprobs").value(new Json(numbers.endArray().toString()));
        json.name("top_logprobs").value(new Json(others.endArray().toString()));
        json.name("text_offset").value(new Json(offsets.endArray().toString()));
        json.endObject();
    }

    private static void number(JsonWriter json, @Nullable Double number) {
        if (number == null) {
            json.nullValue();
        } else {
            json.value(number.doubleValue());
        }
    }

    /** An upstream's token of another shape says nothing. */
    private static Map<String, Value> members(Json token) {
        try {
            return Value.of(token).members();
        } catch (JsonException e) {
            return Map.of();
        }
    }

    private static String text(Map<String, Value> token) {
        try {
            Value text = token.get("token");
            return text == null ? "" : text.text();
        } catch (JsonException e) {
            return "";
        }
    }

    private static @Nullable Double number(Map<String, Value> token) {
        try {
            Value number = token.get("logprob");
            return number == null ? null : number.number();
        } catch (JsonException e) {
            return null;
        }
    }

    private static Map<String, @Nullable Double> alternatives(Map<String, Value> token) {
        Map<String, @Nullable Double> all = new LinkedHashMap<>();
        try {
            Value others = token.get("top_logprobs");
            if (others != null) {
                for (Value one : others.elements()) {
                    all.put(text(one.members()), number(one.members()));
                }
            }
        } catch (JsonException e) {
            return all;
        }
        return all;
    }
}
