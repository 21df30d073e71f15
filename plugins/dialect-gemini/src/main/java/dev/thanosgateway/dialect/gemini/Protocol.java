package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;

/** What an upstream must not answer, each in one sentence. */
final class Protocol {
    private Protocol() {}

    static GatewayException bad(String reason) {
        return failure("The upstream's answer is not the JSON of this API: " + reason + ".");
    }

    static GatewayException cut() {
        return failure("The upstream's answer ended before it was finished.");
    }

    static GatewayException empty() {
        return failure("The upstream answered nothing. Check the provider's endpoint.");
    }

    static GatewayException html() {
        return failure("The upstream answered HTML instead of JSON. Check the provider's endpoint.");
    }

    static GatewayException noCandidates() {
        return failure("The upstream's answer has no candidates. Check that the provider's endpoint is a Gemini API.");
    }

    static GatewayException tooLong() {
        return failure("The upstream's answer is longer than 64 MiB.");
    }

    static GatewayException failure(String message) {
        return new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, message);
    }

    /** A prompt that was refused before anything was answered. */
    static GatewayException blocked(String reason) {
        return new GatewayException(
                ErrorKind.CONTENT_FILTERED,
                "The prompt was blocked by the upstream's filter (" + reason + "). Change the prompt.");
    }
}
