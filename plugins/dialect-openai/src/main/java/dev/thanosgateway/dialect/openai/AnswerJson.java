package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.answer.CustomInput;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A whole answer as a {@code chat.completion} object. */
final class AnswerJson {
    private static final Set<String> ANNOTATIONS =
            Set.of("url_citation", "file_citation", "container_file_citation", "file_path");

    private AnswerJson() {}

    /** @param plain whether the answer also carries the fields of {@code /v1/chat} */
    static JsonWriter write(ChatResponse answer, Served served, boolean plain, Set<String> customs) {
        JsonWriter json = new JsonWriter(1024);
        json.beginObject();
        json.name("id").value(known(answer.id(), id(served)));
        json.name("object").value("chat.completion");
        json.name("created").value(answer.created() > 0 ? answer.created() : served.created());
        json.name("model").value(known(answer.model(), served.model()));
        json.name("choices").beginArray();
        answer.choices().forEach(choice -> choice(json, choice, customs));
        json.endArray();
        if (answer.usage() != null) {
            UsageJson.write(json.name("usage"), answer.usage());
        }
        extensions(json, answer.extensions());
        if (plain) {
            List<ChatResponse.Choice> choices = answer.choices();
            json.name("provider").value(served.provider());
            json.name("content").value(choices.isEmpty() ? "" : choices.get(0).text());
            json.name("done").value(true);
            if (!choices.isEmpty()) {
                json.name("finish_reason")
                        .value(FinishReasons.write(choices.get(0).reason()));
            }
        }
        return json.endObject();
    }

    /** In the order of their names: the map has none of its own. */
    private static void extensions(JsonWriter json, Map<String, Json> extensions) {
        new TreeMap<>(extensions).forEach((name, value) -> json.name(name).value(value));
    }

    /** The id of an answer whose upstream gave it none. */
    static String id(Served served) {
        return "chatcmpl-" + served.requestId();
    }

    private static String known(@Nullable String said, String otherwise) {
        return said == null || said.isEmpty() ? otherwise : said;
    }

    private static void choice(JsonWriter json, ChatResponse.Choice choice, Set<String> customs) {
        json.beginObject().name("index").value(choice.index()).name("message").beginObject();
        json.name("role").value("assistant");
        List<Part> parts = choice.parts();
        String text = choice.text();
        boolean instead = parts.stream().anyMatch(p -> p instanceof Part.ToolCall || p instanceof Part.Refusal);
        json.name("content");
        if (text.isEmpty() && instead) {
            json.nullValue();
        } else {
            json.value(text);
        }
        String reasoning = joined(parts, Part.Reasoning.class);
        if (!reasoning.isEmpty()) {
            json.name("reasoning_content").value(reasoning);
        }
        IdentityHashMap<Object, ThoughtProofs> proofs = ThoughtProofs.of(parts, choice);
        write(proofs.get(choice), json);
        String refusal = joined(parts, Part.Refusal.class);
        json.name("refusal");
        if (refusal.isEmpty()) {
            json.nullValue();
        } else {
            json.value(refusal);
        }
        calls(json, parts, customs, proofs);
        images(json, parts);
        List<Json> citations =
                choice.citations().stream().filter(AnswerJson::isOurs).toList();
        if (!citations.isEmpty()) {
            json.name("annotations").beginArray();
            citations.forEach(json::value);
            json.endArray();
        }
        Json audio = choice.extensions().get(ChoiceReader.AUDIO);
        if (audio != null) {
            // Whatever else there is, another language said.
            json.name(ChoiceReader.AUDIO).value(audio);
        }
        json.endObject();
        ChatEvent.Logprobs logprobs = choice.logprobs();
        if (logprobs == null) {
            json.name("logprobs").nullValue();
        } else {
            logprobs(json, logprobs);
        }
        json.name("finish_reason").value(FinishReasons.write(choice.reason())).endObject();
    }

    private static void write(@Nullable ThoughtProofs proofs, JsonWriter json) {
        if (proofs != null) {
            proofs.write(json);
        }
    }

    private static String joined(List<Part> parts, Class<? extends Part> kind) {
        StringBuilder all = new StringBuilder();
        for (Part part : parts) {
            if (kind.isInstance(part)) {
                all.append(part instanceof Part.Reasoning r ? r.text() : ((Part.Refusal) part).text());
            }
        }
        return all.toString();
    }

    private static void calls(
            JsonWriter json, List<Part> parts, Set<String> customs, IdentityHashMap<Object, ThoughtProofs> proofs) {
        if (parts.stream().noneMatch(p -> p instanceof Part.ToolCall)) {
            return;
        }
        json.name("tool_calls").beginArray();
        for (Part part : parts) {
            if (part instanceof Part.ToolCall call) {
                called(json, call, customs);
                write(proofs.get(call), json);
                json.endObject();
            }
        }
        json.endArray();
    }

    /** Begins a call, as far as its function, or its custom tool where the caller knows it as one. */
    static void called(JsonWriter json, Part.ToolCall call, Set<String> customs) {
        boolean custom = customs.contains(call.name());
        String type = custom ? ToolTypes.CUSTOM : "function";
        json.beginObject().name("id").value(call.id()).name("type").value(type);
        json.name(type).beginObject().name("name").value(call.name());
        if (custom) {
            json.name("input").value(CustomInput.of(call.arguments()));
        } else {
            json.name("arguments").value(call.arguments());
        }
        json.endObject();
    }

    private static void images(JsonWriter json, List<Part> parts) {
        if (parts.stream().noneMatch(p -> p instanceof Part.Image)) {
            return;
        }
        json.name("images").beginArray();
        for (Part part : parts) {
            if (part instanceof Part.Image image && image.source() instanceof Part.Source.Data data) {
                image(json, data);
            }
        }
        json.endArray();
    }

    /** A picture in an answer: not OpenAI's own, but the form its compatibles share. */
    static void image(JsonWriter json, Part.Source.Data data) {
        json.beginObject().name("type").value("image_url").name("image_url").beginObject();
        json.name("url")
                .value("data:" + data.mediaType() + ";base64," + data.base64())
                .endObject()
                .endObject();
    }

    static void logprobs(JsonWriter json, ChatEvent.Logprobs logprobs) {
        json.name("logprobs").beginObject();
        tokens(json, "content", logprobs.content());
        tokens(json, "refusal", logprobs.refusal());
        json.endObject();
    }

    private static void tokens(JsonWriter json, String name, List<Json> tokens) {
        json.name(name);
        if (tokens.isEmpty()) {
            json.nullValue();
        } else {
            json.beginArray();
            tokens.forEach(json::value);
            json.endArray();
        }
    }

    /** Whether a citation is an annotation of this language: a whole answer does not say whose its citations are. */
    private static boolean isOurs(Json citation) {
        byte[] bytes = citation.text().getBytes(StandardCharsets.UTF_8);
        JsonReader json = JsonReader.lenient(bytes, 0, bytes.length);
        try {
            json.enterObject();
            while (json.nextMember()) {
                if (json.name().equals("type")) {
                    return ANNOTATIONS.contains(json.string());
                }
                json.skip();
            }
            return false;
        } catch (JsonException e) {
            return false;
        }
    }
}
