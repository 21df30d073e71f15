package dev.thanosgateway.wire.answer;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.wire.json.JsonException;

/** What an upstream must not answer, each in one sentence. */
public final class Protocol {
    private Protocol() {}

    public static GatewayException bad(JsonException cause) {
        return failure("The upstream's answer is not the JSON of this API: " + cause.clause() + ".");
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

    public static GatewayException failure(String message) {
        return new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, message);
    }
}
