package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.json.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A {@code response} object: how far it has come, its output, and the settings it was asked with. For one answer. */
final class ResponseJson {
    /** What is told back, with what stands where the caller said nothing; null = it is left out then. */
    private static final Map<String, @Nullable String> SETTINGS = settings();

    private final RequestBody asked;
    private final String key;
    private String model;
    private long created;

    ResponseJson(RequestBody asked, Served served) {
        this.asked = asked;
        // Not made of the request's id: callers may give several the same, and items come back side by side.
        this.key = UUID.randomUUID().toString().replace("-", "");
        this.model = served.model();
        this.created = served.created();
    }

    private static Map<String, @Nullable String> settings() {
        Map<String, @Nullable String> all = new LinkedHashMap<>();
        all.put("instructions", "null");
        all.put("max_output_tokens", "null");
        all.put("max_tool_calls", "null");
        all.put("metadata", "{}");
        all.put("parallel_tool_calls", "true");
        all.put("prompt_cache_key", null);
        all.put("reasoning", "{\"effort\":null,\"summary\":null}");
        all.put("safety_identifier", null);
        all.put("service_tier", null);
        all.put("temperature", "null");
        all.put("text", "{\"format\":{\"type\":\"text\"}}");
        all.put("tool_choice", "\"auto\"");
        all.put("tools", "[]");
        all.put("top_logprobs", "0");
        all.put("top_p", "null");
        all.put("truncation", "\"disabled\"");
        all.put("user", "null");
        return Collections.unmodifiableMap(all);
    }

    /** How the caller knows the tools, by the names of the functions that stand for them. */
    Map<String, CallForm> forms() {
        return asked.forms();
    }

    /** What ids of this answer have in common, and no other answer's. */
    String key() {
        return key;
    }

    /** @param model what the answer says of itself; null or empty = nothing */
    void startedBy(@Nullable String model, long created) {
        this.model = model == null || model.isEmpty() ? this.model : model;
        this.created = created > 0 ? created : this.created;
    }

    /** The type of a stream's last event. */
    static String lastEvent(@Nullable FinishReason reason) {
        return cutBy(reason) == null ? "response.completed" : "response.incomplete";
    }

    private static @Nullable String cutBy(@Nullable FinishReason reason) {
        return reason == FinishReason.LENGTH
                ? "max_output_tokens"
                : reason == FinishReason.CONTENT_FILTER ? "content_filter" : null;
    }

    /** The object before anything of its output is there. */
    void begun(JsonWriter json) {
        head(json, "in_progress", null, null);
        json.name("output").beginArray().endArray();
        settings(json);
        json.name("usage").nullValue().endObject();
    }

    void ended(JsonWriter json, OutputItems output, @Nullable Usage usage) {
        String cut = cutBy(output.reason());
        head(json, cut == null ? "completed" : "incomplete", cut, null);
        json.name("output").beginArray();
        output.items().forEach(item -> item.write(json));
        json.endArray();
        settings(json);
        usage(json.name("usage"), usage);
        json.endObject();
    }

    /** The object after the answer failed: without output, which may be more than the memory there is. */
    void failed(JsonWriter json, GatewayException error) {
        head(json, "failed", null, error);
        json.name("output").beginArray().endArray();
        settings(json);
        json.name("usage").nullValue().endObject();
    }

    private void head(JsonWriter json, String status, @Nullable String cut, @Nullable GatewayException error) {
        json.beginObject().name("id").value("resp_" + key).name("object").value("response");
        json.name("created_at").value(created).name("status").value(status);
        json.name("background").value(false).name("error");
        if (error == null) {
            json.nullValue();
        } else {
            ErrorJson.ofResponse(json, error);
        }
        json.name("incomplete_details");
        if (cut == null) {
            json.nullValue();
        } else {
            json.beginObject().name("reason").value(cut).endObject();
        }
        String previous = asked.previous();
        json.name("model").value(model).name("previous_response_id");
        if (previous == null) {
            json.nullValue();
        } else {
            json.value(previous);
        }
        json.name("store").value(false);
    }

    private void settings(JsonWriter json) {
        SETTINGS.forEach((name, unsaid) -> {
            Value said = asked.member(name);
            String value = said == null ? unsaid : said.json().text();
            if (value != null) {
                json.name(name).value(new Json(value));
            }
        });
    }

    /** Counts nobody told are 0 where the type has no word for that. */
    static void usage(JsonWriter json, @Nullable Usage usage) {
        if (usage == null) {
            json.nullValue();
            return;
        }
        json.beginObject().name("input_tokens").value(Math.max(0, usage.inputTokens()));
        json.name("input_tokens_details").beginObject();
        json.name("cached_tokens").value(Math.max(0, usage.cachedInputTokens()));
        json.name("cache_write_tokens").value(Math.max(0, usage.cacheWriteTokens()));
        json.endObject().name("output_tokens").value(Math.max(0, usage.outputTokens()));
        json.name("output_tokens_details").beginObject();
        json.name("reasoning_tokens")
                .value(Math.max(0, usage.reasoningTokens()))
                .endObject();
        json.name("total_tokens").value(usage.totalTokens()).endObject();
    }
}
