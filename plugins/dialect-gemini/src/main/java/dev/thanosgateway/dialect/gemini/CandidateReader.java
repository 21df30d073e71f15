package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.answer.ThoughtDetails;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one candidate, in one piece or many. */
final class CandidateReader {
    private static final int MOST_CITED = 64 * 1024;

    private final int index;
    /** What was told of the sources, as long as it is not too much to remember. */
    private final Set<Json> cited = new HashSet<>();
    /** What sources count their places in. */
    private final TextPlaces text = new TextPlaces();

    private int citedLength;
    private int calls;
    private boolean began;
    private boolean said;
    private boolean finished;
    private @Nullable JsonNode nothing;

    CandidateReader(int index) {
        this.index = index;
    }

    boolean finished() {
        return finished;
    }

    /** The end of a candidate with nothing in it, which may be no answer; null = it has something. */
    @Nullable
    JsonNode nothing() {
        return nothing;
    }

    /** @param answerId what calls without an id are named after; null = there is none */
    void tell(JsonNode candidate, @Nullable String answerId, Sink<ChatEvent> out) throws GatewayException {
        if (finished) {
            // Later pieces may still count tokens, but say nothing more of this candidate.
            return;
        }
        for (JsonNode part : candidate.path("content").path("parts")) {
            part(part, answerId, out);
        }
        for (Json citation : Citations.read(candidate, text)) {
            if (!cited.contains(citation)) {
                citedLength += citation.text().length();
                if (citedLength <= MOST_CITED) {
                    cited.add(citation);
                }
                out.event(new ChatEvent.Citation(index, Citations.DIALECT, citation));
            }
        }
        List<Json> tokens = Tokens.read(candidate.path("logprobsResult"));
        if (!tokens.isEmpty()) {
            out.event(new ChatEvent.Logprobs(index, tokens, List.of()));
        }
        String word = candidate.path(FinishReasons.WORD).stringValue(null);
        if (word != null && !word.equals("FINISH_REASON_UNSPECIFIED")) {
            finished = true;
            if (FinishReasons.gaveUp(word, began, said)) {
                nothing = candidate;
            } else {
                finish(candidate, word, out);
            }
        }
    }

    /** Tells the end of a candidate with nothing in it, beside others that have something. */
    void finish(Sink<ChatEvent> out) throws GatewayException {
        JsonNode candidate = nothing;
        if (candidate != null) {
            finish(candidate, candidate.path(FinishReasons.WORD).asString(""), out);
        }
    }

    private void finish(JsonNode candidate, String word, Sink<ChatEvent> out) throws GatewayException {
        FinishReason read = FinishReasons.read(word, calls > 0);
        // A word that is not known yet may say anything, but behind nothing it is no success.
        FinishReason reason = read == FinishReason.OTHER && !said ? FinishReason.LENGTH : read;
        if (!FinishReasons.write(reason).equals(word)) {
            beside(FinishReasons.WORD, candidate, out);
        }
        beside(FinishReasons.MESSAGE, candidate, out);
        out.event(new ChatEvent.ChoiceFinished(index, reason, null));
    }

    private void beside(String name, JsonNode candidate, Sink<ChatEvent> out) throws GatewayException {
        if (candidate.path(name).isString()) {
            out.event(new ChatEvent.Extension(index, GeminiOriginal.DIALECT, name, Trees.json(candidate.path(name))));
        }
    }

    private void part(JsonNode part, @Nullable String answerId, Sink<ChatEvent> out) throws GatewayException {
        began = true;
        String signature = part.path("thoughtSignature").stringValue(null);
        String words = part.path("text").stringValue(null);
        if (part.path("thought").asBoolean(false)) {
            if (words != null && !words.isEmpty()) {
                out.event(new ChatEvent.ReasoningDelta(index, words));
            }
            sign(signature, out);
            return;
        }
        // The signature stands on what it led to; outside it stands with the thought, which came before.
        sign(signature, out);
        said |= words == null ? !part.isEmpty() : !words.isEmpty();
        if (words != null && !words.isEmpty()) {
            text.append(words);
            out.event(new ChatEvent.TextDelta(index, words));
        }
        JsonNode call = part.path("functionCall");
        if (call.isObject()) {
            call(call, answerId, out);
        }
        JsonNode data = part.path("inlineData");
        if (data.path("data").isString()) {
            String type = data.path("mimeType").asString("application/octet-stream");
            out.event(new ChatEvent.Media(
                    index, new Part.Source.Data(type, data.path("data").stringValue())));
        }
    }

    private void sign(@Nullable String signature, Sink<ChatEvent> out) throws GatewayException {
        if (signature != null && !signature.isEmpty()) {
            String read = Signatures.read(signature);
            out.event(
                    read.startsWith(ThoughtDetails.REDACTED)
                            ? new ChatEvent.RedactedReasoning(index, read.substring(ThoughtDetails.REDACTED.length()))
                            : new ChatEvent.ReasoningSignature(index, read));
        }
    }

    private void call(JsonNode call, @Nullable String answerId, Sink<ChatEvent> out) throws GatewayException {
        String id = call.path("id").asString("");
        String name = call.path("name").asString("");
        if (name.isEmpty()) {
            throw Protocol.failure("The upstream called a function without a name.");
        }
        if (id.isEmpty()) {
            // Clients remember calls by their ids: none may come twice in a conversation.
            id = answerId == null || answerId.isEmpty()
                    ? "call_" + UUID.randomUUID()
                    : "call_" + answerId + '_' + (index == 0 ? "" : index + "_") + calls;
        }
        out.event(new ChatEvent.ToolCallStart(index, calls, id, name));
        JsonNode args = call.path("args");
        out.event(new ChatEvent.ToolCallDelta(index, calls, args.isObject() ? Trees.text(args) : "{}"));
        calls++;
    }
}
