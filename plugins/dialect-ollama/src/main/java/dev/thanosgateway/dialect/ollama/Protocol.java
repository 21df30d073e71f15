package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.wire.json.JsonException;

/** What an upstream must not answer, each in one sentence. */
final class Protocol {
    private Protocol() {}

    static GatewayException bad(JsonException cause) {
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

    static GatewayException events() {
        return failure("The upstream answered server-sent events instead of lines of JSON. Check the provider's type.");
    }

    static GatewayException failure(String message) {
        return new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, message);
    }
}
