package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.dialect.openai.wire.JsonException;

/** What an upstream must not answer, each in one sentence. */
final class Protocol {
    private Protocol() {}

    static GatewayException badPayload(JsonException cause) {
        return failure("The upstream sent a stream event that is no JSON chunk: " + cause.clause() + ".");
    }

    static GatewayException badAnswer(JsonException cause) {
        return failure("The upstream's answer is not the JSON of this API: " + cause.clause() + ".");
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

    static GatewayException streamed() {
        return failure("The upstream answered a stream where a whole answer was asked for.");
    }

    static GatewayException noChoices() {
        return failure("The upstream's answer has no choices. Check that the provider's endpoint is a chat API.");
    }

    static GatewayException tooLong() {
        return failure("The upstream's answer is longer than 64 MiB.");
    }

    static GatewayException failure(String message) {
        return new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, message);
    }
}
