package dev.thanosgateway.wire.answer;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;

/** What an upstream must not answer, each in one sentence. */
public final class Protocol {
    private Protocol() {}

    /** @param clause what is wrong with it, the rest of a sentence */
    public static GatewayException bad(String clause) {
        return failure("The upstream's answer is not the JSON of this API: " + clause + ".");
    }

    public static GatewayException cut() {
        return failure("The upstream's answer ended before it was finished.");
    }

    public static GatewayException empty() {
        return failure("The upstream answered nothing. Check the provider's endpoint.");
    }

    public static GatewayException html() {
        return failure("The upstream answered HTML instead of JSON. Check the provider's endpoint.");
    }

    public static GatewayException streamed() {
        return failure("The upstream answered a stream where a whole answer was asked for.");
    }

    /** What is no vector of numbers. */
    public static GatewayException noVectors() {
        return failure("The upstream's answer has no vectors. Check that this model makes embeddings.");
    }

    /** Vectors that cannot be told apart by the inputs they are for. */
    public static GatewayException vectors(int vectors, int inputs) {
        return failure("The upstream gave " + vectors + " vectors for " + inputs + " inputs.");
    }

    /** What is no count of tokens. */
    public static GatewayException noCount() {
        return failure("The upstream's answer has no count of tokens. Check the provider's endpoint.");
    }

    public static GatewayException failure(String message) {
        return new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, message);
    }
}
