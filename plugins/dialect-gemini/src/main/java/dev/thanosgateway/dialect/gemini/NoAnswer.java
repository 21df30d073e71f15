package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.wire.answer.Protocol;

/** What an upstream of this language may answer instead of an answer, each in one sentence. */
final class NoAnswer {
    private NoAnswer() {}

    static GatewayException noCandidates() {
        return Protocol.failure(
                "The upstream's answer has no candidates. Check that the provider's endpoint is a Gemini API.");
    }

    /** A prompt that was refused before anything was answered. */
    static GatewayException blocked(String reason) {
        return new GatewayException(
                ErrorKind.CONTENT_FILTERED,
                "The prompt was blocked by the upstream's filter (" + reason + "). Change the prompt.");
    }
}
