package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.dialect.Served;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A whole answer as a {@code GenerateContentResponse}. */
final class AnswerWriter {
    private AnswerWriter() {}

    static ObjectNode whole(ChatResponse answer, Served served) {
        ObjectNode root = Trees.object();
        ArrayNode candidates = root.putArray("candidates");
        answer.choices().forEach(choice -> candidates.add(candidate(choice)));
        if (answer.usage() != null) {
            UsageJson.write(answer.usage(), root);
        }
        name(root, answer.id(), answer.model(), served);
        return root;
    }

    private static ObjectNode candidate(ChatResponse.Choice choice) {
        Parts parts = new Parts();
        for (Part part : choice.parts()) {
            switch (part) {
                case Part.Text p -> parts.text(p.text());
                case Part.Refusal p -> parts.text(p.text());
                case Part.Reasoning p -> {
                    parts.thought(p.text());
                    parts.signature(p.signature());
                }
                case Part.RedactedReasoning p -> parts.redacted(p.data());
                case Part.ToolCall p -> parts.call(p.id(), p.name(), p.arguments());
                case Part.Image p -> {
                    if (p.source() instanceof Part.Source.Data data) {
                        parts.media(data);
                    }
                }
                // Nothing else has a place in an answer here.
                default -> {}
            }
        }
        parts.close();
        ObjectNode candidate = Trees.object();
        ArrayNode said = parts.take();
        // Google's own clients, and this gateway, take a candidate without parts for one that failed.
        content(candidate, said.isEmpty() ? said.add(Trees.object().put("text", "")) : said);
        finish(candidate, choice.reason(), parts.malformed(), choice.extensions());
        candidate.put("index", choice.index());
        TextPlaces text = new TextPlaces();
        if (!choice.citations().isEmpty()) {
            text.append(choice.text());
        }
        Citations.write(choice.citations(), text, candidate);
        ChatEvent.Logprobs logprobs = choice.logprobs();
        if (logprobs != null) {
            Tokens.write(logprobs, candidate);
        }
        return candidate;
    }

    static void content(ObjectNode candidate, ArrayNode parts) {
        ObjectNode content = candidate.putObject("content");
        if (!parts.isEmpty()) {
            content.set("parts", parts);
        }
        content.put("role", "model");
    }

    /** @param said what Google itself said of it, by name; empty = nothing */
    static void finish(ObjectNode candidate, FinishReason reason, @Nullable String malformed, Map<String, Json> said) {
        if (malformed == null || reason == FinishReason.LENGTH) {
            String word = Trees.readable(said.get(FinishReasons.WORD)).stringValue(null);
            String message = Trees.readable(said.get(FinishReasons.MESSAGE)).stringValue(null);
            candidate.put(FinishReasons.WORD, FinishReasons.write(reason, word));
            if (message != null) {
                candidate.put(FinishReasons.MESSAGE, message);
            }
        } else {
            candidate.put(FinishReasons.WORD, "MALFORMED_FUNCTION_CALL").put(FinishReasons.MESSAGE, malformed);
        }
    }

    static void name(ObjectNode root, @Nullable String id, @Nullable String model, Served served) {
        root.put("modelVersion", model == null || model.isEmpty() ? served.model() : model);
        root.put("responseId", id == null || id.isEmpty() ? served.requestId() : id);
    }
}
