package dev.thanosgateway.e2e;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an answer at one of the smaller paths says, without what is new in every answer: ids, times, models' names. */
final class Told {
    private static final JsonMapper JSON = JsonMapper.shared();

    private Told() {}

    static List<String> of(String body, boolean stream) {
        List<String> told = new ArrayList<>();
        if (!stream) {
            whole(JSON.readTree(body), told);
            return told;
        }
        StringBuilder text = new StringBuilder();
        for (String line : body.lines().filter(one -> one.startsWith("data: ")).toList()) {
            String data = line.substring("data: ".length());
            if (data.equals("[DONE]")) {
                told.add(data);
                continue;
            }
            JsonNode event = JSON.readTree(data);
            String type = event.path("type").asString("");
            if (type.equals("response.completed")) {
                whole(event.path("response"), told);
            } else if (type.equals("response.output_text.delta")) {
                text.append(event.path("delta").asString());
            } else if (event.has("choices")) {
                text.append(event.path("choices").path(0).path("text").asString(""));
                event.path("choices")
                        .forEach(choice -> told.add(choice.path("finish_reason").asString("")));
                told.removeIf(String::isEmpty);
            }
        }
        told.add(text.toString());
        return told;
    }

    private static void whole(JsonNode answer, List<String> told) {
        for (JsonNode item : answer.path("output")) {
            if (item.has("summary") && item.path("summary").isEmpty()) {
                // Nothing but a signature, which not every language on the way has a place for.
                continue;
            }
            told.add(item.path("type").asString());
            item.path("content").forEach(part -> told.add(part.path("text").asString("")));
            if (item.has("arguments")) {
                told.add(item.path("name").asString());
                told.add(JSON.readTree(item.path("arguments").asString()).toString());
            }
        }
        told.add(answer.path("status").asString(""));
        answer.path("choices").forEach(choice -> {
            told.add(choice.path("text").asString(""));
            told.add(choice.path("finish_reason").asString(""));
        });
        for (String name : List.of("embeddings", "data", "prompt_eval_count", "input_tokens", "totalTokens")) {
            told.add(answer.path(name).toString());
        }
        JsonNode usage = answer.path("usage");
        for (String name : List.of("input_tokens", "output_tokens", "prompt_tokens", "completion_tokens")) {
            told.add(usage.path(name).toString());
        }
    }
}
