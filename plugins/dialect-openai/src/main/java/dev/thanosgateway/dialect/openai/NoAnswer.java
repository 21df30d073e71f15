package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.wire.answer.Protocol;

/** What an upstream of this language must not answer, each in one sentence. */
final class NoAnswer {
    private NoAnswer() {}

    static GatewayException badPayload(JsonException cause) {
        return Protocol.failure("The upstream sent a stream event that is no JSON chunk: " + cause.clause() + ".");
    }

    static GatewayException badAnswer(JsonException cause) {
        return Protocol.bad(cause.clause());
    }

    static GatewayException notStreamed() {
        return Protocol.failure("The upstream answered in one piece where a stream was asked for.");
    }

    static GatewayException noOutput() {
        return Protocol.failure("The upstream's answer is no response with an output. If the provider's endpoint has no"
                + " /v1/responses, set responses = false in its table, and no responses_only.");
    }

    static GatewayException withoutReason() {
        return new GatewayException(ErrorKind.UPSTREAM_UNAVAILABLE, "The upstream failed, and gave no reason.")
                .withUpstreamStatus(200);
    }

    static GatewayException namelessCall() {
        return Protocol.failure("The upstream sent a tool call without the tool's name.");
    }

    static GatewayException noChoices() {
        return Protocol.failure(
                "The upstream's answer has no choices. Check that the provider's endpoint is a chat API.");
    }
}
