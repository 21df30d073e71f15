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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole answer as a {@code message} object: the first choice, as there is no other here. */
final class AnswerJson {
    private AnswerJson() {}

    /** @param asked the model's name in the request: clients send thoughts back only if the answer has the same */
    static byte[] write(ChatResponse answer, Served served, String asked) {
        ChatResponse.Choice choice = answer.choices().get(0);
        String id = known(answer.id(), id(served));
        JsonOut json = open(id, asked);
        content(json, choice);
        boolean calls = choice.parts().stream().anyMatch(Part.ToolCall.class::isInstance);
        boolean refused = choice.parts().stream().anyMatch(Part.Refusal.class::isInstance);
        String sequence = choice.stopSequence();
        stop(json, StopReasons.write(choice.reason(), sequence != null, calls, refused), sequence);
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
    static void stop(JsonOut json, @Nullable String reason, @Nullable String sequence) {
        text(json.name("stop_reason"), reason);
        text(json.name("stop_sequence"), sequence);
        // Words of a refusal are told as text, where every client looks, and not a second time in these.
        text(json.name("stop_details"), null);
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
        for (Part part : told(choice.parts())) {
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
                // Nothing else has a place in an answer here.
                default -> {}
            }
        }
        json.endArray();
    }

    /** What has a place in an answer here. Refusals are text, and what the stream writes as one block is one. */
    private static List<Part> told(List<Part> parts) {
        List<Part> told = new ArrayList<>();
        for (Part part : parts) {
            int last = told.size() - 1;
            Part before = last < 0 ? null : told.get(last);
            Part next = part instanceof Part.Refusal refusal ? new Part.Text(refusal.text()) : part;
            if (next instanceof Part.Text text && before instanceof Part.Text begun) {
                told.set(last, new Part.Text(begun.text() + text.text()));
            } else if (next instanceof Part.Reasoning thought
                    && before instanceof Part.Reasoning begun
                    && begun.signature() == null) {
                told.set(last, new Part.Reasoning(begun.text() + thought.text(), thought.signature(), Map.of()));
            } else if (!(next instanceof Part.Image)) {
                told.add(next);
            }
        }
        return told;
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
