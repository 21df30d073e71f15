package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.wire.answer.ErrorText;
import dev.thanosgateway.wire.answer.Protocol;
import tools.jackson.databind.JsonNode;

/** What an upstream of this language may answer instead of an answer, each in one sentence. */
final class NoAnswer {
    private NoAnswer() {}

    static GatewayException noCandidates() {
        return Protocol.failure(
                "The upstream's answer has no candidates. Check that the provider's endpoint is a Gemini API.");
    }

    /** An answer of nothing but its end; another try often works. */
    static GatewayException nothing(JsonNode candidate) {
        String word = candidate.path(FinishReasons.WORD).asString("");
        String said = ErrorText.clean(candidate.path(FinishReasons.MESSAGE).asString(""));
        String why = word.equals("STOP") ? "" : " (" + word + (said.isEmpty() ? "" : ": " + said) + ")";
        return new GatewayException(
                        ErrorKind.UPSTREAM_UNAVAILABLE,
                        "The upstream's model ended its answer without saying anything" + why + ".")
                .withUpstreamStatus(200);
    }

    /** A prompt that was refused before anything was answered. */
    static GatewayException blocked(String reason) {
        return new GatewayException(
                ErrorKind.CONTENT_FILTERED,
                "The prompt was blocked by the upstream's filter (" + reason + "). Change the prompt.");
    }
}
