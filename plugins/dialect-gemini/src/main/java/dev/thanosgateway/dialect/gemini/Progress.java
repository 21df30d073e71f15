package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.Meaning;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How far a relayed answer is, of which nothing else is read. */
final class Progress {
    private static final int CANDIDATE_LIMIT = 4096;

    private final BitSet begun = new BitSet();
    private final BitSet finished = new BitSet();
    private final BitSet said = new BitSet();
    private boolean blocked;
    private boolean told;

    /**
     * What a piece means to the host.
     *
     * @param asked how many candidates were asked for
     * @throws GatewayException UPSTREAM_UNAVAILABLE when the answer has ended and no candidate has anything in it
     */
    Meaning read(JsonNode piece, int asked) throws GatewayException {
        boolean content = false;
        JsonNode nothing = null;
        for (JsonNode candidate : piece.path("candidates")) {
            int index = Math.min(
                    CANDIDATE_LIMIT, Math.max(0, candidate.path("index").asInt(0)));
            begun.set(index);
            if (visible(candidate.path("content").path("parts"))) {
                content = true;
                said.set(index);
            }
            String word = candidate.path(FinishReasons.WORD).stringValue(null);
            if (word != null) {
                finished.set(index);
                // A plain end without a word is its client's to judge, in its own language.
                boolean empty = !word.equals("STOP") && FinishReasons.gaveUp(word, said.get(index), said.get(index));
                said.set(index, !empty);
                nothing = empty ? candidate : nothing;
            }
        }
        if (nothing != null && said.isEmpty() && begun.equals(finished)) {
            throw NoAnswer.nothing(nothing);
        }
        blocked |= begun.isEmpty() && blockReason(piece) != null;
        told |= complete() && (blocked || finished.cardinality() >= asked);
        Meaning meaning = told ? Meaning.FINISH : content ? Meaning.CONTENT : Meaning.PRELUDE;
        return meaning.withUsage(usage(piece));
    }

    private static boolean visible(JsonNode parts) {
        for (JsonNode part : parts) {
            if (!part.path("text").asString("x").isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Why a prompt was refused; null = it was not. */
    static @Nullable String blockReason(JsonNode piece) {
        return piece.path("promptFeedback").path("blockReason").stringValue(null);
    }

    private static @Nullable Usage usage(JsonNode piece) {
        return UsageJson.read(piece.path("usageMetadata"));
    }

    boolean complete() {
        return blocked || (!begun.isEmpty() && begun.equals(finished));
    }

    /** Whether the host knows that the answer is complete. */
    boolean told() {
        return told;
    }
}
