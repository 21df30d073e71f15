package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A whole answer as a {@code message} object: the first choice, as there is no other here. */
final class AnswerJson {
    private AnswerJson() {}

    static byte[] write(ChatResponse answer, Served served) {
        ChatResponse.Choice choice = answer.choices().get(0);
        String id = known(answer.id(), id(served));
        JsonOut json = open(id, known(answer.model(), served.model()));
        content(json, choice);
        StringBuilder refusal = new StringBuilder();
        boolean calls = false;
        for (Part part : choice.parts()) {
            calls |= part instanceof Part.ToolCall;
            if (part instanceof Part.Refusal refused) {
                refusal.append(refused.text());
            }
        }
        String sequence = choice.stopSequence();
        String reason = StopReasons.write(choice.reason(), sequence != null, calls, !refusal.isEmpty());
        stop(json, reason, sequence, refusal.toString());
        UsageJson.write(json.name("usage"), answer.usage());
        return json.endObject().toBytes();
    }

    /** A message as far as its role. */
    static JsonOut open(String id, String model) {
        JsonOut json =
                new JsonOut().beginObject().name("id").value(id).name("type").value("message");
        return json.name("role").value("assistant").name("model").value(model);
    }

    /** @param reason null = it has not ended */
    static void stop(JsonOut json, @Nullable String reason, @Nullable String sequence, String refusal) {
        text(json.name("stop_reason"), reason);
        text(json.name("stop_sequence"), sequence);
        if (refusal.isEmpty()) {
            text(json.name("stop_details"), null);
        } else {
            json.name("stop_details").beginObject().name("type").value("refusal");
            text(json.name("category"), null);
            json.name("explanation").value(refusal).endObject();
        }
    }

    private static void text(JsonOut json, @Nullable String value) {
        json.value(
                value == null ? Json.NULL : new Json(new JsonOut().value(value).toString()));
    }

    /** The id of an answer whose upstream gave it none. */
    static String id(Served served) {
        return "msg_" + served.requestId();
    }

    static String known(@Nullable String said, String otherwise) {
        return said == null || said.isEmpty() ? otherwise : said;
    }

    private static void content(JsonOut json, ChatResponse.Choice choice) {
        List<Json> citations = new ArrayList<>();
        choice.citations().stream().filter(AnswerJson::isOurs).forEach(citations::add);
        json.name("content").beginArray();
        for (Part part : choice.parts()) {
            switch (part) {
                case Part.Text e -> {
                    json.beginObject().name("type").value("text").name("text").value(e.text());
                    if (!citations.isEmpty()) {
                        json.name("citations").beginArray();
                        citations.forEach(json::value);
                        json.endArray();
                        citations.clear();
                    }
                    json.endObject();
                }
                case Part.Refusal e ->
                    json.beginObject()
                            .name("type")
                            .value("text")
                            .name("text")
                            .value(e.text())
                            .endObject();
                case Part.Reasoning e -> {
                    json.beginObject()
                            .name("type")
                            .value("thinking")
                            .name("thinking")
                            .value(e.text());
                    json.name("signature").value(known(e.signature(), "")).endObject();
                }
                case Part.RedactedReasoning e -> {
                    json.beginObject().name("type").value("redacted_thinking");
                    json.name("data").value(e.data()).endObject();
                }
                case Part.ToolCall e -> {
                    json.beginObject().name("type").value("tool_use").name("id").value(e.id());
                    json.name("name").value(e.name());
                    json.name("input").value(Arguments.object(e.arguments())).endObject();
                }
                // An answer has no place for a picture here.
                default -> {}
            }
        }
        json.endArray();
    }

    /** A citation of another language has another shape, which this one's clients cannot read. */
    private static boolean isOurs(Json citation) {
        try {
            Value type = Value.of(citation).members().get("type");
            return type != null && type.isString() && type.text().endsWith("_location");
        } catch (JsonException e) {
            return false;
        }
    }
}
