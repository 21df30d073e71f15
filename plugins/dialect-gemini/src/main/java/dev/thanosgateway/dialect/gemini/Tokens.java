package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Log probabilities: {@code logprobsResult} here, a list of tokens with their alternatives in OpenAI's form elsewhere. */
final class Tokens {
    private Tokens() {}

    static List<Json> read(JsonNode result) {
        List<Json> tokens = new ArrayList<>();
        JsonNode chosen = result.path("chosenCandidates");
        for (int i = 0; i < chosen.size(); i++) {
            ObjectNode token = token(chosen.get(i));
            ArrayNode top = token.putArray("top_logprobs");
            result.path("topCandidates").path(i).path("candidates").forEach(one -> top.add(token(one)));
            tokens.add(Trees.json(token));
        }
        return tokens;
    }

    private static ObjectNode token(JsonNode candidate) {
        String text = candidate.path("token").asString("");
        ObjectNode token = Trees.object().put("token", text);
        // A certain token's zero is left out.
        token.set("logprob", candidate.has("logProbability") ? candidate.get("logProbability") : Trees.read("0"));
        ArrayNode bytes = token.putArray("bytes");
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(one & 0xFF);
        }
        return token;
    }

    static void write(ChatEvent.Logprobs logprobs, ObjectNode candidate) {
        if (logprobs.content().isEmpty()) {
            return;
        }
        ObjectNode result = candidate.putObject("logprobsResult");
        ArrayNode top = result.putArray("topCandidates");
        ArrayNode chosen = result.putArray("chosenCandidates");
        for (Json one : logprobs.content()) {
            JsonNode token = Trees.readable(one);
            chosen.add(candidate(token));
            ArrayNode alternatives = top.addObject().putArray("candidates");
            token.path("top_logprobs").forEach(other -> alternatives.add(candidate(other)));
        }
    }

    private static ObjectNode candidate(JsonNode token) {
        ObjectNode candidate = Trees.object().put("token", token.path("token").asString(""));
        candidate.set("logProbability", token.path("logprob").isNumber() ? token.get("logprob") : Trees.read("0"));
        return candidate;
    }
}
